"""What breaks the templates of ``gather``; see the package."""

MUTATIONS = {
    "gather repeats a word": (
        "kernels/gather/gather.wgsl",
        '"place + " ~ at(i)',
        '"place"',
        "f32,f32+rowwise,f16-storage,f16-storage+rowwise",
    ),
    "gather of Wasm reads one row": (
        "wasm_modules/gather/gather.wat",
        'mul("$id", "$row_bytes")',
        '"$row_bytes"',
        "f32-bulk,f32-simd",
    ),
}
