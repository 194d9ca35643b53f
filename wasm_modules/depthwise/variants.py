"""The Wasm variants of depthwise. ``f32-scalar``, the baseline, comes first."""

from msgspec.structs import replace

from app.core.variant import Parameter
from wasm_modules.ways import float_variants

# Nine weights stay in registers beside sums and pixels, sixteen in all: with all loads moved to the front, as
# the optimiser does, none would be left.
WALK = (
    Parameter("pixels", gpu=3, cpu=3, choices=(1, 2, 3, 4)),
    Parameter("opt_level", gpu="none", cpu="none", choices=("none", "speed")),
)

VARIANTS = [
    replace(
        variant,
        template="direct.wat",
        parameters=(*WALK, *(one for one in variant.parameters if one.name == "threads")),
        quick=variant.name in ("f32-scalar", "f32-relaxed"),
    )
    for variant in float_variants("depthwise")
]
