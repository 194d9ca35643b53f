"""The Wasm variants of depthwise. ``f32-scalar``, the baseline, comes first."""

from msgspec.structs import replace

from app.core.variant import Parameter
from wasm_modules.ways import float_variants

# Nine weights stay in registers beside sums and pixels, of which there are sixteen in all.
PIXELS = Parameter("pixels", gpu=2, cpu=2, choices=(1, 2, 4))

VARIANTS = [
    replace(variant, template="direct.wat", quick="threads" not in variant.techniques)
    for variant in float_variants("depthwise", PIXELS)
]
