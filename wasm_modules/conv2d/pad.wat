{#- An image with a border of zeros, which windows see outside of it; imported `with context`. -#}
;;% param p, shared
;;% from "words.wat" import num, add, sub, mul, set, inc, is, while_below with context
;;% from "share.wat" import part with context
{#- $from and $to = the rows, of so many, that are this thread's. -#}
{% macro own(count) %}
{% if shared %}{{ part("$from", "$to", count) }}
{%- else %}{{ set("$from", 0) }}
      {{ set("$to", count) }}{% endif %}
{% endmacro %}
{% macro met() %}{% if shared %}(call $meet (local.get $threads)){% endif %}{% endmacro %}
{#- Gives all `rows` of the image, of which `inner` bytes each, their border; then `own`. -#}
{% macro padded(rows, inner, count) %}
{{ own(rows) }}
      (call $pad (local.get $image) (local.get $padded) (local.get $from) (local.get $to)
        (local.get $height) {{ num(inner) }} (local.get $row_bytes) (local.get $pixel))
      {{ met() }}
      {{ own(count) }}
{%- endmacro %}
{% macro pad() %}
  ;; Rows $from to $to of the image with its border: $row_bytes each, $inner of them from the image, after one $pixel.
  (func $pad (param $image {{ p }}) (param $padded {{ p }}) (param $from {{ p }}) (param $to {{ p }})
    (param $height {{ p }}) (param $inner {{ p }}) (param $row_bytes {{ p }}) (param $pixel {{ p }})
    (local $at {{ p }})
    (if {{ is("lt_u", "$from", "$to") }} (then (loop $next
      {{ set("$at", add("$padded", mul("$from", "$row_bytes"))) }}
      (memory.fill (local.get $at) (i32.const 0) (local.get $row_bytes))
      (if (i32.and {{ is("ge_u", "$from", 1) }} {{ is("le_u", "$from", "$height") }}) (then
        (memory.copy {{ add("$at", "$pixel") }} {{ add("$image", mul(sub("$from", 1), "$inner")) }} (local.get $inner))))
      {{ while_below("$next", "$from", 1, "$to") }}))))
{% endmacro %}
