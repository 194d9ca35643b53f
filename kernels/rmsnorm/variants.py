"""The WGSL variants of rmsnorm. ``f32`` comes first: it is the baseline."""

from app.core.variant import Parameter
from kernels.rows import variant

# Rows that are walked together share what is loaded of the gain.
ROWS = Parameter("rows", gpu=1, cpu=4, choices=(1, 2, 4, 8))

WAYS = {
    (): "a thread walks rows of its own",
    ("subgroup",): "a thread walks rows of its own, the gain handed from lane to lane",
    ("rowwise",): "a workgroup walks a row together; a tree for the sum",
    ("rowwise", "subgroup"): "a workgroup walks a row together; subgroupAdd for the sum",
}
HALVES = ((), ("rowwise", "subgroup"))

VARIANTS = [
    *(variant("rmsnorm", "f32", how, summary, ROWS) for how, summary in WAYS.items()),
    *(variant("rmsnorm", "f16", how, WAYS[how], ROWS) for how in HALVES),
]
