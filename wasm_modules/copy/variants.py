"""The Wasm variants of copy: by registers, and by the engine's own instruction."""

from app.core.target import Runtime
from app.core.variant import Variant


def _copy(name: str, technique: str, summary: str, requires: tuple[str, ...]) -> Variant:
    return Variant(
        workload="copy",
        name=name,
        runtime=Runtime.WASM,
        summary=summary,
        template="copy.wat",
        layout="padded",
        storage="f32",
        compute="f32",
        techniques=(technique,),
        requires=requires,
        options={"p": "i32", "shared": False},
        quick=False,
    )


VARIANTS = [
    _copy("f32-bulk", "bulk", "memory.copy: the engine's own copy", ("bulk-memory",)),
    _copy("f32-simd", "simd", "four floats at a time (SIMD128)", ("simd",)),
]
