"""The WGSL variants of swiglu. ``f32`` comes first: it is the baseline."""

from kernels.elements import variant

FUSED = "sigmoid and both products in one pass"
APART = "two passes: the gate's own product goes through memory"

VARIANTS = [
    variant("swiglu", "f32", (), FUSED),
    variant("swiglu", "f32", ("apart",), APART),
    variant("swiglu", "f16", (), FUSED),
]
