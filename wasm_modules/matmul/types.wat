{#- What a kind of arithmetic does with one vector; imported `with context`. A cell is what one depth step takes
   of one row or column: a float, a byte, two 16-bit or four 8-bit integers (`group` of them). -#}
;;% param mr, nr, unroll
;;% param p, techniques, arithmetic, vector, lanes, cell
;;% from "words.wat" import add, mul with context
;;% set channels = "channels" in techniques
{#- What integers are scaled by: one number, or the places of those of rows and of columns, from $i and $j on. -#}
{% macro scale_params() %}{% if channels %}(param $row_scales {{ p }}) (param $column_scales {{ p }}){% else %}(param $scale f32){% endif %}{% endmacro %}
{% macro scales_at(i, j) %}{% if channels %} {{ add("$row_scales", mul(i, 4)) }} {{ add("$column_scales", mul(j, 4)) }}{% else %} (local.get $scale){% endif %}{% endmacro %}
{% macro load(offset, at) %}({{ "v128" if lanes > 1 else vector }}.load offset={{ offset }} (local.get {{ at }})){% endmacro %}
{% macro store(offset, at, value) %}({{ "v128" if lanes > 1 else vector }}.store offset={{ offset }} (local.get {{ at }}) (local.get {{ value }})){% endmacro %}
{% macro fetch(offset, at) %}{% if cell == 1 %}(i32.load8_s offset={{ offset }} (local.get {{ at }})){% else %}{{ load(offset, at) }}{% endif %}{% endmacro %}
{#- $x = cell i of a turn's in every lane; as many by one load as it holds, and a shuffle each (which x86 does
   faster than splats from memory). Each splat just before its products, so that few registers are in use at a time. -#}
{% macro splat(i) %}
;;% set held = 16 // cell
;;% set lane = (i if unroll * mr % held == 0 else i % mr) % held
;;% if lanes > 1
;;%   if lane == 0
      (local.set $q (v128.load offset={{ i * cell }} (local.get $a)))
;;%   endif
      (local.set $x (i8x16.shuffle {% for n in range(16) %}{{ lane * cell + n % cell }} {% endfor %}(local.get $q) (local.get $q)))
;;% else
      (local.set $x {{ fetch(i * cell, "$a") }})
;;% endif
{% endmacro %}
{#- Two lanes of a, then two of b, as x86 and Arm shuffle at once. -#}
{% macro shuffled(a, b, lanes) %}(i8x16.shuffle {% for n in range(16) %}{{ 4 * lanes[n // 4] + n // 8 * 16 + n % 4 }} {% endfor %}{{ a }} {{ b }}){% endmacro %}
{#- Cells n and n + 1 of a panel of rows, each twice, from a vector of each row. -#}
{% macro pair(n) %}{{ shuffled("(local.get $v%d)" % (n % mr), "(local.get $v%d)" % ((n + 1) % mr), [n // mr, n // mr, (n + 1) // mr, (n + 1) // mr]) }}{% endmacro %}
{#- The product of row i and column vector j, added to its sum. x86 destroys the first operand of a fused
   multiply-add, so that is the one that is needed no more, where there is one. -#}
{% macro madd(i, j) %}
{% set a, b, s = "(local.get $x)", "(local.get $b%d)" % j, "(local.get $s%d_%d)" % (i, j) %}
{% if arithmetic == "relaxed" %}
{% set dying = i == mr - 1 and j < nr // lanes - 1 %}
(f32x4.relaxed_madd {{ b if dying else a }} {{ a if dying else b }} {{ s }})
{%- elif arithmetic == "fp16" %}
(f16x8.madd {{ a }} {{ b }} {{ s }})
{%- elif arithmetic == "dot" %}
(i32x4.add {{ s }} (i32x4.dot_i16x8_s {{ a }} {{ b }}))
{%- elif arithmetic == "relaxed-dot" %}
(i32x4.relaxed_dot_i8x16_i7x16_add_s {{ b }} {{ a }} {{ s }})
{%- else %}
{% set type = "f32x4" if lanes == 4 else vector %}
({{ type }}.add {{ s }} ({{ type }}.mul {{ a }} {{ b }}))
{%- endif %}
{% endmacro %}
{#- An integer sum as the answer's float: $zero is what the zero point of A adds to each column. -#}
{% macro finish(sum, i, j) %}
{% if lanes == 4 %}
(f32x4.mul {% if channels %}(f32x4.mul (v128.load32_splat offset={{ 4 * i }} (local.get $row_scales)) (v128.load offset={{ 16 * j }} (local.get $column_scales)))
      {%- else %}(f32x4.splat (local.get $scale)){% endif %} (f32x4.convert_i32x4_s
        (i32x4.add (local.get {{ sum }}) (v128.load offset={{ 16 * j }} (local.get $zero)))))
{%- else %}
(i32.reinterpret_f32 (f32.mul (local.get $scale) (f32.convert_i32_s
        (i32.add (local.get {{ sum }}) (i32.load offset={{ 4 * j }} (local.get $zero))))))
{%- endif %}
{% endmacro %}
{#- Store a sum of eight halves as floats, added to what is there unless this is the first block of the depth. -#}
{% macro store_halves(j, at, sum) %}
{% set high = "(i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get %s) (local.get %s))" % (sum, sum) %}
;;% for value in ("(local.get %s)" % sum, high)
    (v128.store offset={{ 32 * j + 16 * loop.index0 }} (local.get {{ at }}) (f32x4.add (f32x4.promote_low_f16x8 {{ value }})
      (v128.and (local.get $q) (v128.load offset={{ 32 * j + 16 * loop.index0 }} (local.get {{ at }})))))
;;% endfor
{%- endmacro %}
