"""How the operands of q4-matmul lie in memory for WGSL: those of q4-matvec, with a vector for each token."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from app.core.program import Layout, Role
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.blocks import FORMATS
from kernels.blocks import by_tokens
from kernels.matmul.layouts import LAYOUTS as MATMUL


def _f32(operands: Operands, parameters: Parameters) -> Layout:
    """X and A^T as matmul has its operands."""
    matrix, x = operands
    found = MATMUL["f32-words"]((x, matrix.T), parameters)
    return replace(found, stored=lambda: operands, roles={"a": Role.ACTIVATIONS})


LAYOUTS: dict[str, Callable[[Operands, Parameters], Layout]] = {
    "f32": _f32,
    **{
        f"{form}-{compute}": partial(by_tokens, form, compute)
        for form in FORMATS
        for compute in ("f32", "f16", "i8")
    },
}
