//% param storage, compute, techniques
//% set types = storage ~ "-" ~ compute
//% set word = {"f32-f32": "vec4<f32>", "f16-f16": "vec4<f16>"}.get(types, "vec4<u32>")
//% set vector_word = {"f32": "vec4<f32>", "f16": "vec4<f16>"}.get(compute, "vec4<u32>")
//% set xs = {"f16-f32": 2, "u8-f32": 4, "u8-f16": 4}.get(types, 1)
//% set sum_type = {"u8": "u32", "i8": "i32"}.get(compute, "f32")
//% set parts = ["x", "y", "z", "w"]
//% macro at(k, i)
{{ k if xs == 1 else xs ~ "u * " ~ ("(" ~ k ~ ")" if " " in k else k) ~ (" + " ~ i ~ "u" if i else "") -}}
//% endmacro
//% macro unpacked(a, i)
{{ "vec4<f16>(vec4<i32>(unpack4xU8(" ~ a ~ "." ~ parts[i] ~ ")) - 128)" if compute == "f16"
  else "vec4<f32>(unpack4xU8(" ~ a ~ "." ~ parts[i] ~ "))" -}}
//% endmacro
//% macro term(a)
//%   if types == "f32-f32"
dot({{ a }}, x0)
//%-  elif types == "f16-f16"
f32(dot({{ a }}, x0))
//%-  elif types == "f16-f32"
dot(vec4<f32>(unpack2x16float({{ a }}.x), unpack2x16float({{ a }}.y)), x0)
      + dot(vec4<f32>(unpack2x16float({{ a }}.z), unpack2x16float({{ a }}.w)), x1)
//%-  elif storage == "u8" and compute == "f32"
dot({{ unpacked(a, 0) }}, x0) + dot({{ unpacked(a, 1) }}, x1)
      + dot({{ unpacked(a, 2) }}, x2) + dot({{ unpacked(a, 3) }}, x3)
//%-  elif storage == "u8" and compute == "f16"
f32(dot({{ unpacked(a, 0) }}, x0)) + f32(dot({{ unpacked(a, 1) }}, x1))
      + f32(dot({{ unpacked(a, 2) }}, x2)) + f32(dot({{ unpacked(a, 3) }}, x3))
//%-  else
//%     set dot4 = "dot4U8Packed" if compute == "u8" else "dot4I8Packed"
{{ dot4 }}({{ a }}.x, x0.x) + {{ dot4 }}({{ a }}.y, x0.y)
      + {{ dot4 }}({{ a }}.z, x0.z) + {{ dot4 }}({{ a }}.w, x0.w)
//%-  endif
//% endmacro
//% macro finished(sum, row)
//%   if "channels" in techniques
shape.scale * row_scales[{{ row }}] * f32({{ sum }})
//%-  else
{{ {"u8-u8": "shape.scale * f32(bitcast<i32>(" ~ sum ~ ") + zero[" ~ row ~ "])",
    "i8-i8": "shape.scale * f32(" ~ sum ~ ")",
    "u8-f32": "shape.scale * (" ~ sum ~ " + shape.zero)",
    "u8-f16": "shape.scale * " ~ sum}.get(types, sum) -}}
//%   endif
//% endmacro
