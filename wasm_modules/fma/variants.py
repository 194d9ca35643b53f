"""The Wasm variants of fma: what 128-bit registers can do at most."""

from app.core.target import Runtime
from app.core.variant import Parameter, Variant
from app.workloads.fma import STEPS

# A multiply-add takes four cycles and a core starts two in each: eight chains just keep it busy, twelve do.
XS = Parameter("xs", gpu=3, cpu=3, choices=(2, 3))


def _fma(name: str, compute: str, layout: str, summary: str) -> Variant:
    return Variant(
        workload="fma",
        name=name,
        runtime=Runtime.WASM,
        summary=summary,
        template="fma.wat",
        layout=layout,
        storage="f32",
        compute=compute,
        techniques=("relaxed",),
        requires=("simd", "relaxed-simd"),
        parameters=(XS,),
        options={"p": "i32", "shared": False, "steps": STEPS},
        quick=False,
    )


VARIANTS = [
    _fma("f32-relaxed", "f32", "f32", "four fused multiply-adds an instruction"),
    _fma("i8-relaxed", "i8", "dot", "sixteen 8-bit multiply-adds an instruction (relaxed dot)"),
]
