"""The WGSL variants of softmax. ``f32`` comes first: it is the baseline."""

from app.core.variant import Parameter
from kernels.rows import variant

UNROLL = Parameter("unroll", gpu=2, cpu=4, choices=(1, 2, 4, 8))

WAYS = {
    (): "a thread walks rows of its own: for the largest, for the sum, for the answer",
    ("online",): "a thread has a row; largest and sum in one walk",
    ("rowwise",): "a workgroup walks a row together; trees for largest and sum",
    ("online", "rowwise"): "a workgroup has a row; largest and sum in one walk",
    ("rowwise", "subgroup"): "a workgroup walks a row together; subgroupMax and subgroupAdd",
}
HALVES = (("online",), ("rowwise", "subgroup"))

VARIANTS = [
    *(variant("softmax", "f32", how, summary, UNROLL) for how, summary in WAYS.items()),
    *(variant("softmax", "f16", how, WAYS[how], UNROLL) for how in HALVES),
]
