"""How the operands of q4-matmul lie in a Wasm memory: those of q4-matvec, with a vector for each token."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from app.core.program import Layout, Role
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.blocks import FORMATS
from app.workloads.quantise import contiguous
from wasm_modules.blocks import by_tokens
from wasm_modules.matmul.layouts import f32


def _f32(operands: Operands, parameters: Parameters) -> Layout:
    """X and A^T as matmul has its operands."""
    matrix, x = operands
    found = f32((x, contiguous(matrix.T)), parameters)
    return replace(found, stored=lambda: operands, roles={"a": Role.ACTIVATIONS})


LAYOUTS: dict[str, Callable[[Operands, Parameters], Layout]] = {
    "f32": _f32,
    **{
        f"{form}-{compute}": partial(by_tokens, form, compute)
        for form in FORMATS
        for compute in ("f32", "i8")
    },
}
