{#- Words of four elements in their storage type, read as floats; imported `with context`. -#}
//% param storage
//% set word = "vec2<u32>" if storage == "f16" else "vec4<f32>"
//% macro wide(array, at)
{{ "vec4<f32>(unpack2x16float(" ~ array ~ "[" ~ at ~ "].x), unpack2x16float(" ~ array ~ "[" ~ at ~ "].y))" if storage == "f16"
  else array ~ "[" ~ at ~ "]" -}}
//% endmacro
