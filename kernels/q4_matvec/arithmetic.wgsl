//% param compute, format, techniques
//% param lanes if ("subgroup" in techniques and "rowwise" not in techniques) or "cooperative" in techniques
//% set handed = "subgroup" in techniques and "rowwise" not in techniques
//% set centre = 7 if format == "q4f16_1" else 8
//% set parts = ["low.x", "low.y", "low.z", "low.w", "high.x", "high.y", "high.z", "high.w"]
//% set each = 2 if compute == "i8" else 8
{#- The vector for `blocks` blocks from k on: where lanes hand it on, each loads a word of so many and hands it to all. -#}
//% macro share(k, blocks)
//%   if handed
//%     set together = [lanes, each * blocks] | min
//%     for i in range(0, each * blocks, together)
    let own{{ i }} = vector[{{ each }}u * {{ k }} + lane % {{ together }}u{{ " + %du" % i if i }}];
//%     endfor
//%   endif
//%   if compute == "i8" and blocks == 2
    let scales_of_both = vector_scales[{{ k }} / 2u];
//%   endif
//% endmacro
{#- What block b of those is multiplied by. -#}
//% macro load_x(k, b, blocks)
//%   for i in range(each)
//%     if handed
//%       set together = [lanes, each * blocks] | min
//%       set word = each * b + i
    let v{{ i }} = subgroupBroadcast(own{{ word // together * together }}, {{ word % together }}u);
//%     else
    let v{{ i }} = vector[{{ each }}u * {{ k }}{{ " + %du" % i if i }}];
//%     endif
//%   endfor
//%   if compute == "i8"
    let scaled = {{ "scales_of_both." ~ ["xy", "zw"][b] if blocks == 2 else "vector_scales[" ~ k ~ "]" }};
//%   else
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
scaled.x * {{ b }}.scale * f32({% for i in range(4) %}dot4I8Packed({{ b }}.low.{{ "xyzw"[i] }}, v0.{{ "xyzw"[i] }}) + dot4I8Packed({{ b }}.high.{{ "xyzw"[i] }}, v1.{{ "xyzw"[i] }}){{ " + " if i < 3 }}{% endfor %}) + scaled.y * {{ b }}.offset
//%- elif compute == "f16"
{{ b }}.scale * ({% for i in range(8) %}f32(dot(vec4<f16>(vec4<i32>(unpack4xU8({{ b }}.{{ parts[i] }})) - {{ centre }}), x{{ i }})){{ " + " if i < 7 }}{% endfor %}) + ({{ b }}.offset + {{ centre }}.0 * {{ b }}.scale) * total
//%- else
{{ b }}.scale * ({% for i in range(8) %}dot(vec4<f32>(unpack4xU8({{ b }}.{{ parts[i] }})), x{{ i }}){{ " + " if i < 7 }}{% endfor %}) + {{ b }}.offset * total
//%- endif
//%- endmacro
