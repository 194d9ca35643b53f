"""What breaks the templates of convolutions, and what they take from ``matmul``; see the package."""

MUTATIONS = {
    "a window forgets its last row": (
        "kernels/conv2d/direct.wgsl",
        "down < 3u",
        "down < 2u",
        "f32,f32-nchw,f16",
    ),
    "a channel by itself sees the first": (
        "kernels/conv2d/direct.wgsl",
        '("channel", "outputs")',
        '("i", "outputs")',
        "depthwise:f32,f32-nchw",
    ),
    "windows go on in the next row": (
        "kernels/conv2d/window.wgsl",
        " && x < {{ sizes }}.width",
        "",
        "f32-tile,f16-tile,f32-im2col",
    ),
    "windows miss their last word": (
        "kernels/conv2d/im2col.wgsl",
        "id.x < of_image.depth",
        "id.x + 1u < of_image.depth",
        "f32-im2col,f16-im2col",
    ),
    "staged windows stand still": (
        "kernels/matmul/staging.wgsl",
        "window(row_a{{ i }}, from_a{{ i }} + {{ k }})",
        "window(row_a{{ i }}, from_a{{ i }})",
        "conv2d:f32-tile+shared",
    ),
    "tiles are transformed with a wrong sign": (
        "kernels/conv2d/winograd.wgsl",
        "{{ from }}2 - {{ from }}1",
        "{{ from }}1 - {{ from }}2",
        "f32-winograd,f16-winograd",
    ),
    "pixels are put together with a wrong sign": (
        "kernels/conv2d/winograd.wgsl",
        "- m2{{ j }} - m3{{ j }}",
        "- m2{{ j }} + m3{{ j }}",
        "f32-winograd",
    ),
    "all sixteen products have the first weights": (
        "kernels/matmul/tile.wgsl",
        '"slab + " if batched',
        '"" if batched',
        "conv2d:f32-winograd",
    ),
    "an image loses its last row": (
        "wasm_modules/conv2d/pad.wat",
        'is("le_u", "$from", "$height")',
        'is("lt_u", "$from", "$height")',
        "f32-scalar,f32-relaxed+threads,f32-simd-im2col,f32-relaxed-winograd",
    ),
    "a window has two rows": (
        "wasm_modules/conv2d/direct.wat",
        '{{ set("$rows", 3) }}',
        '{{ set("$rows", 2) }}',
        "f32-scalar,f32-simd,f32-relaxed",
    ),
    "a window has the same row thrice": (
        "wasm_modules/conv2d/windows.wat",
        'mul("$row_bytes", down)',
        'mul("$row_bytes", 0)',
        "f32-simd-im2col,f32-relaxed-im2col+threads",
    ),
    "tiles are transformed with another sign": (
        "wasm_modules/conv2d/winograd.wat",
        'minus("$%s2" % from, "$%s1" % from)',
        'minus("$%s1" % from, "$%s2" % from)',
        "f32-simd-winograd,f32-relaxed-winograd+threads",
    ),
    "pixels are put together with another sign": (
        "wasm_modules/conv2d/combine.wat",
        'minus("$%s1" % from, plus(',
        'plus("$%s1" % from, plus(',
        "f32-simd-winograd,f32-relaxed-winograd",
    ),
    "planes of Wasm see one pixel thrice": (
        "wasm_modules/conv2d/planes.wat",
        "4 * across + v * width",
        "v * width",
        "f32-simd-nchw,f32-relaxed-nchw",
    ),
}
