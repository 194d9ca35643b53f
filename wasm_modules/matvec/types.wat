{#- One step of a row: sixteen bytes of weights by what of the vector they meet; imported `with context`. -#}
;;% param storage, compute, techniques
;;% param lanes, width, halves, arithmetic
{#- Bytes of the vector that a step meets, as names of locals. -#}
{% macro load_x(s) %}
;;% for h in range(halves)
          (local.set $x{{ s }}_{{ h }} ({{ "f32" if lanes == 1 else "v128" }}.load offset={{ (s * halves + h) * width }} (local.get $x)))
;;% endfor
{% endmacro %}
{% macro madd(weights, x, sum) %}
{% if "relaxed" in techniques %}
(f32x4.relaxed_madd {{ weights }} {{ x }} {{ sum }})
{%- else %}
(f32x4.add {{ sum }} (f32x4.mul {{ weights }} {{ x }}))
{%- endif %}
{% endmacro %}
{#- $sum += the weights at `offset` by the vector's step s. A register holds pairs of 16-bit values: the odd ones in
   its upper halves, the even ones in its lower; the vector is laid out to match. A half's sign, exponent and
   mantissa, moved to their places in a float, are that half by 2^-112; the vector is scaled to match. -#}
{% macro step(sum, offset, s) %}
{% set w, x0, x1 = "(v128.load offset=%d (local.get $a))" % offset, "(local.get $x%d_0)" % s, "(local.get $x%d_1)" % s %}
{% set mask = "(v128.const i32x4 0x8fffe000 0x8fffe000 0x8fffe000 0x8fffe000)" %}
{% set get = "(local.get %s)" % sum %}
{% if compute == "f32" and storage == "f32" and lanes == 1 %}
          (local.set {{ sum }} (f32.add {{ get }} (f32.mul (f32.load offset={{ offset }} (local.get $a)) {{ x0 }})))
{%- elif storage == "f32" %}
          (local.set {{ sum }} {{ madd(w, x0, get) }})
{%- elif storage == "bf16" %}
          (local.set $w {{ w }})
          (local.set {{ sum }} {{ madd("(i32x4.shl (local.get $w) (i32.const 16))", x0, get) }})
          (local.set {{ sum }} {{ madd("(v128.and (local.get $w) (v128.const i32x4 0xffff0000 0xffff0000 0xffff0000 0xffff0000))", x1, get) }})
{%- elif storage == "f16" and compute == "f32" %}
          (local.set $w {{ w }})
          (local.set {{ sum }} {{ madd("(v128.and (i32x4.shr_s (i32x4.shl (local.get $w) (i32.const 16)) (i32.const 3)) %s)" % mask, x0, get) }})
          (local.set {{ sum }} {{ madd("(v128.and (i32x4.shr_s (local.get $w) (i32.const 3)) %s)" % mask, x1, get) }})
{%- elif storage == "f16" %}
          (local.set {{ sum }} (f16x8.madd {{ w }} {{ x0 }} {{ get }}))
{%- elif arithmetic == "extmul" %}
          (local.set $w {{ w }})
          (local.set {{ sum }} (i32x4.add {{ get }} (i32x4.extadd_pairwise_i16x8_s (i16x8.add
            (i16x8.extmul_low_i8x16_s (local.get $w) {{ x0 }}) (i16x8.extmul_high_i8x16_s (local.get $w) {{ x0 }})))))
{%- elif arithmetic == "dot" %}
          (local.set $w {{ w }})
          (local.set {{ sum }} (i32x4.add {{ get }} (i32x4.add
            (i32x4.dot_i16x8_s (i16x8.extend_low_i8x16_s (local.get $w)) {{ x0 }})
            (i32x4.dot_i16x8_s (i16x8.extend_high_i8x16_s (local.get $w)) {{ x1 }}))))
{%- else %}
          (local.set {{ sum }} (i32x4.relaxed_dot_i8x16_i7x16_add_s {{ w }} {{ x0 }} {{ get }}))
{%- endif %}
{% endmacro %}
{#- What the integers of a row are multiplied by. -#}
{% macro scale_of(row) %}
{% if "channels" in techniques %}(f32.mul (local.get $scale) (f32.load offset={{ 4 * row }} (local.get $q))){% else %}(local.get $scale){% endif %}
{%- endmacro %}
{#- All lanes of a sum, as one float. -#}
{% macro total(sum, row) %}
{% set get = "(local.get %s)" % sum %}
{% if lanes == 1 %}{{ get }}
{%- elif storage == "i8" %}
(f32.mul {{ scale_of(row) }} (f32.convert_i32_s (i32.add (i32.load offset={{ 4 * row }} (local.get $z)) (i32.add
          (i32.add (i32x4.extract_lane 0 {{ get }}) (i32x4.extract_lane 1 {{ get }}))
          (i32.add (i32x4.extract_lane 2 {{ get }}) (i32x4.extract_lane 3 {{ get }}))))))
{%- else %}
{% set lane, many = ("f16x8", 8) if compute == "f16" else ("f32x4", 4) %}
{% for i in range(many - 1) %}(f32.add ({{ lane }}.extract_lane {{ i }} {{ get }}) {% endfor %}({{ lane }}.extract_lane {{ many - 1 }} {{ get }}){{ ")" * (many - 1) }}
{%- endif %}
{% endmacro %}
{% macro plus(a, b) %}
({{ "f32" if lanes == 1 else "i32x4" if storage == "i8" else "f16x8" if compute == "f16" else "f32x4" }}.add (local.get {{ a }}) (local.get {{ b }}))
{%- endmacro %}
