"""What breaks the templates of ``transpose``; see the package."""

MUTATIONS = {
    "transpose reads the first columns alone": (
        "kernels/transpose/elements.wgsl",
        "shape.columns + column]",
        "shape.columns + min(column, 7u)]",
        "f32,f32+gathered",
    ),
    "transpose turns no tile over": (
        "kernels/transpose/shared.wgsl",
        "tile[local.x * {{ pitch }}u + local.y]",
        "tile[local.y * {{ pitch }}u + local.x]",
        "f32+shared,f32+padded+shared",
    ),
    "transpose repeats a block": (
        "kernels/transpose/tile.wgsl",
        "w{{ 4 * b + i }}",
        "w{{ i }}",
        "f32+tile",
    ),
    "transpose of Wasm lets bands overlap": (
        "wasm_modules/transpose/transpose.wat",
        'mul("$row_bytes", rows)',
        '"$row_bytes"',
        "f32-scalar,f32-simd",
    ),
}
