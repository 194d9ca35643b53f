"""The Wasm variants of conv2d. The direct ``f32-scalar``, the baseline, comes first."""

from msgspec.structs import replace

from app.core.variant import Parameter, Variant
from app.workloads.conv2d import WINOGRAD_WORK
from wasm_modules.matmul.variants import NAMED
from wasm_modules.ways import float_variants, with_threads

HOWS = {
    "im2col": "two steps: windows copied beside each other, then a product of packed panels",
    "winograd": "Winograd's F(2x2, 3x3) in steps: 16 products for each 4 pixels in the place of 36",
}


# So many sums fit into sixteen registers beside the weights.
WALK = (
    Parameter("pixels", gpu=2, cpu=2, choices=(1, 2, 4)),
    Parameter("columns", gpu=4, cpu=4, choices=(1, 2, 4)),
)


def _direct(variant: Variant) -> Variant:
    return replace(
        variant,
        summary=f"{variant.summary}; windows in place, several pixels and channels at a time",
        template="direct.wat",
        quick=variant.name in ("f32-scalar", "f32-relaxed"),
    )


PLANES = (
    Parameter("outputs", gpu=4, cpu=4, choices=(1, 2, 4)),
    Parameter("vectors", gpu=2, cpu=2, choices=(1, 2)),
)


def _planes(variant: Variant) -> Variant:
    return replace(
        variant,
        name=f"{variant.name}-nchw",
        summary=f"{variant.summary}; channel after channel, several of them and pixels at a time",
        template="planes.wat",
        layout="nchw",
        techniques=(*variant.techniques, "nchw"),
        quick=variant.name == "f32-relaxed",
        # Cranelift's optimiser moves loads apart from what they are for, and runs out of registers.
        parameters=(*PLANES, Parameter("opt_level", gpu="none", cpu="none", choices=("none", "speed"))),
    )


def _product(how: str, arithmetic: str) -> Variant:
    like = NAMED[f"f32-{arithmetic}"]
    return replace(
        like,
        workload="conv2d",
        name=f"f32-{arithmetic}-{how}",
        summary=f"{like.summary.partition(', ')[2]}; {HOWS[how]}",
        layout=how,
        techniques=(*like.techniques, how),
        work=WINOGRAD_WORK if how == "winograd" else 1.0,
        quick=arithmetic == "relaxed",
    )


_PRODUCTS = [_product(how, arithmetic) for how in HOWS for arithmetic in ("simd", "relaxed")]

VARIANTS = [
    *map(_direct, float_variants("conv2d", *WALK)),
    *(_planes(one) for one in float_variants("conv2d") if one.name in ("f32-simd", "f32-relaxed")),
    *_PRODUCTS,
    *(with_threads(one) for one in _PRODUCTS if "relaxed" in one.techniques),
]
