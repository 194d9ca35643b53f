"""What breaks the templates of ``gelu``; see the package."""

MUTATIONS = {
    "gelu takes a coefficient's sign away": (
        "kernels/gelu/erf.wgsl",
        "t * (-0.284496736",
        "t * (0.284496736",
        "f32,f16-storage",
    ),
    "gelu of Wasm takes a coefficient's sign away": (
        "wasm_modules/gelu/erf.wat",
        "number(-1.453152027)",
        "number(1.453152027)",
        "f32-scalar,f32-simd,f32-relaxed",
    ),
}
