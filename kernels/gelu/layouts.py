"""How the operand of gelu lies in memory for WGSL: in whole words."""

from kernels.elements import layouts

LAYOUTS = layouts("x")
