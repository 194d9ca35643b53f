"""The Wasm variants of gather. ``f32-bulk`` comes first: it is the baseline where none is named."""

from app.core.target import Runtime
from app.core.variant import Variant


def _gather(how: str, summary: str, requires: tuple[str, ...]) -> Variant:
    return Variant(
        workload="gather",
        name=f"f32-{how}",
        runtime=Runtime.WASM,
        summary=summary,
        template="gather.wat",
        layout="padded",
        storage="f32",
        compute="f32",
        techniques=(how,),
        requires=requires,
        options={"p": "i32", "shared": False},
        quick=False,
    )


VARIANTS = [
    _gather("bulk", "memory.copy: the engine's own copy of a row", ("bulk-memory",)),
    _gather("simd", "four floats at a time (SIMD128)", ("simd", "bulk-memory")),
]
