"""What breaks the templates of ``q4-matvec``; see the package."""

MUTATIONS = {
    "codes of neighbours swap": (
        "kernels/q4_matvec/formats.wgsl",
        "let even = both & NIBBLES;",
        "let even = (both >> vec4<u32>(4u)) & NIBBLES;",
        "q4f16_1,nbits-dot4,nbits+rowwise+subgroup",
    ),
    "a block of 18 bytes begins in the wrong half": (
        "kernels/q4_matvec/formats.wgsl",
        "let within = k % 2u == 1u;",
        "let within = k % 2u == 0u;",
        "q4_0,q4_0-dot4+rowwise+subgroup",
    ),
    "two bits of a scale are lost": (
        "kernels/q4_matvec/formats.wgsl",
        "((head.y >> 2u) & 0x30303030u)",
        "((head.y >> 2u) & 0x10101010u)",
        "q4_k,q4_k-dot4",
    ),
    "the middle of the codes is forgotten": (
        "kernels/q4_matvec/arithmetic.wgsl",
        " + scaled.y * {{ b }}.offset",
        "",
        "q4f16_1-dot4,nbits-dot4,q4_0-dot4,q4_k-dot4",
    ),
    "a word of codes is multiplied twice": (
        "kernels/q4_matvec/arithmetic.wgsl",
        '"high.w"]',
        '"high.z"]',
        "q4f16_1,nbits-f16,q4_0,q4_k-f16",
    ),
    "a word of the vector is handed to the wrong place": (
        "kernels/q4_matvec/arithmetic.wgsl",
        "{{ word % together }}u",
        "{{ (word + 1) % together }}u",
        "q4_0+subgroup,q4f16_1+subgroup+swizzle,nbits-dot4+subgroup+swizzle",
    ),
    "the scale of another row": (
        "kernels/q4_matvec/swizzle.wgsl",
        '"xyzw"[r % 4]',
        '"xyzw"[(r + 1) % 4]',
        "nbits+subgroup+swizzle,q4f16_1-dot4+subgroup+swizzle",
    ),
    "a thread leaves the last block out": (
        "kernels/q4_matvec/threads.wgsl",
        "k < shape.blocks",
        "k + 1u < shape.blocks",
        "nbits,q4f16_1-dot4",
    ),
    "a subgroup leaves the last block out": (
        "kernels/q4_matvec/rowwise.wgsl",
        "k < end; k += lanes",
        "k + 1u < end; k += lanes",
        "nbits+rowwise+subgroup,q4f16_1-dot4+rowwise+subgroup",
    ),
    "the halves of bytes swap": (
        "wasm_modules/q4_matvec/formats.wat",
        '{{ "yes" if (b % 2 if format == "q4_k" else i) }}',
        '{{ "yes" if not (b % 2 if format == "q4_k" else i) }}',
        "q4f16_1,nbits-i8-relaxed,q4_0,q4_k-i8-relaxed",
    ),
    "a byte of six bits is the wrong one": (
        "wasm_modules/q4_matvec/formats.wat",
        "{{ 4 + 4 * word + b }}",
        "{{ 4 + 4 * word }}",
        "q4_k,q4_k-i8-relaxed",
    ),
    "the middle of the codes is another": (
        "wasm_modules/q4_matvec/formats.wat",
        "else -8",
        "else -7",
        "nbits,q4_0,q4_0-i8-relaxed",
    ),
    "half a block is multiplied twice": (
        "wasm_modules/q4_matvec/rows.wat",
        "{{ b * block_bytes + 48 }}",
        "{{ b * block_bytes + 32 }}",
        "q4f16_1-i8-relaxed,q4_k-i8-relaxed",
    ),
    "every row is the first": (
        "wasm_modules/q4_matvec/rows.wat",
        'inc("$at", mul("$units", rows * unit_bytes))',
        'inc("$at", 0)',
        "q4f16_1,q4_k",
    ),
}
