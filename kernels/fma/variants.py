"""The WGSL variants of fma, one per type of products."""

from app.core.target import Runtime
from app.core.variant import Parameter, Variant
from app.workloads.fma import LANES, STEPS

# A multiply-add takes four cycles or so, and a core starts two in each: eight chains keep it busy. GPUs hide
# the rest by their many threads; they compute f16 in pairs.
WORKGROUP = Parameter("workgroup_size", gpu=256, cpu=64, choices=(32, 64, 128, 256))
CHAINS = Parameter("chains", gpu=8, cpu=8, choices=(2, 4, 8))
DOT4 = "packed_4x8_integer_dot_product"


def _fma(
    name: str, compute: str, summary: str, requires: tuple[str, ...], width: Parameter | None, layout: str
) -> Variant:
    return Variant(
        workload="fma",
        name=name,
        runtime=Runtime.WGSL,
        summary=summary,
        template="fma.wgsl",
        layout=layout,
        storage="f32",
        compute=compute,
        techniques=("dot4",) if compute in ("u8", "i8") else (),
        requires=requires,
        parameters=(WORKGROUP, CHAINS, width) if width else (WORKGROUP, CHAINS),
        options={"lanes": LANES, "steps": STEPS, **({} if width else {"width": 1})},
        quick=False,
    )


WIDTHS = (1, 2, 4)

VARIANTS = [
    _fma("f32", "f32", "32-bit multiply-adds", (), Parameter("width", 1, 1, WIDTHS), "floats"),
    _fma("f16", "f16", "16-bit ones", ("shader-f16",), Parameter("width", 2, 1, WIDTHS), "floats"),
    _fma("u8-dot4", "u8", "four 8-bit ones an instruction (dot4U8Packed)", (DOT4,), None, "dot4"),
    _fma("i8-dot4", "i8", "signed ones (dot4I8Packed)", (DOT4,), None, "dot4"),
]
