"""What breaks the templates of ``q4-matmul``; see the package."""

MUTATIONS = {
    "a tile leaves the last block out": (
        "kernels/q4_matmul/threads.wgsl",
        "k < shape.blocks",
        "k + 1u < shape.blocks",
        "q4f16_1,q4_k-dot4",
    ),
    "every token of a tile is the first": (
        "kernels/q4_matmul/threads.wgsl",
        "min(token + {{ t }}u, shape.tokens - 1u) * shape.blocks",
        "token * shape.blocks",
        "nbits-f16,q4_0-dot4",
    ),
    "a workgroup multiplies seven words of eight": (
        "kernels/q4_matmul/staged.wgsl",
        "for i in range(8)",
        "for i in range(7)",
        "q4f16_1+shared,nbits-dot4+shared",
    ),
    "neighbours that are unpacked swap": (
        "kernels/q4_matmul/words.wgsl",
        '["even", "odd", "even", "odd"]',
        '["odd", "even", "even", "odd"]',
        "q4f16_1+shared,nbits-f16",
    ),
    "staged codes lose their middle": (
        "kernels/q4_matmul/staging.wgsl",
        "vec2<f32>(b.scale, b.offset)",
        "vec2<f32>(b.scale, 0.0)",
        "q4_0-dot4+shared,q4_k-dot4+shared",
    ),
    "words are staged for the wrong token": (
        "kernels/q4_matmul/staging.wgsl",
        "tile_x[i % 8u][i / 8u]",
        "tile_x[i % 8u][i / 16u]",
        "q4_0+shared,q4_k-f16+shared",
    ),
    "a module multiplies half a block of tokens twice": (
        "wasm_modules/q4_matmul/tile.wat",
        "32 + 16 * i",
        "32",
        "q4f16_1-i8-relaxed,q4_k-i8-relaxed+threads",
    ),
    "a module multiplies a quarter of tokens four times": (
        "wasm_modules/q4_matmul/tile.wat",
        "32 + 64 * i + 16 * quad",
        "32 + 64 * i",
        "nbits-simd,q4_0-relaxed",
    ),
    "every batch of tokens is the first": (
        "wasm_modules/q4_matmul/tile.wat",
        'inc("$x", mul("$units", tokens',
        'inc("$x", mul(0, tokens',
        "q4f16_1-relaxed,q4_k-i8-relaxed",
    ),
}
