"""What breaks the templates of ``attention-decode``; see the package."""

MUTATIONS = {
    "a head misses the last key of a chunk": (
        "kernels/attention_decode/decode.wgsl",
        'u, past - start)"',
        'u, past - start - 1u)"',
        "f32,f16-storage+splitk,i8-storage+splitk+subgroup",
    ),
    "what was found of a head is not carried on": (
        "kernels/attention_decode/decode.wgsl",
        "total *= kept;",
        "",
        "f32,i8-storage",
    ),
    "a key of 8 bits has the scale of another": (
        "kernels/attention_decode/decode.wgsl",
        '"key_scales[t" ~ i ~ " * shape.key_heads + key_head]',
        '"key_scales[t" ~ i ~ " * shape.key_heads]',
        "i8-storage,i8-storage+splitk",
    ),
    "values of 8 bits have the scale of keys": (
        "kernels/attention_decode/decode.wgsl",
        '" * value_scales[',
        '" * key_scales[',
        "i8-storage,i8-storage+splitk+subgroup",
    ),
    "a code of 8 bits loses its sign": (
        "kernels/attention_prefill/header.wgsl",
        "bitcast<vec4<i32>>(vec4<u32>(word)",
        "vec4<u32>(vec4<u32>(word)",
        "attention-decode:i8-storage,i8-storage+splitk",
    ),
    "a slice of the values is left out": (
        "kernels/attention_decode/ending.wgsl",
        "i < {{ slices }}u; i++",
        "i + 1u < {{ slices }}u; i++",
        "f32,f16-storage,i8-storage",
    ),
    "a part of the context is not merged": (
        "kernels/attention_decode/merge.wgsl",
        "let weight = exp(part.x - top);",
        "let weight = select(exp(part.x - top), 0.0, i == 1u);",
        "f32+splitk,f16-storage+splitk+subgroup,i8-storage+splitk",
    ),
    "parts of the context weigh the same": (
        "kernels/attention_decode/merge.wgsl",
        "exp(part.x - top)",
        "1.0",
        "f32+splitk,f16-storage+splitk",
    ),
    "halves of a cache widen too far": (
        "wasm_modules/attention_prefill/cells.wat",
        "(i32.const 13))",
        "(i32.const 12))",
        "attention-decode:f16-storage",
    ),
    "a row of 8 bits has the scale of the next": (
        "wasm_modules/attention_prefill/score.wat",
        'inc("$scales", "$scale_stride")',
        'inc("$scales", 0)',
        "attention-decode:i8-storage",
    ),
    "a later chunk of values takes the place of the first": (
        "wasm_modules/attention_prefill/attention.wat",
        '{{ is("eq", "$t", 0) }})',
        "(i32.const 1))",
        "attention-decode:f32-relaxed,f16-storage,i8-storage",
    ),
    "weights of Wasm are not divided": (
        "wasm_modules/attention_prefill/combine.wat",
        "({{ type }}.div ",
        "({{ type }}.sub ",
        "attention-decode:f32-scalar,f32-simd",
    ),
    "tokens that are only padding are seen": (
        "wasm_modules/attention_prefill/attention.wat",
        "(f32.const -3e38)",
        "(f32.const 0)",
        "attention-decode:f32-scalar,f32-relaxed,i8-storage",
    ),
    "a cache takes one word's scales for all channels": (
        "kernels/attention_decode/decode.wgsl",
        '" * key_scales[key_head * %du + %du]" % (count, j)',
        '" * key_scales[key_head * %du]" % count',
        "i8-storage+channels,i8-storage+channels+splitk",
    ),
}
