"""The WGSL variants of depthwise. The direct ``f32`` comes first: it is the baseline where none is named."""

from msgspec.structs import replace

from app.core.variant import Parameter, Variant
from kernels.conv2d.variants import direct

# Few channels fill few lanes: the others have pixels of their own.
TILE = (
    Parameter("pixels", gpu=4, cpu=8, choices=(1, 2, 4, 8)),
    Parameter("workgroup_x", gpu=8, cpu=8, choices=(4, 8, 16)),
    Parameter("workgroup_y", gpu=8, cpu=1, choices=(1, 2, 4, 8)),
)
SUMMARY = "a thread computes four channels of several pixels in a row"


def _tile(storage: str, compute: str, name: str, meaning: str) -> Variant:
    like = direct("depthwise", storage, summary="")
    return replace(
        like,
        name=f"{name}-tile",
        summary=f"{meaning}; {SUMMARY}",
        template="tile.wgsl",
        layout=f"{storage}-tile",
        compute=compute,
        techniques=("tile",),
        parameters=TILE,
        options={},
        quick=storage == compute,
    )


VARIANTS = [
    direct("depthwise", "f32", summary="a thread computes one channel of a pixel"),
    direct("depthwise", "f32", "nchw", summary="channel after channel, a thread computes one pixel of one"),
    direct("depthwise", "f16", summary="a thread computes one channel of a pixel"),
    _tile("f32", "f32", "f32", "32-bit floats throughout"),
    _tile("f16", "f32", "f16-storage", "16-bit storage, 32-bit arithmetic"),
    _tile("f16", "f16", "f16", "16-bit storage and products, 32-bit sums"),
]
