"""The WGSL variants of linear: those of matmul in floats, the rest of the layer fused or in further steps."""

from msgspec.structs import replace

from app.core.variant import Variant
from kernels.matmul.variants import VARIANTS as MATMUL

REST = "bias, gelu and residual"


def _fused(product: Variant) -> Variant:
    return replace(
        product,
        workload="linear",
        summary=f"{product.summary}; {REST} fused",
        techniques=(*product.techniques, "fused"),
    )


def _apart(product: Variant) -> Variant:
    return replace(
        product,
        workload="linear",
        name=f"{product.name}+apart",
        summary=f"{product.summary}; then bias with gelu, and the residual, as steps of their own",
        template="apart.wgsl",
        layout=f"{product.storage}-apart",
        techniques=(*product.techniques, "apart"),
    )


_FLOATS = [
    v for v in MATMUL if v.storage in ("f32", "f16") and v.sums == "f32" and "cooperative" not in v.techniques
]

VARIANTS = [*map(_fused, _FLOATS), *(_apart(v) for v in _FLOATS if v.techniques == ("tile",))]
