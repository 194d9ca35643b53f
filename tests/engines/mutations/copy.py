"""What breaks the templates of ``copy``; see the package."""

MUTATIONS = {
    "copy repeats a word": (
        "kernels/copy/copy.wgsl",
        "source[{{ k }}]",
        "source[min({{ k }}, shape.words - 2u)]",
        "f32",
    ),
    "the copy repeats itself": (
        "wasm_modules/copy/copy.wat",
        "(v128.load offset={{ 16 * i }}",
        "(v128.load offset=0",
        "f32-simd",
    ),
}
