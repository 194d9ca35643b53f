"""What breaks the templates of ``linear``; see the package."""

FUSED = "f32-naive,f32-tile,f32-tile+shared+splitk,f16-tile+subgroup,f16-storage-tile"
WASM = "f32-scalar,f32-simd,f32-relaxed"

MUTATIONS = {
    "a layer's gelu has another slope": (
        "kernels/linear/ending.wgsl",
        "0.044715 * z * z * z",
        "0.044715 * z * z",
        f"{FUSED},f32-tile+apart",
    ),
    "a fused bias is that of the first column": (
        "kernels/linear/ending.wgsl",
        "bias[column]",
        "bias[0]",
        FUSED,
    ),
    "a fused residual is that of the first row": (
        "kernels/linear/ending.wgsl",
        "residual[row * shape.columns + column]",
        "residual[column]",
        FUSED,
    ),
    "a tile's last row stays a product": (
        "kernels/matmul/sums.wgsl",
        "r < first + {{ tile_rows }}u",
        "r + 1u < first + {{ tile_rows }}u",
        "linear:f32-tile,f32-tile+shared,f32-tile+swizzle",
    ),
    "the bias is that of the first columns": (
        "kernels/linear/apart.wgsl",
        "bias[id.x]",
        "bias[0]",
        "f32-tile+apart,f16-tile+apart",
    ),
    "the residual is added twice": (
        "kernels/linear/apart.wgsl",
        "+= residual[at]",
        "+= 2.0 * residual[at]",
        "f32-tile+apart,f16-tile+apart",
    ),
    "a layer of Wasm has another slope": (
        "wasm_modules/linear/activation.wat",
        "number(0.044715)",
        "number(0.04)",
        f"{WASM},f32-relaxed+apart",
    ),
    "a layer of Wasm repeats the first bias": (
        "wasm_modules/linear/end.wat",
        'some("$bias", whole)',
        'load("$bias")',
        f"{WASM},f32-relaxed+apart",
    ),
    "a layer of Wasm repeats the first residual": (
        "wasm_modules/linear/end.wat",
        '{{ inc("$residual", "$stride") }}',
        "",
        WASM,
    ),
    "a layer of Wasm ends its products too early": (
        "wasm_modules/matmul/gemm.wat",
        '(if {{ is("eq", add("$k", "$kn"), "$depth") }} (then',
        '(if {{ is("eq", "$k", 0) }} (then',
        f"linear:{WASM}",
    ),
    "a layer of Wasm multiplies by the first panels alone": (
        "wasm_modules/matmul/gemm.wat",
        '{{ inc("$bs", mul(mul(up("$n", nr), up("$kn", unroll)), cell)) }}',
        "",
        f"linear:{WASM}",
    ),
    "the residual of Wasm is added to itself": (
        "wasm_modules/linear/apart.wat",
        'plus(load(add("$result", "$j")),',
        'plus(load(add("$residual", "$j")),',
        "f32-relaxed+apart",
    ),
}
