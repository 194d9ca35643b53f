{#- Runs of what stands between operators; import it `with context`. The first thread does all of it, and others wait. -#}
;;% param p, shared
{% from "words.wat" import until_zero with context %}
{% macro more() %}
{%- if shared %} (param $thread {{ p }}) (param $threads {{ p }}){% endif -%}
{% endmacro %}
{% macro runs() %}
    (loop $again
{% if shared %}
      (if (i32.eqz (local.get $thread)) (then
{% endif %}
      {{ caller() | trim }}
{% if shared %}
      ))
      (call $meet (local.get $threads))
{% endif %}
      {{ until_zero("$again", "$repeats") }})
{% endmacro %}
