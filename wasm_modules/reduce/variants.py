"""The Wasm variant of reduce: how fast one thread reads."""

from app.core.target import Runtime
from app.core.variant import Variant

VARIANTS = [
    Variant(
        workload="reduce",
        name="f32-simd",
        runtime=Runtime.WASM,
        summary="four floats at a time (SIMD128), eight sums",
        template="reduce.wat",
        layout="padded",
        storage="f32",
        compute="f32",
        techniques=("simd",),
        requires=("simd",),
        options={"p": "i32", "shared": False},
        quick=False,
    )
]
