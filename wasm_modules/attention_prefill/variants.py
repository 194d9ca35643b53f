"""The Wasm variants of attention-prefill. ``f32-scalar``, the baseline, comes first."""

from msgspec.structs import replace

from app.core.variant import Parameter, Variant
from wasm_modules.ways import float_variants

CHUNK = Parameter("chunk", gpu=128, cpu=128, choices=(32, 64, 128, 256, 1024))
"""Keys whose values are read once for all columns."""

# Tiles of so many queries by keys, and by vectors of values, which fit into sixteen registers.
WIDE = (
    Parameter("queries", gpu=8, cpu=8, choices=(4, 8)),
    Parameter("keys", gpu=4, cpu=4, choices=(2, 4, 8)),
    Parameter("columns", gpu=2, cpu=2, choices=(1, 2)),
    CHUNK,
    Parameter("opt_level", gpu="none", cpu="none", choices=("none", "speed")),
)
SCALAR = (
    Parameter("queries", gpu=4, cpu=4, choices=(2, 4)),
    Parameter("keys", gpu=2, cpu=2, choices=(2, 4)),
    Parameter("columns", gpu=4, cpu=4, choices=(2, 4)),
    CHUNK,
)


def variants(workload: str, template: str, options: dict[str, int | str | bool]) -> list[Variant]:
    """Those of ``float_variants``, with the tiles of attention and these ``options`` of its template."""
    found = []
    for variant in float_variants(workload, *WIDE[:4]):
        own = {one.name: one for one in (SCALAR if "scalar" in variant.techniques else WIDE)}
        found.append(
            replace(
                variant,
                template=template,
                parameters=tuple(own.get(one.name, one) for one in variant.parameters),
                options={**variant.options, **options},
                quick=variant.name == "f32-relaxed",
            )
        )
    return found


VARIANTS = variants("attention-prefill", "attention.wat", {"causal": True, "copied": True})
