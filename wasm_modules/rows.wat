{#- Walking rows, for operators that treat each row alike; import it `with context`. $x and $y are where a row and its
   answer begin; a walk moves $a over the row, and $b and $c over what belongs to it, `sums` registers in a turn. -#}
;;% param sums
;;% param p, shared
{% from "words.wat" import num, add, sub, mul, set, inc, while_below, until_zero, is with context %}
{% from "share.wat" import part with context %}
{% from "floats.wat" import width with context %}
{% macro parameters(operands) %}
    (param $repeats {{ p }}){% for one in operands %} (param ${{ one }} {{ p }}){% endfor %} (param $result {{ p }})
    (param $rows {{ p }}) (param $row_bytes {{ p }})
{%- endmacro %}
{% macro locals() %}
{% if shared %}(param $thread {{ p }}) (param $threads {{ p }}) {% endif %}(local $x {{ p }}) (local $y {{ p }}) (local $a {{ p }}) (local $b {{ p }}) (local $c {{ p }}) (local $end {{ p }}) (local $from {{ p }}) (local $to {{ p }})
{%- endmacro %}
{#- Every row of this thread, again and again. -#}
{% macro rows_of(operand) %}
    {{ part("$from", "$to", "$rows") if shared else set("$to", "$rows") }}
    {{ inc(operand, mul("$from", "$row_bytes")) }}
    {{ inc("$result", mul("$from", "$row_bytes")) }}
    {{ set("$to", add("$result", mul(sub("$to", "$from"), "$row_bytes"))) }}
    (loop $again
      {{ set("$x", operand) }}
      {{ set("$y", "$result") }}
      (if {{ is("lt_u", "$y", "$to") }} (then (loop $row
        {{ caller() | trim }}
        {{ inc("$x", "$row_bytes") }}
        {{ while_below("$row", "$y", "$row_bytes", "$to") }})))
{% if shared %}
      (call $meet {{ "(local.get $threads)" if p == "i32" else "(i32.wrap_i64 (local.get $threads))" }})
{% endif %}
      {{ until_zero("$again", "$repeats") }})
{%- endmacro %}
{#- A walk over so many bytes from there on, and over what moves `beside` it; the block is told each register's number and
   offset. -#}
{% macro walk(label, from, beside=(), bytes="$row_bytes") %}
{{ set("$a", from) }}
        {{ set("$end", add(from, bytes)) }}
        (loop {{ label }}
{% for i in range(sums) %}
          {{ caller(i, i * width) | trim }}
{% endfor %}
{% for one in beside %}
          {{ inc(one, sums * width) }}
{% endfor %}
          {{ while_below(label, "$a", sums * width, "$end") }})
{%- endmacro %}
{#- The first of `sums` numbered locals = all of them, by an operation. -#}
{% macro gather(name, operation) %}
{% for i in range(1, sums) %}
        (local.set {{ name }}0 {{ operation(name ~ "0", name ~ i) }})
{% endfor %}
{% endmacro %}
