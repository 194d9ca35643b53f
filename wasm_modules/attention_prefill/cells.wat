{#- Elements of keys and values as they are stored, widened to floats; imported `with context`. Halves come out 2^112
   times too small: queries and weights make up for it. -#}
;;% param lanes, storage
{% from "floats.wat" import get, load with context %}
;;% set cell = {"f32": 4, "f16": 2, "i8": 1}[storage]
;;% set scaled = storage == "i8"
{#- As many as there are lanes, from an address on. -#}
{% macro fetch(at, offset=0) %}
{% if storage == "f32" %}{{ load(at, offset) }}
{%- elif storage == "f16" %}
(v128.and (i32x4.shl (v128.load16x4_s offset={{ offset }} {{ get(at) }}) (i32.const 13))
            (v128.const i32x4 0x8fffe000 0x8fffe000 0x8fffe000 0x8fffe000))
{%- else %}
(f32x4.convert_i32x4_s (i32x4.extend_low_i16x8_s (i16x8.extend_low_i8x16_s
            (v128.load32_zero offset={{ offset }} {{ get(at) }}))))
{%- endif %}
{% endmacro %}
{#- Lane `i` of a local in all lanes. -#}
{% macro lane(local, i) %}
{% if lanes == 4 %}(i8x16.shuffle {% for n in range(16) %}{{ 4 * i + n % 4 }} {% endfor %}{{ get(local) }} {{ get(local) }})
{%- else %}{{ get(local) }}{% endif %}
{% endmacro %}
{#- $sum += a b, the two of which are numbers of a row and a column of a tile: x86 destroys the first factor of a fused
   product, so that is the one that is needed no more, where there is one. -#}
{% macro product(a, b, sum, b_dies) %}
{% from "floats.wat" import madd with context %}
(local.set {{ sum }} {{ madd(b if b_dies else a, a if b_dies else b, sum) }})
{%- endmacro %}
