"""What breaks the templates of ``softmax``; see the package."""

MUTATIONS = {
    "softmax forgets the largest in its sum": (
        "kernels/softmax/softmax.wgsl",
        "sums += exp(w0 - top)",
        "sums += exp(w0)",
        "f32,f32+rowwise,f32+rowwise+subgroup",
    ),
    "softmax keeps sums of a smaller largest": (
        "kernels/softmax/softmax.wgsl",
        "sums * exp(largest - next)",
        "sums",
        "f32+online,f16-storage+online",
    ),
    "softmax holds words beyond the row": (
        "kernels/softmax/held.wgsl",
        "select(vec4<f32>(-3e38), w{{ i }}",
        "select(w{{ i }}, w{{ i }}",
        "f32+held+rowwise+subgroup,f16-storage+held+rowwise+subgroup",
    ),
    "softmax of Wasm adds x up": (
        "wasm_modules/softmax/softmax.wat",
        'plus("$s%d" % i, "$scale")',
        'plus("$s%d" % i, load("$a", offset))',
        "f32-scalar,f32-simd,f32-relaxed",
    ),
}
