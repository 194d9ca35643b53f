//% param storage, compute, sums, techniques
//% set fused = "fused" in techniques
//% set implicit = "implicit" in techniques
//% set dot4 = compute in ("u8", "i8")
//% set channels = compute == "i8"
//% set a_word = "u32" if dot4 else "vec4<" ~ storage ~ ">"
//% set b_word = "vec4<u32>" if dot4 else "vec4<" ~ storage ~ ">"
//% set a_element = "u32" if dot4 else storage
//% set sum_type = "i32" if channels else "u32" if dot4 else sums
//% set b_rows = 1 if dot4 else 4
//% set parts = ["x", "y", "z", "w"]
{#- An operand in the type of the products. -#}
//% macro widened(operand, type="f32")
{{ operand if storage == compute else type ~ "(" ~ operand ~ ")" -}}
//% endmacro
//% macro multiply(sum, a, b)
//%   if dot4
{{ sum }} += vec4<{{ sum_type }}>({% for p in parts %}dot4{{ "I" if channels else "U" }}8Packed({{ a }}, {{ b }}_0.{{ p }}){{ ", " if not loop.last }}{% endfor %});
//%-  elif compute == sums
{%- for i in range(4) %}
{{ sum }} = fma(vec4<{{ sums }}>({{ widened(a ~ "." ~ parts[i]) }}), {{ widened(b ~ "_" ~ i, "vec4<f32>") }}, {{ sum }});
{%- endfor %}
//%-  else
{{ sum }} += vec4<f32>({% for i in range(4) %}{{ a }}.{{ parts[i] }} * {{ b }}_{{ i }}{{ " + " if not loop.last }}{% endfor %});
//%-  endif
//% endmacro
//% macro finished(sum, row, column)
//%   if channels
row_scales[{{ row }}] * column_scales[{{ column }}] * vec4<f32>({{ sum }})
//%-  elif dot4
shape.scale * vec4<f32>(bitcast<vec4<i32>>({{ sum }}) + row_zero[{{ row }}] + column_zero[{{ column }}])
//%-  elif sums == "f16"
vec4<f32>({{ sum }})
//%-  else
{{ sum }}
//%-  endif
//% endmacro
{#- The same with what a layer does to it, where that is fused. -#}
//% macro ended(sum, row, column)
{{ "epilogue(" ~ finished(sum, row, column) | trim ~ ", " ~ row ~ ", " ~ column ~ ")" if fused else finished(sum, row, column) | trim -}}
//% endmacro
