;;% param p, lanes, techniques
;;% from "words.wat" import num, add, sub, set, inc, while_below, until_zero, is with context
;;% from "floats.wat" import plus, load, store with context
;;% from "linear/activation.wat" import biased, added, activate, activation_locals with context
;;% set fused = "fused" in techniques
{#- What is $j bytes on from an address, of so many lanes. -#}
{% macro some(at, whole) %}{{ load(add(at, "$j")) if whole or lanes == 1 else "(v128.load32_zero %s)" % add(at, "$j") }}{% endmacro %}
{% macro ended(whole) %}
(local.set $z {{ some("$c", whole) }})
{% if biased %}
          (local.set $z {{ plus("$z", some("$bias", whole)) }})
{% endif %}
          {{ activate() }}
{% if added and fused %}
          (local.set $z {{ plus("$z", some("$residual", whole)) }})
{% endif %}
{% if whole or lanes == 1 %}
          {{ store(add("$c", "$j"), "$z") }}
{%- else %}
          (v128.store32_lane 0 {{ add("$c", "$j") }} (local.get $z))
{%- endif %}
{% endmacro %}
  ;; What a layer does to $rows x $columns of its products, where these are; rows lie $stride bytes apart.
  (func $end
    (param $c {{ p }}) (param $stride {{ p }}) (param $rows {{ p }}) (param $columns {{ p }})
    {%- if biased %} (param $bias {{ p }}){% endif %}{% if added and fused %} (param $residual {{ p }}){% endif +%}
    (local $j {{ p }}) (local $past {{ p }}) {{ activation_locals() }}
    (loop $next_row
      {{ set("$j", 0) }}
;;% if lanes == 4
      {{ set("$past", "(%s.shl (%s.shr_u (local.get $columns) %s) %s)" % (p, p, num(2), num(4))) }}
      (if {{ is("ne", "$past", 0) }} (then (loop $step
          {{ ended(true) | trim }}
          {{ while_below("$step", "$j", 16, "$past") }})))
;;% endif
      {{ set("$past", "(%s.shl (local.get $columns) %s)" % (p, num(2))) }}
      (if {{ is("lt_u", "$j", "$past") }} (then (loop $one
          {{ ended(false) | trim }}
          {{ while_below("$one", "$j", 4, "$past") }})))
      {{ inc("$c", "$stride") }}
;;% if added and fused
      {{ inc("$residual", "$stride") }}
;;% endif
      {{ until_zero("$next_row", "$rows") }}))
