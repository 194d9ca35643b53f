"""What breaks the templates of ``layernorm``; see the package."""

MUTATIONS = {
    "layernorm counts what pads a row": (
        "kernels/layernorm/layernorm.wgsl",
        "let off{{ r }} = mask * (",
        "let off{{ r }} = (",
        "f32,f32+rowwise,f32+rowwise+subgroup,f16-storage+rowwise+subgroup",
    ),
    "layernorm leaves the lanes' means apart": (
        "kernels/layernorm/layernorm.wgsl",
        "squares{{ r }} += count * off{{ r }} * off{{ r }};",
        "",
        "f32+online,f32+online+rowwise,f16-storage+online",
    ),
    "layernorm leaves a word that is not whole out": (
        "kernels/layernorm/layernorm.wgsl",
        "if (whole < shape.words",
        "if (whole > shape.words",
        "f32+online,f32+online+rowwise,f32+online+subgroup",
    ),
    "layernorm leaves the last elements out": (
        "wasm_modules/layernorm/layernorm.wat",
        "(f32.mul (local.get $off) (local.get $off))",
        "(f32.const 0)",
        "f32-scalar,f32-simd,f32-relaxed",
    ),
}
