"""The WGSL variants of q4-matmul: format x arithmetic, staged or not. ``f32``, the first, is the baseline."""

from msgspec.structs import replace

from app.core.target import Runtime
from app.core.variant import Variant
from kernels.matmul.variants import BLOCK_TILE, STAGED_BLOCKS
from kernels.matmul.variants import VARIANTS as MATMUL
from kernels.q4_matvec.variants import ARITHMETIC, FORMATS

STAGING = {
    (): "a thread unpacks rows of its own for all its tokens",
    ("shared",): "a workgroup stages what it unpacks",
}


def _variant(format: str, compute: str, techniques: tuple[str, ...]) -> Variant:
    suffix, needs, how = ARITHMETIC[compute]
    return Variant(
        workload="q4-matmul",
        name="+".join([f"{format}{suffix}", *techniques]),
        runtime=Runtime.WGSL,
        summary=f"{FORMATS[format]}; {how}; {STAGING[techniques]}",
        template="staged.wgsl" if techniques else "threads.wgsl",
        layout=f"{format}-{compute}",
        storage="q4",
        compute=compute,
        techniques=(*techniques, "dot4") if compute == "i8" else techniques,
        requires=needs,
        parameters=STAGED_BLOCKS if techniques else BLOCK_TILE,
        options={"format": format},
        quick=not techniques,
    )


def _cooperative(format: str) -> Variant:
    """The weights in 16 bits, multiplied as matmul's cooperative variant does."""
    like = next(variant for variant in MATMUL if variant.name == "f16-cooperative")
    return replace(
        like,
        workload="q4-matmul",
        name=f"{format}-cooperative",
        summary=f"{FORMATS[format]}; unpacked to 16 bits, and a subgroup multiplies whole tiles as one step",
        layout=f"{format}-f16",
        storage="q4",
        options={"format": format},
    )


F32 = replace(
    next(variant for variant in MATMUL if variant.name == "f32-tile"),
    workload="q4-matmul",
    name="f32",
    summary="32-bit weights in register tiles: what 4 bits are compared with",
    template="f32.wgsl",
    layout="f32",
)

VARIANTS = [
    F32,
    *(_variant(form, compute, how) for how in STAGING for form in FORMATS for compute in ARITHMETIC),
    *map(_cooperative, FORMATS),
]
