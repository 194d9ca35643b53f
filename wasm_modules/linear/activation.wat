{#- What a layer does to a vector of its products; import it `with context`. -#}
;;% param ending, lanes
{% from "floats.wat" import type, vector, number, plus, minus, times, greater, madd with context %}
{% from "exp.wat" import exp, exp_locals with context %}
{% from "gelu/erf.wat" import gelu, gelu_locals with context %}
;;% set activation = ["none", "relu", "silu", "gelu", "gelu-erf"][ending // 10 - 1]
;;% set biased, added = ending % 2 == 1, ending % 10 > 1
{% macro activation_locals() %}(local $z {{ vector }}) (local $m {{ vector }}) {{ exp_locals() }} {{ gelu_locals() }}{% endmacro %}
{#- The local $z by its activation. exp of more than 80 may be beyond f32, and a sigmoid so small is nothing. -#}
{% macro activate() %}
{% if activation == "relu" %}
(local.set $z {{ greater(number(0), "$z") if lanes == 1 else "(f32x4.pmax (local.get $z) %s)" % number(0) }})
{% elif activation == "gelu-erf" %}
{{ gelu("$z", "$z") }}
{% elif activation != "none" %}
{% if activation == "silu" %}
(local.set $m ({{ type }}.neg (local.get $z)))
{% else %}
(local.set $m {{ times("$z", number(-1.5957691216)) }})
          (local.set $m {{ madd(times(times("$z", number(0.044715)), "$z"), "$m", "$m") }})
{% endif %}
          (local.set $m ({{ type }}.{{ "pmin" if lanes == 4 else "min" }} (local.get $m) {{ number(80) }}))
          {{ exp("$m", "(local.get $m)") }}
          (local.set $z ({{ type }}.div (local.get $z) {{ plus("$m", number(1)) }}))
{% endif %}
{% endmacro %}
