"""What breaks the templates of ``linear``; see the package."""

MUTATIONS = {
    "a layer's gelu has another slope": (
        "kernels/linear/gelu.wgsl",
        "0.044715 * z * z * z",
        "0.044715 * z * z",
        "f32-naive,f32-tile,f32-tile+shared+splitk,f16-tile+subgroup,f32-tile+apart",
    ),
    "the bias is that of the first columns": (
        "kernels/linear/apart.wgsl",
        "bias[id.x]",
        "bias[0]",
        "f32-tile+apart,f16-tile+apart",
    ),
    "the residual is added twice": (
        "kernels/linear/apart.wgsl",
        "activated[at] + residual[at]",
        "activated[at] + 2.0 * residual[at]",
        "f32-tile+apart,f16-tile+apart",
    ),
}
