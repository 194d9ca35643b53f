"""The WGSL variants of gelu. ``f32`` comes first: it is the baseline."""

from kernels.elements import variant

SUMMARY = "erf by a polynomial and an exp, right to 1.5e-7"

VARIANTS = [variant("gelu", storage, (), SUMMARY) for storage in ("f32", "f16")]
