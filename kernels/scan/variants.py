"""The WGSL variants of scan. ``f32``, a thread a share, comes first: it is the baseline.

A scan in one pass, whose workgroups look back at those before them, waits for progress that WebGPU does not
promise: there is none here.
"""

from app.core.target import Runtime
from app.core.variant import Parameter, Variant

SERIAL = (
    Parameter("workgroup_size", gpu=64, cpu=64, choices=(32, 64, 128)),
    Parameter("groups", gpu=64, cpu=4, choices=(4, 16, 64)),
)
TOGETHER = (Parameter("workgroup_size", gpu=256, cpu=64, choices=(32, 64, 128, 256)),)


def _scan(techniques: tuple[str, ...], summary: str) -> Variant:
    return Variant(
        workload="scan",
        name="+".join(["f32", *techniques]),
        runtime=Runtime.WGSL,
        summary=f"reduce, then scan: {summary}",
        template="scan.wgsl" if techniques else "serial.wgsl",
        layout="together" if techniques else "serial",
        storage="f32",
        compute="f32",
        techniques=techniques,
        requires=("subgroups",) if "subgroup" in techniques else (),
        parameters=TOGETHER if techniques else SERIAL,
        quick=False,
    )


VARIANTS = [
    _scan((), "each thread walks a share of its own"),
    _scan(("shared",), "a workgroup a share, Hillis and Steele's steps in its memory"),
    _scan(("blelloch", "shared"), "a workgroup a share, Blelloch's sweeps in its memory"),
    _scan(("subgroup",), "a workgroup a share, subgroupInclusiveAdd"),
]
