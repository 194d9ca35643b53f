"""The Wasm variants of q4-matvec: format x arithmetic. ``f32`` comes first: it is the baseline."""

from app.core.target import Runtime
from app.core.variant import Parameter, Variant

FORMATS = {
    "q4f16_1": "MLC's q4f16_1",
    "nbits": "ONNX Runtime's MatMulNBits",
    "q4_0": "llama.cpp's Q4_0",
    "q4_k": "llama.cpp's Q4_K",
}
ARITHMETIC = {
    "f32": ("", ("simd",), "widened to f32, four at a time (SIMD128)"),
    "i8": ("-i8-relaxed", ("simd", "relaxed-simd"), "the vector in blocks of 8 bits, relaxed dot"),
}

PARAMETERS = (
    Parameter("rows", gpu=1, cpu=1, choices=(1, 2, 4, 8)),
    Parameter("opt_level", gpu="speed", cpu="speed", choices=("none", "speed")),
)


def _variant(format: str, compute: str) -> Variant:
    suffix, needs, how = ARITHMETIC[compute]
    return Variant(
        workload="q4-matvec",
        name=f"{format}{suffix}",
        runtime=Runtime.WASM,
        summary=f"{FORMATS[format]}; {how}",
        template="rows.wat",
        layout=f"{format}-{compute}",
        storage="q4",
        compute=compute,
        techniques=("relaxed",) if compute == "i8" else ("simd",),
        requires=needs,
        parameters=PARAMETERS,
        options={"format": format, "p": "i32", "shared": False},
    )


F32 = Variant(
    workload="q4-matvec",
    name="f32",
    runtime=Runtime.WASM,
    summary="32-bit weights, eight rows interleaved into one stream, fused multiply-add",
    template="f32.wat",
    layout="f32",
    storage="f32",
    compute="f32",
    techniques=("relaxed",),
    requires=("simd", "relaxed-simd"),
    parameters=(
        Parameter("rows", gpu=8, cpu=8, choices=(2, 4, 8)),
        Parameter("sums", gpu=1, cpu=1, choices=(1, 2)),
        PARAMETERS[1],
    ),
    options={
        "p": "i32",
        "shared": False,
        "arithmetic": "relaxed",
        "vector": "v128",
        "lanes": 4,
        "width": 16,
        "halves": 1,
    },
)

VARIANTS = [F32, *(_variant(form, compute) for compute in ARITHMETIC for form in FORMATS)]
