"""How the operands of swiglu lie in memory for WGSL: in whole words."""

from kernels.elements import layouts

LAYOUTS = layouts("gate", "up")
