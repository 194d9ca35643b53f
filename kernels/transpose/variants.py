"""The WGSL variants of transpose. ``f32``, which reads in order, comes first: it is the baseline."""

from app.core.target import Runtime
from app.core.variant import Parameter, Variant

THREADS = (
    Parameter("workgroup_x", gpu=64, cpu=64, choices=(8, 16, 32, 64)),
    Parameter("workgroup_y", gpu=4, cpu=4, choices=(1, 4, 8)),
)
TILE = (Parameter("tile", gpu=16, cpu=16, choices=(8, 16)),)
# Two blocks write half a cache line of each row at a time; four read as many lines again as they save.
BLOCKS = (
    Parameter("workgroup_size", gpu=64, cpu=128, choices=(8, 32, 64, 128)),
    Parameter("blocks", gpu=1, cpu=2, choices=(1, 2, 4)),
)


def _transpose(
    techniques: tuple[str, ...],
    summary: str,
    template: str,
    layout: str,
    parameters: tuple[Parameter, ...],
) -> Variant:
    return Variant(
        workload="transpose",
        name="+".join(["f32", *techniques]),
        runtime=Runtime.WGSL,
        summary=summary,
        template=template,
        layout=layout,
        storage="f32",
        compute="f32",
        techniques=techniques,
        parameters=parameters,
        quick=False,
    )


VARIANTS = [
    _transpose((), "reads in order, writes whole rows apart", "elements.wgsl", "elements", THREADS),
    _transpose(
        ("gathered",), "writes in order, reads whole rows apart", "elements.wgsl", "gathered", THREADS
    ),
    _transpose(("shared",), "both in order, a tile in workgroup memory", "shared.wgsl", "shared", TILE),
    _transpose(
        ("padded", "shared"),
        "both in order, a tile in workgroup memory whose rows are one element longer",
        "shared.wgsl",
        "shared",
        TILE,
    ),
    _transpose(("tile",), "blocks of 4 x 4 in registers, words of four", "tile.wgsl", "blocks", BLOCKS),
]
