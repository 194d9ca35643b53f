"""How the operands of q4-matvec lie in memory for WGSL: the weights in the bytes of their format."""

from functools import partial

from app.workloads.blocks import FORMATS
from kernels.blocks import NEIGHBOURS, by_rows, swizzled
from kernels.matvec.layouts import LAYOUTS as MATVEC

LAYOUTS = {
    "f32": MATVEC["f32-f32-plain"],
    **{
        f"{form}-{compute}": partial(by_rows, form, compute)
        for form in FORMATS
        for compute in ("f32", "f16", "i8")
    },
    **{
        f"{form}-{compute}-swizzle": partial(swizzled, form, compute)
        for form in NEIGHBOURS
        for compute in ("f32", "i8")
    },
}
