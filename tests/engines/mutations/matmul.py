"""What breaks the templates of ``matmul``; see the package."""

MUTATIONS = {
    "matmul drops a tail of the depth": (
        "wasm_modules/matmul/pack.wat",
        '(local.get $fast) (local.get $depth) {{ min("$rows", mr) }}',
        '(local.get $fast) (local.get $fast) {{ min("$rows", mr) }}',
        "i8-dot,i7-relaxed",
    ),
    "matmul leaves an edge out": (
        "wasm_modules/matmul/block.wat",
        "(call $copy (local.get $spare)",
        "(call $copy (local.get $at)",
        "f32-scalar,f32-simd,f32-relaxed,i8-scalar,i8-dot,i7-relaxed",
    ),
    "matmul shuffles the wrong row": (
        "wasm_modules/matmul/types.wat",
        "{{ lane * cell + n % cell }}",
        "{{ (lane + 1) % held * cell + n % cell }}",
        "f32-simd,f32-relaxed,i8-dot,i7-relaxed",
    ),
    "matmul packs A without its second row": (
        "wasm_modules/matmul/types.wat",
        '"(local.get $v%d)" % ((n + 1) % mr)',
        '"(local.get $v%d)" % (n % mr)',
        "f32-simd,f32-relaxed,i8-dot",
    ),
    "matmul scales all rows as the first": (
        "wasm_modules/matmul/types.wat",
        "offset={{ 4 * i }} (local.get $row_scales)",
        "(local.get $row_scales)",
        "i8-dot+channels,i7-relaxed+channels",
    ),
    "matmul forgets the zero point": (
        "wasm_modules/matmul/types.wat",
        "(i32x4.add (local.get {{ sum }}) (v128.load offset={{ 16 * j }} (local.get $zero)))",
        "(local.get {{ sum }})",
        "i7-relaxed",
    ),
    "matmul zips the wrong rows": (
        "wasm_modules/matmul/pack_bytes.wat",
        "0 1 16 17 2 3",
        "16 1 0 17 2 3",
        "i8-dot,i7-relaxed",
    ),
    "naive starts late": (
        "wasm_modules/matmul/naive.wat",
        '{{ set("$k", "$depth") }}',
        '{{ set("$k", add("$depth", -1)) }}',
        "f32-naive",
    ),
    "naive drops a product": (
        "kernels/matmul/simple.wgsl",
        "var k = 0u; k < shape.depth; k++",
        "var k = 1u; k < shape.depth; k++",
        "f32-naive,f16-naive,u8-dot4-naive",
    ),
    "shared tiles end early": (
        "kernels/matmul/simple.wgsl",
        "k + local.x < depth",
        "k + local.x + 1u < depth",
        "f32-shared,f16-sum16-shared,u8-dot4-shared",
    ),
    "register tiles drop a word": (
        "kernels/matmul/tile.wgsl",
        "var k = 0u; k < depth; k++",
        "var k = 1u; k < depth; k++",
        "f32-tile,f16-tile,u8-dot4-tile,f32-tile+swizzle",
    ),
    "register tiles drop a product": (
        "kernels/matmul/words.wgsl",
        "{%- for i in range(4) %}",
        "{%- for i in range(3) %}",
        "f32-tile,f32-tile+shared,f16-sum16-tile+subgroup+swizzle",
    ),
    "lanes of a tile get each other's words": (
        "kernels/matmul/tile.wgsl",
        "{{ r % together }}u",
        "{{ (r + 1) % together }}u",
        "f32-tile+subgroup,u8-dot4-tile+subgroup+swizzle",
    ),
    "staging stands still": (
        "kernels/matmul/staging.wgsl",
        "a[from_a{{ i }} + {{ k }}]",
        "a[from_a{{ i }}]",
        "f32-tile+shared,u8-dot4-tile+shared",
    ),
    "leaves a part of the depth out": (
        "kernels/matmul/sums.wgsl",
        "var i = 1u; i < {{ split }}u",
        "var i = 2u; i < {{ split }}u",
        "f32-tile+shared+splitk,u8-dot4-tile+shared+splitk",
    ),
    "bands of workgroups overlap": (
        "kernels/matmul/tile.wgsl",
        "u + within % band_rows",
        "u",
        "f32-tile+swizzle,u8-dot4-tile+swizzle",
    ),
    "columns keep their zero points": (
        "kernels/matmul/words.wgsl",
        " + column_zero[{{ column }}]",
        "",
        "u8-dot4-tile,u8-dot4-tile+shared",
    ),
    "every row of channels has the scale of the first": (
        "kernels/matmul/words.wgsl",
        "row_scales[{{ row }}]",
        "row_scales[0]",
        "i8-dot4-tile+channels,i8-dot4-tile+channels+shared",
    ),
}
