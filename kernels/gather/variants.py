"""The WGSL variants of gather. ``f32`` comes first: it is the baseline."""

from app.core.variant import Parameter
from kernels.rows import variant

UNROLL = Parameter("unroll", gpu=1, cpu=4, choices=(1, 2, 4))

WAYS = {
    (): "a thread copies a row",
    ("rowwise",): "a workgroup copies a row, neighbouring lanes neighbouring words",
}

VARIANTS = [
    variant("gather", storage, how, summary, UNROLL)
    for storage in ("f32", "f16")
    for how, summary in WAYS.items()
]
