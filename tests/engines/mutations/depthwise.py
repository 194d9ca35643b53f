"""What breaks the templates of ``depthwise``; see the package."""

MUTATIONS = {
    "pixels beside an image are its last": (
        "kernels/depthwise/tile.wgsl",
        "x{{ x }} < shape.width)",
        "true)",
        "f32-tile,f16-storage-tile,f16-tile",
    ),
    "a pixel is weighed thrice": (
        "kernels/depthwise/tile.wgsl",
        "a{{ p + x }} * w{{ x }}",
        "a{{ p }} * w{{ x }}",
        "f32-tile",
    ),
    "each row has the weights of the first": (
        "wasm_modules/depthwise/direct.wat",
        '"$w%d" % (3 * down + k)',
        '"$w%d" % k',
        "f32-scalar,f32-simd,f32-relaxed,f32-relaxed+threads",
    ),
}
