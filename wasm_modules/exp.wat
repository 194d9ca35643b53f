{#- exp of floats, one at a time or four; import it `with context`. exp(x) = 2^n exp(r), r = x - n ln 2 within half of
   ln 2, where a polynomial is right to the last place (Cephes' expf). Below -87 it is no less than at -87. -#}
;;% param lanes, techniques
{% from "floats.wat" import type, vector, get, number, plus, times, greater, madd with context %}
{% macro exp_locals() %}(local $e {{ vector }}) (local $n {{ vector }}) (local $r {{ vector }}){% endmacro %}
{#- $to = exp of an expression. -#}
{% macro exp(to, value) %}
(local.set $e {{ greater(value, number(-87)) }})
          (local.set $n ({{ type }}.nearest {{ times("$e", number(1.44269504)) }}))
          (local.set $e {{ madd("$n", number(-0.693359375), "$e") }})
          (local.set $e {{ madd("$n", number(2.12194440e-4), "$e") }})
          (local.set $r {{ madd(number(1.9875691500e-4), "$e", number(1.3981999507e-3)) }})
{% for c in ("8.3334519073e-3", "4.1665795894e-2", "1.6666665459e-1", "5.0000001201e-1") %}
          (local.set $r {{ madd("$r", "$e", number(c)) }})
{% endfor %}
          (local.set $r {{ madd(times("$r", "$e"), "$e", plus("$e", number(1))) }})
{% set whole = "(i32x4.%s_f32x4_s (local.get $n))" % ("relaxed_trunc" if "relaxed" in techniques else "trunc_sat") if lanes == 4 else "(i32.trunc_sat_f32_s (local.get $n))" %}
{% if lanes == 4 %}
          (local.set {{ to }} {{ times("$r", "(i32x4.shl (i32x4.add %s (v128.const i32x4 127 127 127 127)) (i32.const 23))" % whole) }})
{%- else %}
          (local.set {{ to }} {{ times("$r", "(f32.reinterpret_i32 (i32.shl (i32.add %s (i32.const 127)) (i32.const 23)))" % whole) }})
{%- endif %}
{% endmacro %}
