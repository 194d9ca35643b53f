{#- Floats, one at a time or four (`lanes`); import it `with context`. Operands are expressions, or locals such as "$x". -#}
;;% param lanes, techniques
;;% set type = "f32x4" if lanes == 4 else "f32"
;;% set vector = "v128" if lanes == 4 else "f32"
;;% set width = 4 * lanes
{% macro get(v) %}{{ "(local.get " ~ v ~ ")" if v.startswith("$") else v }}{% endmacro %}
{% macro number(value) %}{% if lanes == 4 %}(v128.const f32x4{% for _ in range(4) %} {{ value }}{% endfor %}){% else %}(f32.const {{ value }}){% endif %}{% endmacro %}
{% macro splat(v) %}{{ "(f32x4.splat " ~ get(v) ~ ")" if lanes == 4 else get(v) }}{% endmacro %}
{% macro load(at, offset=0) %}({{ vector }}.load{{ " offset=%d" % offset if offset }} {{ get(at) }}){% endmacro %}
{#- The float at an address, in every lane. -#}
{% macro spread(at, offset=0) %}({{ "v128.load32_splat" if lanes == 4 else "f32.load" }}{{ " offset=%d" % offset if offset }} {{ get(at) }}){% endmacro %}
{% macro store(at, value, offset=0) %}({{ vector }}.store{{ " offset=%d" % offset if offset }} {{ get(at) }} {{ get(value) }}){% endmacro %}
{% macro plus(a, b) %}({{ type }}.add {{ get(a) }} {{ get(b) }}){% endmacro %}
{% macro minus(a, b) %}({{ type }}.sub {{ get(a) }} {{ get(b) }}){% endmacro %}
{% macro times(a, b) %}({{ type }}.mul {{ get(a) }} {{ get(b) }}){% endmacro %}
{% macro greater(a, b) %}({{ "f32x4.pmax" if lanes == 4 else "f32.max" }} {{ get(a) }} {{ get(b) }}){% endmacro %}
{#- a b + c, fused where the variant is relaxed. -#}
{% macro madd(a, b, c) %}
{% if "relaxed" in techniques %}(f32x4.relaxed_madd {{ get(a) }} {{ get(b) }} {{ get(c) }})
{%- else %}({{ type }}.add ({{ type }}.mul {{ get(a) }} {{ get(b) }}) {{ get(c) }}){% endif %}
{% endmacro %}
{#- The lanes of $v taken together by an operation of f32, as one float. -#}
{% macro lanes_of(v, op) %}
{% if lanes == 1 %}{{ get(v) }}
{%- else %}
(f32.{{ op }} (f32.{{ op }} (f32x4.extract_lane 0 {{ get(v) }}) (f32x4.extract_lane 1 {{ get(v) }}))
        (f32.{{ op }} (f32x4.extract_lane 2 {{ get(v) }}) (f32x4.extract_lane 3 {{ get(v) }})))
{%- endif %}
{% endmacro %}
