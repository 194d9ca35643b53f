"""The Wasm variants of attention-decode. ``f32-scalar``, the baseline, comes first."""

from msgspec.structs import replace

from app.core.variant import Parameter, Variant
from wasm_modules.attention_prefill.variants import variants

# As many heads share keys in most models; where fewer do, lanes are idle.
TILES = (
    Parameter("queries", gpu=4, cpu=4, choices=(4, 8)),
    Parameter("keys", gpu=8, cpu=8, choices=(2, 4, 8)),
    Parameter("chunk", gpu=32, cpu=32, choices=(32, 64, 128, 256, 1024)),
)


def _tiles(variant: Variant) -> Variant:
    """``variant`` with tiles for so few queries; one without lanes has such already."""
    if "scalar" in variant.techniques:
        return variant
    own = {one.name: one for one in TILES}
    return replace(variant, parameters=tuple(own.get(one.name, one) for one in variant.parameters))


_F32 = [*map(_tiles, variants("attention-decode", "attention.wat", {"causal": False, "copied": False}))]
_RELAXED = next(variant for variant in _F32 if variant.name == "f32-relaxed")

VARIANTS = [
    *_F32,
    *(
        replace(_RELAXED, name=f"{storage}-storage", summary=summary, layout=storage, storage=storage)
        for storage, summary in (
            ("f16", "a cache of 16 bits widened to floats, fused multiply-add"),
            ("i8", "a cache of 8 bits with a scale for each head of a token, fused multiply-add"),
        )
    ),
]
