;;% param name
;;% param ending, shared
;;% from "words.wat" import memory, mul, div with context
;;% from "share.wat" import barrier with context
;;% from "glue/turns.wat" import more, runs with context
;; {{ name }}: what a layer does to its products.
(module
  {{ memory() }}
{{ barrier() if shared }}
{% include "linear/end.wat" %}

  (func (export "run") (param $repeats i32) (param $products i32){% if ending % 2 == 1 %} (param $bias i32){% endif %}
    {%- if ending % 10 > 1 %} (param $residual i32){% endif %} (param $result i32) (param $words i32) (param $columns i32){{ more() }}
;;% call runs()
(memory.copy (local.get $result) (local.get $products) {{ mul("$words", 16) }})
      (call $end (local.get $result) {{ mul("$columns", 16) }} {{ div("$words", "$columns") }} {{ mul("$columns", 4) }}
        {%- if ending % 2 == 1 %} (local.get $bias){% endif %}{% if ending % 10 > 1 %} (local.get $residual){% endif %})
;;% endcall
  ))
