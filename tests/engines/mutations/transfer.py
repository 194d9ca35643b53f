"""What breaks the templates of ``transfer``; see the package."""

MUTATIONS = {
    "a dispatch leaves a number out": (
        "kernels/transfer/copy.wgsl",
        "var i = lane;",
        "var i = lane + 1u;",
        "dispatch",
    ),
}
