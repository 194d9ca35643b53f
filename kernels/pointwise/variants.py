"""The WGSL variants of pointwise: products of matmul, pixels by channels or channels by pixels."""

from msgspec.structs import replace

from app.core.variant import Parameter, Variant
from kernels.conv2d.variants import of_images
from kernels.matmul.variants import VARIANTS as MATMUL

QUICK = ("f32-naive", "f32-tile", "f32-tile+shared", "f16-tile")
HOWS = (("naive",), ("tile",), ("tile", "shared"), ("tile", "subgroup"))


def _parameters(product: Variant) -> tuple[Parameter, ...]:
    """Lanes that hand each other words of a row lie in one line."""
    own = of_images(product.parameters)
    if "subgroup" not in product.techniques:
        return own
    return tuple(
        ours if ours.name.startswith("tile") else theirs
        for ours, theirs in zip(own, product.parameters, strict=True)
    )


def _pixels(product: Variant) -> Variant:
    return replace(
        product,
        workload="pointwise",
        summary=f"{product.summary}; channels innermost",
        parameters=_parameters(product),
        quick=product.name in QUICK,
    )


def _channels(product: Variant) -> Variant:
    return replace(
        product,
        workload="pointwise",
        name=product.name.replace("-", "-nchw-"),
        summary=f"{product.summary}; channels outermost",
        layout=f"{product.layout}-nchw",
        techniques=(*product.techniques, "nchw"),
        parameters=_parameters(product),
        quick=False,
    )


_FLOATS = [v for v in MATMUL if v.sums == "f32" and v.storage in ("f32", "f16") and v.techniques in HOWS]

VARIANTS = [
    *map(_pixels, _FLOATS),
    *(
        _channels(v)
        for v in _FLOATS
        if v.storage == "f32" and v.techniques in (("tile",), ("tile", "shared"))
    ),
]
