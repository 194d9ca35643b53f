"""The WGSL variants of softmax. ``f32`` comes first: it is the baseline."""

from msgspec.structs import replace

from app.core.variant import Parameter, Variant
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

HELD = "a subgroup holds a row in its registers, read once"

# As many lanes as a CPU has in a vector register: what a lane holds stays in the first cache.
GROUP = Parameter("workgroup_size", gpu=32, cpu=8, choices=(8, 16, 32, 64, 128))
COLUMNS = Parameter("columns", gpu=2048, cpu=2048, side=1)
# Fewer lanes than that leave words that none holds; a target may tell how many there are at least.
LANES = Parameter("lanes", gpu=32, cpu=4, limit="subgroupMinSize")
MOST = Parameter("most", gpu=32, cpu=64, choices=(8, 16, 32, 64))


def _held(storage: str) -> Variant:
    found = variant("softmax", storage, ("held", "rowwise", "subgroup"), HELD, COLUMNS)
    return replace(found, template="held.wgsl", parameters=(GROUP, COLUMNS, LANES, MOST))


VARIANTS = [
    *(variant("softmax", "f32", how, summary, UNROLL) for how, summary in WAYS.items()),
    *(variant("softmax", "f16", how, WAYS[how], UNROLL) for how in HALVES),
    *(_held(storage) for storage in ("f32", "f16")),
]
