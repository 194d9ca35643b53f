"""What breaks the templates of ``fma``; see the package."""

MUTATIONS = {
    "fma leaves steps out": (
        "kernels/fma/fma.wgsl",
        "for u in range(unroll // 2)",
        "for u in range(1, unroll // 2)",
        "f32,f16,u8-dot4,i8-dot4",
    ),
    "fma adds the wrong number": (
        "kernels/fma/fma.wgsl",
        "half, one)",
        "half, two)",
        "f32,f16",
    ),
    "multiply-adds leave a step out": (
        "wasm_modules/fma/fma.wat",
        "(local.get $point) (local.get $one)",
        "(local.get $point) (local.get $two)",
        "f32-relaxed",
    ),
    "multiply-adds forget half the chains": (
        "wasm_modules/fma/fma.wat",
        '"$half", 16, 32',
        '"$half", 16, 16',
        "f32-relaxed,i8-relaxed",
    ),
}
