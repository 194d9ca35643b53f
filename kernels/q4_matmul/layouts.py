"""How the operands of q4-matmul lie in memory for WGSL: those of q4-matvec, with a vector for each token."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from app.core.program import RESULT as ANSWER
from app.core.program import Grid, Layout, Role, Rows
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.blocks import FORMATS
from kernels.matmul.layouts import LAYOUTS as MATMUL
from kernels.q4_matvec.layouts import RESULT, weights_and_vectors


def _f32(operands: Operands, parameters: Parameters) -> Layout:
    """X and A^T as matmul has its operands."""
    matrix, x = operands
    found = MATMUL["f32-words"]((x, matrix.T), parameters)
    return replace(found, stored=lambda: operands, roles={"a": Role.ACTIVATIONS})


def _q4(format: str, compute: str, operands: Operands, parameters: Parameters) -> Layout:
    found = weights_and_vectors(format, compute, operands)
    (rows, _), tokens = operands[0].shape, len(operands[1])
    p = {name: int(value) for name, value in parameters.items()}
    across = -(-rows // (p["tile_rows"] * p["workgroup_x"]))

    def grids(count: int) -> dict[str, Grid]:
        return {"main": (across, -(-count // (p["tile_tokens"] * p["workgroup_y"])), 1)}

    sizes = {name: found.buffers[name].nbytes // tokens for name in found.roles}
    # The answer lies token after token, as the next layer reads it, so weights are no rows of it.
    in_parts = Rows(tokens, {**sizes, ANSWER: RESULT.itemsize * rows}, grids, scalar="tokens")
    return replace(
        found,
        scalars={**found.scalars, "tokens": tokens},
        passes=in_parts.passes,
        rows=in_parts,
        decode=lambda raw: raw.reshape(tokens, rows),
    )


LAYOUTS: dict[str, Callable[[Operands, Parameters], Layout]] = {
    "f32": _f32,
    **{
        f"{form}-{compute}": partial(_q4, form, compute)
        for form in FORMATS
        for compute in ("f32", "f16", "i8")
    },
}
