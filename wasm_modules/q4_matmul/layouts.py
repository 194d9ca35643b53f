"""How the operands of q4-matmul lie in a Wasm memory: those of q4-matvec, with a vector for each token."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from app.core.program import Layout, Role
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.blocks import FORMATS
from app.workloads.quantise import contiguous
from wasm_modules.matmul.layouts import f32
from wasm_modules.q4_matvec.layouts import weights_and_vectors


def _f32(operands: Operands, parameters: Parameters) -> Layout:
    """X and A^T as matmul has its operands."""
    matrix, x = operands
    found = f32((x, contiguous(matrix.T)), parameters)
    return replace(found, stored=lambda: operands, roles={"a": Role.ACTIVATIONS})


def _q4(format: str, compute: str, operands: Operands, parameters: Parameters) -> Layout:
    rows, tokens = len(operands[0]), len(operands[1])
    together = int(parameters["tokens"])
    found = weights_and_vectors(format, compute, operands, int(parameters["rows"]), together)
    batches = -(-tokens // together)
    return replace(
        found,
        scalars={**found.scalars, "batches": batches},
        decode=lambda raw: raw.reshape(batches * together, -1)[:tokens, :rows],
    )


LAYOUTS: dict[str, Callable[[Operands, Parameters], Layout]] = {
    "f32": _f32,
    **{f"{form}-{compute}": partial(_q4, form, compute) for form in FORMATS for compute in ("f32", "i8")},
}
