{#- A walk over every element of operands that lie alike, for operators that treat each alike; import it `with context`.
   $a moves over the first operand, $b over the second if there is one, $c over the answer. -#}
;;% param unroll
;;% param p, shared
{% from "words.wat" import add, mul, set, inc, while_below, until_zero, is with context %}
{% from "share.wat" import part with context %}
{% from "floats.wat" import width with context %}
{% macro parameters(operands) %}
    (param $repeats {{ p }}){% for one in operands %} (param ${{ one }} {{ p }}){% endfor %} (param $result {{ p }}) (param $turns {{ p }})
    {%- if shared %} (param $thread {{ p }}) (param $threads {{ p }}){% endif +%}
    (local $a {{ p }}) (local $b {{ p }}) (local $c {{ p }}) (local $end {{ p }}) (local $from {{ p }}) (local $to {{ p }})
{%- endmacro %}
{#- The block is told the offset of each of `unroll` registers; 16 bytes of a turn for each. -#}
{% macro over(operands) %}
    {{ part("$from", "$to", "$turns") if shared else set("$to", "$turns") }}
    {{ set("$from", mul("$from", 16 * unroll)) }}
    {{ set("$to", mul("$to", 16 * unroll)) }}
    (loop $again
{% for one in operands %}
      {{ set("$" ~ "ab"[loop.index0], add("$" ~ one, "$from")) }}
{% endfor %}
      {{ set("$c", add("$result", "$from")) }}
      {{ set("$end", add("$" ~ operands[0], "$to")) }}
      (if {{ is("lt_u", "$a", "$end") }} (then (loop $step
{% for i in range(unroll) %}
          {{ caller(i * width) | trim }}
{% endfor %}
{% if operands | length > 1 %}
          {{ inc("$b", unroll * width) }}
{% endif %}
          {{ inc("$c", unroll * width) }}
          {{ while_below("$step", "$a", unroll * width, "$end") }})))
{% if shared %}
      (call $meet {{ "(local.get $threads)" if p == "i32" else "(i32.wrap_i64 (local.get $threads))" }})
{% endif %}
      {{ until_zero("$again", "$repeats") }})
{%- endmacro %}
