{#- What a format says of its blocks; imported `with context`. A unit is what a row is walked by: a block, or eight. -#}
;;% param format
;;% set apart = format in ("q4f16_1", "nbits")
;;% set unit_bytes = {"q4_0": 18, "q4_k": 144, "q7_0": 34}.get(format, 16)
;;% set blocks = range(8 if format == "q4_k" else 1)
{#- Where the two sixteens of codes of block b lie in a unit, and whether in the upper halves of their bytes. -#}
{% macro codes(b, i) %}{{ 16 + b // 2 * 32 + 16 * i if format == "q4_k" else 2 if format == "q4_0" else 2 + 16 * i if format == "q7_0" else 0 }}{% endmacro %}
{% macro upper(b, i) %}{{ "yes" if (b % 2 if format == "q4_k" else i) }}{% endmacro %}
{#- The sixteen codes i of block b of the unit at an address, one a lane. -#}
{% macro nibbles(at, b, i) %}
{% set both = "(v128.load offset=%s %s)" % (codes(b, i), at) %}
{% if format == "q7_0" %}
{{ both }}
{%- elif upper(b, i) %}
(i8x16.shr_u {{ both }} (i32.const 4))
{%- else %}
(v128.and {{ both }} (v128.const i8x16 15 15 15 15 15 15 15 15 15 15 15 15 15 15 15 15))
{%- endif %}
{% endmacro %}
{#- The half at an address, in all lanes: its bits moved to where a float has them, by 2^112. -#}
{% macro half(at, offset) %}
(f32x4.mul (v128.const f32x4 0x1p112 0x1p112 0x1p112 0x1p112) (v128.and
            (i32x4.shr_s (i32x4.shl (v128.load16_splat offset={{ offset }} {{ at }}) (i32.const 16)) (i32.const 3))
            (v128.const i32x4 0x8fffe000 0x8fffe000 0x8fffe000 0x8fffe000)))
{%- endmacro %}
{#- Six bits of block b of Q4_K, its scale (word 0) or minimum (word 1), in all lanes. -#}
{% macro six(row, b, word) %}
(f32x4.splat (f32.convert_i32_u
;;% if b < 4
            (i32.and (i32.load8_u offset={{ 4 + 4 * word + b }} {{ row }}) (i32.const 63))
;;% else
            (i32.or
              (i32.and (i32.shr_u (i32.load8_u offset={{ 8 + b }} {{ row }}) (i32.const {{ 4 * word }})) (i32.const 15))
              (i32.shl (i32.shr_u (i32.load8_u offset={{ 4 * word + b }} {{ row }}) (i32.const 6)) (i32.const 4)))
;;% endif
          ))
{%- endmacro %}
{#- Sets $scale and $offset to those of block b of a row, whose codes and scales begin at these addresses. -#}
{% macro scales(row, apart_at, b) %}
;;% if format == "q4_k"
          (local.set $scale (f32x4.mul {{ half(row, 0) }} {{ six(row, b, 0) }}))
          (local.set $offset (f32x4.neg (f32x4.mul {{ half(row, 2) }} {{ six(row, b, 1) }})))
;;% else
          (local.set $scale {{ half(apart_at if apart else row, 0) }})
;;%   set zero = {"q4f16_1": -7, "q7_0": -64}.get(format, -8)
          (local.set $offset (f32x4.mul (local.get $scale) (v128.const f32x4 {{ zero }} {{ zero }} {{ zero }} {{ zero }})))
;;% endif
{%- endmacro %}
