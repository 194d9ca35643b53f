"""The Wasm variants of scan. ``f32-scalar`` comes first: it is the baseline where none is named."""

from app.core.target import Runtime
from app.core.variant import Variant


def _scan(how: str, summary: str, requires: tuple[str, ...]) -> Variant:
    return Variant(
        workload="scan",
        name=f"f32-{how}",
        runtime=Runtime.WASM,
        summary=summary,
        template="scan.wat",
        layout="padded",
        storage="f32",
        compute="f32",
        techniques=(how,),
        requires=requires,
        options={"p": "i32", "shared": False},
        quick=False,
    )


VARIANTS = [
    _scan("scalar", "one sum after the other", ()),
    _scan("simd", "four sums at a time by shifted additions (SIMD128)", ("simd",)),
]
