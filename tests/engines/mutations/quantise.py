"""What breaks the templates of ``quantise``; see the package."""

MUTATIONS = {
    "codes are cut, not rounded": (
        "kernels/quantise/quantise.wgsl",
        "vec4<i32>(round(",
        "vec4<i32>((",
        "f32,f32+rowwise,f16-storage",
    ),
    "the largest of a word is one of three": (
        "kernels/quantise/quantise.wgsl",
        "max(most%d.z, most%d.w))",
        "max(most%d.z, most%d.z))",
        "f32,f32+rowwise+subgroup",
    ),
    "a module takes the largest with its sign": (
        "wasm_modules/quantise/quantise.wat",
        '"(%s.abs %s)" % (type, load("$a"))',
        '"(%s.sqrt %s)" % (type, load("$a"))',
        "f32-scalar,f32-simd,f32-relaxed",
    ),
    "a byte of four is another": (
        "wasm_modules/quantise/quantise.wat",
        "shuffle 0 4 8 12 0",
        "shuffle 0 4 8 8 0",
        "f32-simd,f32-relaxed",
    ),
}
