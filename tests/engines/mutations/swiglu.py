"""What breaks the templates of ``swiglu``; see the package."""

MUTATIONS = {
    "swiglu turns its gate round": (
        "kernels/swiglu/swiglu.wgsl",
        "exp(min(-x",
        "exp(min(x",
        "f32,f32+apart,f16-storage",
    ),
    "swiglu repeats what it multiplies by": (
        "wasm_modules/swiglu/swiglu.wat",
        'load("$b", offset)',
        'load("$b")',
        "f32-simd,f32-relaxed",
    ),
}
