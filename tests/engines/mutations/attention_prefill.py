"""What breaks the templates of ``attention-prefill``; see the package."""

MUTATIONS = {
    "a query sees one key too many": (
        "kernels/attention_prefill/fused.wgsl",
        "t > first + {{ a }}u",
        "t > first + {{ a + 1 }}u",
        "f32-queries2,f32-queries8",
    ),
    "a query misses itself": (
        "kernels/attention_prefill/fused.wgsl",
        "t < end; t++",
        "t + 1u < end; t++",
        "f32,f32-queries4",
    ),
    "the sum of weights is not carried on": (
        "kernels/attention_prefill/fused.wgsl",
        "total{{ a }} * kept{{ a }} + p{{ a }}",
        "total{{ a }} + p{{ a }}",
        "f32,f32-queries2",
    ),
    "all heads share the first keys": (
        "kernels/attention_prefill/fused.wgsl",
        "head / (shape.heads / shape.key_heads)",
        "0u",
        "f32,f32-queries8",
    ),
    "scores miss their scale": (
        "kernels/attention_prefill/passes.wgsl",
        " * shape.scale",
        "",
        "f32-passes",
    ),
    "weights are not divided": (
        "kernels/attention_prefill/passes.wgsl",
        "weights[row + t] /= total;",
        "weights[row + t] /= 1.0;",
        "f32-passes",
    ),
    "a word of a head is another": (
        "kernels/attention_prefill/header.wgsl",
        "(token * heads + head) * {{ words }}u",
        "(token * heads + head / 2u) * {{ words }}u",
        "f32,f32-passes",
    ),
}
