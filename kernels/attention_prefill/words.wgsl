{#- What is computed with words of four elements: in f32, whatever they are stored in, or in f16 with sums in f32.
   Imported `with context`. -#}
//% param head_size, storage, compute
//% set words = range((head_size + 3) // 4)
//% set half = compute == "f16"
//% macro get(word)
{{ word if storage == compute else "widen(" ~ word ~ ")" -}}
//% endmacro
{#- A word of a query, which takes the scale of scores with it. -#}
//% macro scaled(word)
{{ "vec4<f16>(vec4<f32>(" ~ word ~ ") * shape.scale)" if half else get(word) ~ " * shape.scale" -}}
//% endmacro
{#- The score of numbered words of a query and of a key: q0, q1, ... and k0, k1, ... -#}
//% macro score(query, key="k")
{% for j in words %}{{ "f32(" if half }}dot({{ query }}{{ j }}, {{ key }}{{ j }}){{ ")" if half }}{{ " + " if not loop.last }}{% endfor -%}
//% endmacro
{#- So much of a word of a value. -#}
//% macro share(weight, value)
{{ "vec4<f32>(f16(" ~ weight ~ ") * " ~ value ~ ")" if half else weight ~ " * " ~ value -}}
//% endmacro
