"""The WGSL variants of matvec. ``f32`` comes first: it is the base line."""

from app.core.target import Runtime
from app.core.variant import Parameter, Variant

# One thread that walks several rows loads the vector once for all of them. CPU adapters gain most from
# it (llvmpipe: 1.7x at eight rows); on GPUs four rows keep enough threads in flight.
ROWS = Parameter("rows_per_thread", gpu=4, cpu=8, choices=(1, 2, 4, 8, 16))
WORKGROUP = Parameter("workgroup_size", gpu=64, cpu=64, choices=(32, 64, 128, 256))


def _matvec(
    name: str,
    storage: str,
    compute: str,
    summary: str,
    requires: tuple[str, ...] = (),
    techniques: tuple[str, ...] = (),
) -> Variant:
    return Variant(
        workload="matvec",
        name=name,
        runtime=Runtime.WGSL,
        summary=summary,
        template="matvec.wgsl",
        layout=f"{storage}-{compute}",
        storage=storage,
        compute=compute,
        techniques=techniques,
        requires=requires,
        parameters=(ROWS, WORKGROUP),
    )


VARIANTS = [
    _matvec("f32", "f32", "f32", "32-bit floats throughout: the base line"),
    _matvec("f16", "f16", "f16", "16-bit storage and products, 32-bit sums", requires=("shader-f16",)),
    _matvec("f16-storage", "f16", "f32", "16-bit storage widened to 32-bit arithmetic; needs no feature"),
    _matvec("u8", "u8", "f32", "8-bit weights unpacked to 32-bit arithmetic"),
    _matvec(
        "u8-dot4",
        "u8",
        "u8",
        "8-bit weights and vector, four products an instruction (dot4U8Packed)",
        requires=("packed_4x8_integer_dot_product",),
        techniques=("dot4",),
    ),
]
