"""matmul: C = A B, the product that decides how fast a model reads its prompt."""

import numpy as np

from app.core.kinds import NORMAL
from app.core.operands import of_kind
from app.core.shape import Shape
from app.core.workload import Operands, Workload, rounding

_BLOCK = 1 << 22


def _depth(shape: Shape) -> tuple[int, int, int]:
    assert shape.columns is not None
    assert shape.depth is not None
    return shape.rows, shape.columns, shape.depth


def _operand_shapes(shape: Shape) -> tuple[tuple[int, ...], ...]:
    rows, columns, depth = _depth(shape)
    return (rows, depth), (depth, columns)


def _inputs(shape: Shape, seed: int, kind: str = NORMAL) -> Operands:
    """A (rows, depth) and B (depth, columns), float32, normal; A has variance 1/depth, so C stays near 1."""
    rows, columns, depth = _depth(shape)
    random = np.random.default_rng([seed, rows, columns, depth])
    a = random.standard_normal((rows, depth), dtype=np.float32)
    a *= np.float32(depth**-0.5)
    b = random.standard_normal((depth, columns), dtype=np.float32)
    for array in (a, b):
        array[np.abs(array) < 1e-6] = 1e-6
    return of_kind(kind, random, a, b)


def _reference(operands: Operands) -> np.ndarray:
    """C (rows, columns) in float64."""
    a, b = operands
    wide = b.astype(np.float64)
    step = max(1, _BLOCK // max(1, a.shape[1]))
    return np.concatenate([a[i : i + step].astype(np.float64) @ wide for i in range(0, len(a), step)])


def _native(operands: Operands) -> np.ndarray:
    a, b = operands
    return a @ b


def _flops(shape: Shape) -> int:
    rows, columns, depth = _depth(shape)
    return 2 * rows * columns * depth


def _bytes(shape: Shape, element: float) -> float:
    """A and B at the storage type's size, C as float32."""
    rows, columns, depth = _depth(shape)
    return (rows * depth + depth * columns) * element + 4 * rows * columns


WORKLOAD = Workload(
    name="matmul",
    title="Matrix product C = A B",
    dimensions=("rows", "columns", "depth"),
    operand_shapes=_operand_shapes,
    inputs=_inputs,
    reference=_reference,
    native=_native,
    flops=_flops,
    bytes=_bytes,
    # As in matvec, A are the weights.
    activations=lambda shape, element: (shape.depth or 0) * (shape.columns or 0) * element,
    tolerance=lambda compute, sums, shape, condition=1.0, growth=1.0: rounding(
        compute, sums, shape.depth or 1, condition, growth
    ),
    default_shapes=tuple(Shape(n, n, n) for n in (64, 128, 256, 512, 1024)),
    presets={"gemma-2b-prompt": Shape(128, 2048, 2048)},
)
