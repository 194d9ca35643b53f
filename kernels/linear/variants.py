"""The WGSL variants of linear: those of matmul in floats, the rest of the layer fused or in steps."""

from msgspec.structs import replace

from app.core.variant import Parameter, Variant
from kernels.matmul.variants import VARIANTS as MATMUL

REST = "bias, activation and residual"

ENDING = Parameter("ending", gpu=43, cpu=43, side=3)

# Sixteen rows of four gelus each, unrolled, are several times the text of their product, and a CPU's compiler
# takes seconds for it; on a GPU the sums stay in registers.
ROLLED = Parameter("rolled", gpu=0, cpu=1, choices=(0, 1))


def _fused(product: Variant) -> Variant:
    rolled = "tile" in product.techniques and "splitk" not in product.techniques
    return replace(
        product,
        workload="linear",
        summary=f"{product.summary}; {REST} fused",
        techniques=(*product.techniques, "fused"),
        parameters=(*product.parameters, ENDING, *([ROLLED] if rolled else [])),
    )


def _apart(product: Variant) -> Variant:
    return replace(
        product,
        workload="linear",
        name=f"{product.name}+apart",
        summary=f"{product.summary}; then bias with activation, and the residual, as steps of their own",
        template="apart.wgsl",
        layout=f"{product.storage}-apart",
        techniques=(*product.techniques, "apart"),
        parameters=(*product.parameters, ENDING),
    )


def _stored(product: Variant) -> Variant:
    """As ``product``, its operands in 16 bits that are widened to multiply."""
    return replace(
        product,
        name=product.name.replace("f32", "f16-storage", 1),
        summary=product.summary.replace("32-bit floats throughout", "16-bit storage, 32-bit arithmetic"),
        layout=product.layout.replace("f32", "f16", 1),
        storage="f16",
        requires=("shader-f16", *product.requires),
        quick=False,
    )


_FLOATS = [v for v in MATMUL if v.storage in ("f32", "f16") and v.sums == "f32"]
_STORED = [_stored(v) for v in _FLOATS if v.name in ("f32-tile", "f32-tile+shared", "f32-tile+subgroup")]

VARIANTS = [
    *(_fused(v) for v in (*_FLOATS, *_STORED)),
    *(_apart(v) for v in _FLOATS if v.techniques == ("tile",)),
]
