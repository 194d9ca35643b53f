"""matvec: y = A x, the product that decides how fast a language model writes."""

import numpy as np

from app.core.kinds import NORMAL
from app.core.operands import of_kind, without_zeros
from app.core.shape import Shape
from app.core.workload import Operands, Workload, rounding

_BLOCK = 1 << 18
"""Elements of A at a time: their float64 copy stays in a cache."""


def _operand_shapes(shape: Shape) -> tuple[tuple[int, ...], ...]:
    assert shape.columns is not None
    return (shape.rows, shape.columns), (shape.columns,)


def _inputs(shape: Shape, seed: int, kind: str = NORMAL) -> Operands:
    """A (rows, columns) and x (columns,), float32, normal like the weights and activations of a layer.

    A has variance 1/columns, so that y stays near 1 at every size; no value is zero or denormal.
    """
    assert shape.columns is not None
    random = np.random.default_rng([seed, shape.rows, shape.columns])
    matrix = random.standard_normal((shape.rows, shape.columns), dtype=np.float32)
    matrix *= np.float32(shape.columns**-0.5)
    vector = random.standard_normal(shape.columns, dtype=np.float32)
    without_zeros(matrix, vector)
    return of_kind(kind, random, matrix, vector)


def _reference(operands: Operands) -> np.ndarray:
    """y (rows,) in float64, a block of rows at a time."""
    matrix, vector = operands
    wide = vector.astype(np.float64)
    step = max(1, _BLOCK // max(1, matrix.shape[1]))
    blocks = [matrix[i : i + step].astype(np.float64) @ wide for i in range(0, len(matrix), step)]
    return np.concatenate(blocks)


def _native(operands: Operands) -> np.ndarray:
    matrix, vector = operands
    return matrix @ vector


def _flops(shape: Shape) -> int:
    assert shape.columns is not None
    return 2 * shape.rows * shape.columns


def _bytes(shape: Shape, element: float) -> float:
    """A and x at the storage type's size, y as float32."""
    assert shape.columns is not None
    return (shape.rows * shape.columns + shape.columns) * element + 4 * shape.rows


WORKLOAD = Workload(
    name="matvec",
    title="Matrix-vector product y = A x",
    dimensions=("rows", "columns"),
    operand_shapes=_operand_shapes,
    inputs=_inputs,
    reference=_reference,
    native=_native,
    flops=_flops,
    bytes=_bytes,
    activations=lambda shape, element: (shape.columns or 0) * element,
    tolerance=lambda compute, sums, shape, condition=1.0, growth=1.0: rounding(
        compute, sums, shape.columns or 1, condition, growth
    ),
    default_shapes=tuple(Shape(n, n) for n in (256, 512, 1024, 2048, 4096)),
    presets={"gemma-2b-layer": Shape(32768, 2048), "gemma-2b-layer-eighth": Shape(4096, 2048)},
)
