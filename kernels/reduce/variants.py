"""The WGSL variants of reduce. ``f32`` comes first: it is the baseline."""

from app.core.target import Runtime
from app.core.variant import Parameter, Variant

# A CPU adapter runs a workgroup on one core, so a few per core are enough; GPUs want thousands of threads
# in flight. Which thread reads what decides most: see the template.
PARAMETERS = (
    Parameter("workgroup_size", gpu=256, cpu=64, choices=(32, 64, 128, 256)),
    Parameter("groups", gpu=1024, cpu=16, choices=(16, 64, 256, 1024)),
    Parameter("unroll", gpu=4, cpu=4, choices=(1, 2, 4, 8)),
    Parameter("order", gpu="adjacent", cpu="contiguous", choices=("adjacent", "contiguous")),
)


def _reduce(technique: str, summary: str, requires: tuple[str, ...] = ()) -> Variant:
    return Variant(
        workload="reduce",
        name=f"f32+{technique}",
        runtime=Runtime.WGSL,
        summary=summary,
        template="reduce.wgsl",
        layout="words",
        storage="f32",
        compute="f32",
        techniques=(technique,),
        requires=requires,
        parameters=PARAMETERS,
        quick=False,
    )


VARIANTS = [
    _reduce("shared", "a workgroup adds up in a tree in its memory"),
    _reduce("subgroup", "a workgroup adds up by subgroupAdd", ("subgroups",)),
]
