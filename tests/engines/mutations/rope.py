"""What breaks the templates of ``rope``; see the package."""

MUTATIONS = {
    "a head is turned the other way": (
        "kernels/rope/rope.wgsl",
        "a * c - b * s",
        "a * c + b * s",
        "f32,f32+heads,f16-storage",
    ),
    "the sines are the cosines": (
        "kernels/rope/rope.wgsl",
        "let s = table[place + shape.words]",
        "let s = table[place]",
        "f32+heads,f16-storage+heads",
    ),
    "every head has the angles of the first token": (
        "wasm_modules/rope/rope.wat",
        'inc("$t", mul("$half", 2))',
        'inc("$t", mul("$half", 0))',
        "f32-scalar,f32-simd,f32-relaxed",
    ),
}
