"""The WGSL variants of quantise. ``f32`` comes first: it is the baseline."""

from msgspec.structs import replace

from app.core.variant import Parameter, Variant
from kernels.q4_matvec.variants import DOT4
from kernels.rows import variant

ROWS = Parameter("rows", gpu=1, cpu=1, choices=(1, 2, 4))

WAYS = {
    (): "a thread has a block",
    ("rowwise",): "a workgroup has a block; a tree for the largest",
    ("rowwise", "subgroup"): "a workgroup has a block; subgroupMax for the largest",
}


def _variant(storage: str, techniques: tuple[str, ...]) -> Variant:
    found = variant("quantise", storage, techniques, WAYS[techniques], ROWS)
    return replace(found, requires=(DOT4, *found.requires))


VARIANTS = [
    *(_variant("f32", how) for how in WAYS),
    *(_variant("f16", how) for how in ((), ("rowwise", "subgroup"))),
]
