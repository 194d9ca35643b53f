"""What breaks the templates of ``reduce``; see the package."""

MUTATIONS = {
    "walk stops short": (
        "kernels/reduce/walk.wgsl",
        "for (; k < end; k +=",
        "for (; k + 1u < end; k +=",
        "f32+shared,f32+subgroup",
    ),
    "reduce halves the tree too early": (
        "kernels/reduce/reduce.wgsl",
        "half > 0u",
        "half > 1u",
        "f32+shared",
    ),
    "reduce leaves a subgroup out": (
        "kernels/reduce/reduce.wgsl",
        "var i = 1u; i < subgroups",
        "var i = 2u; i < subgroups",
        "f32+subgroup",
    ),
    "reduce leaves a workgroup out": (
        "kernels/reduce/reduce.wgsl",
        "var i = lane; i <",
        "var i = lane + 1u; i <",
        "f32+shared,f32+subgroup",
    ),
    "the sum leaves upper lanes out": (
        "wasm_modules/reduce/reduce.wat",
        "(i8x16.shuffle 8 9 10 11 12 13 14 15",
        "(i8x16.shuffle 0 1 2 3 4 5 6 7",
        "f32-simd",
    ),
}
