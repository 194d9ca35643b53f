{#- Address arithmetic for every template; import it `with context`, which brings `p`: the type of an address
   and of every count, i32, or i64 on 64-bit memory. An operand is a number, a local such as "$row", or an
   expression. -#}
;;% param p, shared
{% macro num(v) %}{% if v is number %}({{ p }}.const {{ v }}){% elif v.startswith("$") %}(local.get {{ v }}){% else %}{{ v }}{% endif %}{% endmacro %}
{% macro add(a, b) %}({{ p }}.add {{ num(a) }} {{ num(b) }}){% endmacro %}
{% macro sub(a, b) %}({{ p }}.sub {{ num(a) }} {{ num(b) }}){% endmacro %}
{% macro mul(a, b) %}({{ p }}.mul {{ num(a) }} {{ num(b) }}){% endmacro %}
{% macro div(a, b) %}({{ p }}.div_u {{ num(a) }} {{ num(b) }}){% endmacro %}
{% macro rem(a, b) %}({{ p }}.rem_u {{ num(a) }} {{ num(b) }}){% endmacro %}
{% macro up(a, multiple) %}{{ mul(div(add(a, multiple - 1), multiple), multiple) }}{% endmacro %}
{% macro min(a, b) %}(select {{ num(a) }} {{ num(b) }} ({{ p }}.lt_u {{ num(a) }} {{ num(b) }})){% endmacro %}
{% macro set(x, v) %}(local.set {{ x }} {{ num(v) }}){% endmacro %}
{% macro inc(x, by) %}(local.set {{ x }} {{ add(x, by) }}){% endmacro %}
{% macro while_below(label, x, by, limit) %}(br_if {{ label }} ({{ p }}.lt_u (local.tee {{ x }} {{ add(x, by) }}) {{ num(limit) }})){% endmacro %}
{% macro until_zero(label, x, by=1) %}(br_if {{ label }} ({{ p }}.ne (local.tee {{ x }} {{ sub(x, by) }}) {{ num(0) }})){% endmacro %}
{% macro is(op, a, b) %}({{ p }}.{{ op }} {{ num(a) }} {{ num(b) }}){% endmacro %}
{% macro memory() %}
{% if shared %}
(import "kernelscope" "memory" (memory {{ "i64 " if p == "i64" }}1 65536 shared)) (export "memory" (memory 0))
{%- else %}
(memory (export "memory") {{ "i64 " if p == "i64" }}1)
{%- endif %}
{% endmacro %}
