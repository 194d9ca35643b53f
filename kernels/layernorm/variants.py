"""The WGSL variants of layernorm. ``f32`` comes first: it is the baseline."""

from app.core.variant import Parameter
from kernels.rows import variant

# Rows that are walked together share what is loaded of gain and shift.
ROWS = Parameter("rows", gpu=1, cpu=4, choices=(1, 2, 4, 8))

WAYS = {
    (): "a thread walks rows of its own: for the mean, for the variance, for the answer",
    ("online",): "a thread has rows of its own; mean and variance in one walk (Welford)",
    ("online", "subgroup"): "mean and variance in one walk; gain and shift handed from lane to lane",
    ("rowwise",): "a workgroup walks a row together; trees for mean and variance",
    ("online", "rowwise"): "a workgroup has a row; mean and variance in one walk (Welford)",
    ("rowwise", "subgroup"): "a workgroup walks a row together; subgroupAdd for mean and variance",
}
HALVES = (("online",), ("rowwise", "subgroup"))

VARIANTS = [
    *(variant("layernorm", "f32", how, summary, ROWS) for how, summary in WAYS.items()),
    *(variant("layernorm", "f16", how, WAYS[how], ROWS) for how in HALVES),
]
