"""The WGSL recipes of decoder-layer: those of encoder, without scales by column: a single token has none."""

from kernels.encoder.variants import recipes

VARIANTS = recipes("decoder-layer", without=("i8-dot4+channels",))
