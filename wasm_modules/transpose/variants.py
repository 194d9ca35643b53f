"""The Wasm variants of transpose. ``f32-scalar`` comes first: it is the baseline where none is named."""

from app.core.target import Runtime
from app.core.variant import Parameter, Variant
from wasm_modules.ways import with_threads


def _transpose(how: str, summary: str, lanes: int, rows: int, requires: tuple[str, ...]) -> Variant:
    return Variant(
        workload="transpose",
        name=f"f32-{how}",
        runtime=Runtime.WASM,
        summary=summary,
        template="transpose.wat",
        layout="bands",
        storage="f32",
        compute="f32",
        techniques=(how,),
        requires=requires,
        # Sixteen make a whole cache line in each row of the answer, and as many streams of reads.
        parameters=(Parameter("rows", gpu=rows, cpu=rows, choices=(4, 8, 16)),),
        options={"p": "i32", "shared": False, "lanes": lanes},
        quick=False,
    )


_ONE_THREAD = [
    _transpose("scalar", "one float at a time, the answer in order", 1, 8, ()),
    _transpose("simd", "blocks of 4 x 4 by shuffles (SIMD128)", 4, 16, ("simd",)),
]
VARIANTS = [*_ONE_THREAD, with_threads(_ONE_THREAD[-1])]
