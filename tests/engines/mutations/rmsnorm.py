"""What breaks the templates of ``rmsnorm``; see the package."""

MUTATIONS = {
    "rmsnorm forgets epsilon": (
        "kernels/rmsnorm/rmsnorm.wgsl",
        " + shape.epsilon",
        "",
        "f32,f32+rowwise,f32+rowwise+subgroup,f16-storage",
    ),
    "rmsnorm takes one gain for a turn": (
        "wasm_modules/rmsnorm/rmsnorm.wat",
        'load("$b", offset)',
        'load("$b")',
        "f32-scalar,f32-simd,f32-relaxed",
    ),
}
