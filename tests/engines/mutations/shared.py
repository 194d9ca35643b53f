"""What breaks the templates of the files that several workloads take in; see the package."""

MUTATIONS = {
    "rows end a word early": (
        "kernels/rows.wgsl",
        "for (; k < {{ words }}; k +=",
        "for (; k + 1u < {{ words }}; k +=",
        "f32,f32+online,f32+rowwise,f16-storage+online",
    ),
    "what all rows have goes to the wrong lane": (
        "kernels/hand.wgsl",
        "subgroupShuffle(own_{{ name }}, i)",
        "subgroupShuffle(own_{{ name }}, i ^ 1u)",
        "layernorm:f32+online+subgroup",
    ),
    "rows halve the tree too early": (
        "kernels/rows.wgsl",
        "half > 0u",
        "half > 1u",
        "f32+rowwise,f32+online+rowwise",
    ),
    "rows leave a subgroup out": (
        "kernels/rows.wgsl",
        "var i = 1u; i < subgroups",
        "var i = 2u; i < subgroups",
        "f32+rowwise+subgroup,f16-storage+rowwise+subgroup",
    ),
    "turns take one register for all": (
        "wasm_modules/rows.wat",
        "caller(i, i * width)",
        "caller(i, 0)",
        "f32-scalar,f32-simd,f32-relaxed",
    ),
    "exp takes half of ln 2 away": (
        "wasm_modules/exp.wat",
        "number(2.12194440e-4)",
        "number(0)",
        "f32-scalar,f32-simd,f32-relaxed",
    ),
    "elements take one register for all": (
        "wasm_modules/elements.wat",
        "caller(i * width)",
        "caller(0)",
        "f32-scalar,f32-simd,f32-relaxed",
    ),
}
