"""What breaks the templates of ``attention-prefill``; see the package."""

MUTATIONS = {
    "a query sees one key too many": (
        "kernels/attention_prefill/fused.wgsl",
        "t > first + {{ a }}u",
        "t > first + {{ a + 1 }}u",
        "f32-queries2,f32-queries8",
    ),
    "a query misses itself": (
        "kernels/attention_prefill/keys.wgsl",
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
        "kernels/attention_prefill/words.wgsl",
        " * shape.scale",
        "",
        "f32,f32-passes,f16,f16-passes",
    ),
    "weights are not divided": (
        "kernels/attention_prefill/soften.wgsl",
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
    "a stage is left before its last key": (
        "kernels/attention_prefill/keys.wgsl",
        "min(from_key + {{ stage }}u, end)",
        "min(from_key + {{ stage - 1 }}u, end)",
        "f32+shared,f16-queries4+shared",
    ),
    "a stage holds keys for values": (
        "kernels/attention_prefill/keys.wgsl",
        "stage_values[i] = values[at]",
        "stage_values[i] = keys[at]",
        "f32-queries4+shared",
    ),
    "a workgroup sees as much as its first query": (
        "kernels/attention_prefill/fused.wgsl",
        "together or a < queries - 1",
        "a < queries - 1",
        "f32+shared,f32-queries4+subgroup",
    ),
    "a key comes from the lane beside": (
        "kernels/attention_prefill/keys.wgsl",
        ", t - from_key)",
        ", (t - from_key) ^ 1u)",
        "f32+subgroup,f16-queries4+subgroup",
    ),
    "half a word of 16 bits is there twice": (
        "kernels/attention_prefill/header.wgsl",
        "unpack2x16float(word.y)",
        "unpack2x16float(word.x)",
        "f16-storage,f16-storage-passes",
    ),
    "values of 16 bits weigh the same": (
        "kernels/attention_prefill/words.wgsl",
        'f16(" ~ weight ~ ")',
        "f16(1.0)",
        "f16-queries8,f16-passes",
    ),
    "a panel misses a query": (
        "wasm_modules/attention_prefill/score.wat",
        'mul("$stride", a)) if a',
        'mul("$stride", a - 1)) if a',
        "f32-scalar,f32-relaxed",
    ),
    "a step of depth takes one element for all": (
        "wasm_modules/attention_prefill/score.wat",
        "d % lanes) }}",
        "0) }}",
        "f32-simd,f32-relaxed",
    ),
    "a query of Wasm sees one key too many": (
        "wasm_modules/attention_prefill/attention.wat",
        "queries), 1) if causal else",
        "queries), 2) if causal else",
        "f32-scalar,f32-simd,f32-relaxed",
    ),
    "rows of a head are nearer than they are long": (
        "wasm_modules/attention_prefill/attention.wat",
        'mul("$size", cell), 64)',
        'mul("$size", cell), -32)',
        "f32-scalar,f32-relaxed,f32-relaxed+threads",
    ),
    "the sum of Wasm's weights misses some": (
        "wasm_modules/attention_prefill/combine.wat",
        'plus("$sum%d" % j, "$w")',
        'plus("$sum%d" % 0, "$w")',
        "f32-scalar,f32-simd,f32-relaxed",
    ),
    "a tile of values takes the weights of its first query": (
        "wasm_modules/attention_prefill/cells.wat",
        "{{ 4 * i + n % 4 }}",
        "{{ n % 4 }}",
        "f32-simd,f32-relaxed",
    ),
}
