"""q4-matmul: Y = X A^T with weights of 4 bits, as a language model on a small device reads its prompt."""

import numpy as np

from app.core.kinds import NORMAL
from app.core.shape import Shape
from app.core.workload import Operands, Workload
from app.workloads import matmul, q4_matvec
from app.workloads.matmul import flops, sizes


def _operand_shapes(shape: Shape) -> tuple[tuple[int, ...], ...]:
    tokens, rows, columns = sizes(shape)
    return (rows, columns), (tokens, columns)


def _inputs(shape: Shape, seed: int, kind: str = NORMAL) -> Operands:
    """The weights A (rows, columns) of variance 1/columns and a row of X (tokens, columns) for each token."""
    tokens, rows, columns = sizes(shape)
    a, b = matmul.WORKLOAD.inputs(Shape(rows, tokens, columns), seed, kind)
    return a, np.ascontiguousarray(b.T)


def _bytes(shape: Shape, element: float) -> float:
    """A at the storage type's size; X and Y as float32."""
    tokens, rows, columns = sizes(shape)
    return rows * columns * element + 4 * tokens * (columns + rows)


def _native(operands: Operands) -> np.ndarray:
    a, x = operands
    return x @ a.T


WORKLOAD = Workload(
    name="q4-matmul",
    title="Matrix product Y = X A^T, weights of 4 bits",
    dimensions=("tokens", "rows", "columns"),
    operand_shapes=_operand_shapes,
    inputs=_inputs,
    reference=lambda operands: matmul.reference((operands[1], operands[0].T)),
    native=_native,
    flops=flops,
    bytes=_bytes,
    activations=lambda shape, element: 4 * sizes(shape)[0] * sizes(shape)[2],
    tolerance=q4_matvec.tolerance(matmul.tolerance),
    default_shapes=tuple(Shape(128, n, n) for n in (256, 512, 1024)),
    odd=(Shape(19, 70, 300),),
    presets={
        "gemma-2b-gate-up": Shape(128, 32768, 2048),
        "llama-3-8b-gate": Shape(128, 14336, 4096),
        "llama-3.2-1b-gate": Shape(128, 8192, 2048),
    },
)
