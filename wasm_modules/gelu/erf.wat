{#- gelu by erf, of floats, one at a time or four; import it `with context`. erf by Abramowitz and Stegun 7.1.26, off by
   1.5e-7 at most. It takes the locals of exp.wat besides its own. -#}
;;% param lanes
{% from "floats.wat" import type, vector, number, plus, minus, times, madd with context %}
{% from "exp.wat" import exp with context %}
{% macro gelu_locals() %}(local $size {{ vector }}) (local $t {{ vector }}) (local $s {{ vector }}){% endmacro %}
{#- $to = gelu of the local $w, which stays. -#}
{% macro gelu(to, w) %}
(local.set $size {{ times("(%s.abs (local.get %s))" % (type, w), number(0.70710678)) }})
          (local.set $t ({{ type }}.div {{ number(1) }} {{ madd(number(0.3275911), "$size", number(1)) }}))
          {{ exp("$s", "(%s.neg %s)" % (type, times("$size", "$size"))) }}
          (local.set $r {{ madd(number(1.061405429), "$t", number(-1.453152027)) }})
{% for c in (1.421413741, -0.284496736, 0.254829592) %}
          (local.set $r {{ madd("$r", "$t", number(c)) }})
{% endfor %}
          (local.set $s {{ minus(number(1), times(times("$r", "$t"), "$s")) }})
{% if lanes == 4 %}
          (local.set $s (v128.or (local.get $s) (v128.and (local.get {{ w }}) (v128.const i32x4 0x80000000 0x80000000 0x80000000 0x80000000))))
{% else %}
          (local.set $s (f32.copysign (local.get $s) (local.get {{ w }})))
{% endif %}
          (local.set {{ to }} {{ times(times(w, number(0.5)), plus("$s", number(1))) }})
{% endmacro %}
