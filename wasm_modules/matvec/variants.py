"""The Wasm variants of matvec. ``f32-scalar`` comes first: it is the base line where none is named."""

from app.core.target import Runtime
from app.core.variant import Parameter, Variant

# Independent sums hide the latency of an addition; the rest is one stream of weights, as memory likes it.
SUMS = Parameter("sums", gpu=4, cpu=4, choices=(1, 2, 4, 8))


def _f32(name: str, summary: str, technique: str, requires: tuple[str, ...]) -> Variant:
    return Variant(
        workload="matvec",
        name=name,
        runtime=Runtime.WASM,
        summary=summary,
        template="f32_scalar.wat" if technique == "scalar" else "f32_simd.wat",
        layout="f32",
        storage="f32",
        compute="f32",
        techniques=(technique,),
        requires=requires,
        parameters=(SUMS,),
    )


VARIANTS = [
    _f32("f32-scalar", "one 32-bit float at a time", "scalar", ()),
    _f32("f32-simd", "four floats at a time (SIMD128)", "simd", ("simd",)),
    _f32("f32-relaxed", "four floats at a time, fused multiply-add", "relaxed", ("simd", "relaxed-simd")),
    Variant(
        workload="matvec",
        name="i8-relaxed",
        runtime=Runtime.WASM,
        summary="8-bit weights by a 7-bit vector, sixteen products an instruction (relaxed dot)",
        template="i8_relaxed.wat",
        layout="i8-i7",
        storage="i8",
        compute="i8",
        techniques=("relaxed", "dot"),
        requires=("simd", "relaxed-simd"),
        parameters=(SUMS,),
    ),
]
