//% param compute, format
//% set centre = 7 if format == "q4f16_1" else 8
//% set parts = ["low.x", "low.y", "low.z", "low.w", "high.x", "high.y", "high.z", "high.w"]
//% macro load_x(k)
//% if compute == "i8"
    let p0 = vector[2u * ({{ k }})];
    let p1 = vector[2u * ({{ k }}) + 1u];
    let scaled = vector_scales[{{ k }}];
//% else
//%   for i in range(8)
    let v{{ i }} = vector[8u * ({{ k }}) + {{ i }}u];
//%   endfor
//%   if format in ("q4f16_1", "nbits")
//%     for i in range(0, 8, 2)
    let x{{ i }} = vec4<{{ compute }}>(v{{ i }}.x, v{{ i }}.z, v{{ i + 1 }}.x, v{{ i + 1 }}.z);
    let x{{ i + 1 }} = vec4<{{ compute }}>(v{{ i }}.y, v{{ i }}.w, v{{ i + 1 }}.y, v{{ i + 1 }}.w);
//%     endfor
//%   else
//%     for i in range(8)
    let x{{ i }} = v{{ i }};
//%     endfor
//%   endif
    let total = dot({% for i in range(8) %}vec4<f32>(x{{ i }}){{ " + " if i < 7 }}{% endfor %}, vec4<f32>(1.0));
//% endif
//%- endmacro
//% macro product(b)
//%- if compute == "i8"
scaled.x * {{ b }}.scale * f32({% for i in range(4) %}dot4I8Packed({{ b }}.low.{{ "xyzw"[i] }}, p0.{{ "xyzw"[i] }}) + dot4I8Packed({{ b }}.high.{{ "xyzw"[i] }}, p1.{{ "xyzw"[i] }}){{ " + " if i < 3 }}{% endfor %}) + scaled.y * {{ b }}.offset
//%- elif compute == "f16"
{{ b }}.scale * ({% for i in range(8) %}f32(dot(vec4<f16>(vec4<i32>(unpack4xU8({{ b }}.{{ parts[i] }})) - {{ centre }}), x{{ i }})){{ " + " if i < 7 }}{% endfor %}) + ({{ b }}.offset + {{ centre }}.0 * {{ b }}.scale) * total
//%- else
{{ b }}.scale * ({% for i in range(8) %}dot(vec4<f32>(unpack4xU8({{ b }}.{{ parts[i] }})), x{{ i }}){{ " + " if i < 7 }}{% endfor %}) + {{ b }}.offset * total
//%- endif
//%- endmacro
