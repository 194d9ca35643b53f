"""The WGSL variants of conv2d. The direct ``f32`` comes first: it is the baseline where none is named."""

from msgspec.structs import replace

from app.core.target import Runtime
from app.core.variant import Parameter, Variant
from app.workloads.conv2d import WINOGRAD_WORK
from kernels.matmul.variants import VARIANTS as MATMUL

TYPES = {"f32": "32-bit floats throughout", "f16": "16-bit storage and products, 32-bit sums"}
PRODUCTS = {v.name: v for v in MATMUL}
# Channels of a pixel, or pixels of a row: a CPU adapter runs a workgroup on one core.
THREADS = (
    Parameter("workgroup_x", gpu=32, cpu=16, choices=(8, 16, 32, 64)),
    Parameter("workgroup_y", gpu=4, cpu=4, choices=(1, 2, 4, 8)),
)
HOWS = {
    "tile": "a product whose threads find the windows of their pixels in the image; tiles in registers",
    "tile+shared": "the same, windows and weights staged in workgroup memory",
    "im2col": "two steps: windows copied beside each other, then a product with tiles in registers",
    "winograd": "Winograd's F(2x2, 3x3) in three steps: 16 products for each 4 pixels in the place of 36",
}


def direct(workload: str, storage: str, *techniques: str, summary: str) -> Variant:
    """The variant in which a thread computes one element."""
    return Variant(
        workload=workload,
        name="-".join([storage, *techniques]),
        runtime=Runtime.WGSL,
        summary=f"{TYPES[storage]}; {summary}",
        template="direct.wgsl",
        layout=f"{storage}-{'nchw' if 'nchw' in techniques else 'direct'}",
        storage=storage,
        compute=storage,
        techniques=techniques,
        requires=("shader-f16",) if storage == "f16" else (),
        parameters=THREADS,
        options={"depthwise": workload == "depthwise"},
        quick=storage == "f32",
    )


def of_images(parameters: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
    """Those of a product whose columns are the channels of an image: 32 of them fill a workgroup."""
    own = {
        "tile_rows": Parameter("tile_rows", gpu=8, cpu=8, choices=(2, 4, 8, 16)),
        "tile_columns": Parameter("tile_columns", gpu=4, cpu=8, choices=(4, 8, 16)),
        "workgroup_x": Parameter("workgroup_x", gpu=8, cpu=4, choices=(4, 8, 16, 32)),
        "workgroup_y": Parameter("workgroup_y", gpu=8, cpu=2, choices=(1, 2, 4, 8, 16)),
        "stage": Parameter("stage", gpu=2, cpu=1, choices=(1, 2, 4)),
    }
    return tuple(own.get(one.name, one) for one in parameters)


def _product(storage: str, how: str) -> Variant:
    way = how.partition("+")[0]
    like = PRODUCTS[f"{storage}-{how if way == 'tile' else 'tile'}"]
    own = "implicit" if way == "tile" else way
    return replace(
        like,
        workload="conv2d",
        name=f"{storage}-{how}",
        summary=f"{TYPES[storage]}; {HOWS[how]}",
        template=like.template if way == "tile" else f"{way}.wgsl",
        layout=f"{storage}-{way}",
        techniques=(*like.techniques, own),
        parameters=of_images(like.parameters),
        work=WINOGRAD_WORK if way == "winograd" else 1.0,
        quick=storage == "f32" or how in ("tile", "winograd"),
    )


VARIANTS = [
    direct("conv2d", "f32", summary="a thread computes one channel of a pixel"),
    direct("conv2d", "f32", "nchw", summary="channel after channel, a thread computes one pixel of one"),
    direct("conv2d", "f16", summary="a thread computes one channel of a pixel"),
    *(_product(storage, how) for how in HOWS for storage in TYPES),
]
