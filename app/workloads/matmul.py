"""matmul: C = A B, the product that decides how fast a model reads its prompt."""

import numpy as np

from app.core.kinds import NORMAL
from app.core.operands import of_kind, without_zeros
from app.core.shape import Shape
from app.core.workload import Operands, Probe, Workload, rounding

_BLOCK = 1 << 22


def sizes(shape: Shape) -> tuple[int, int, int]:
    """Rows, columns and depth."""
    assert shape.columns is not None
    assert shape.depth is not None
    return shape.rows, shape.columns, shape.depth


def _operand_shapes(shape: Shape) -> tuple[tuple[int, ...], ...]:
    rows, columns, depth = sizes(shape)
    return (rows, depth), (depth, columns)


def _inputs(shape: Shape, seed: int, kind: str = NORMAL) -> Operands:
    """A (rows, depth) and B (depth, columns), float32, normal; A has variance 1/depth, so C stays near 1."""
    rows, columns, depth = sizes(shape)
    random = np.random.default_rng([seed, rows, columns, depth])
    a = random.standard_normal((rows, depth), dtype=np.float32)
    a *= np.float32(depth**-0.5)
    b = random.standard_normal((depth, columns), dtype=np.float32)
    without_zeros(a, b)
    return of_kind(kind, random, a, b)


def reference(operands: Operands) -> np.ndarray:
    """C (rows, columns) in float64."""
    a, b = operands
    wide = b.astype(np.float64)
    step = max(1, _BLOCK // max(1, a.shape[1]))
    return np.concatenate([a[i : i + step].astype(np.float64) @ wide for i in range(0, len(a), step)])


def _native(operands: Operands) -> np.ndarray:
    a, b = operands
    return a @ b


def flops(shape: Shape) -> int:
    """A product and a sum for each element of C and of the depth."""
    rows, columns, depth = sizes(shape)
    return 2 * rows * columns * depth


def _bytes(shape: Shape, element: float) -> float:
    """A and B at the storage type's size, C as float32."""
    rows, columns, depth = sizes(shape)
    return (rows * depth + depth * columns) * element + 4 * rows * columns


def tolerance(compute: str, sums: str, shape: Shape, condition: float = 1.0, growth: float = 1.0) -> float:
    """That of sums along the depth (``Tolerance``)."""
    return rounding(compute, sums, shape.depth or 1, condition, growth)


WORKLOAD = Workload(
    name="matmul",
    title="Matrix product C = A B",
    dimensions=("rows", "columns", "depth"),
    operand_shapes=_operand_shapes,
    inputs=_inputs,
    reference=reference,
    native=_native,
    flops=flops,
    bytes=_bytes,
    # As in matvec, A are the weights.
    activations=lambda shape, element: (shape.depth or 0) * (shape.columns or 0) * element,
    tolerance=tolerance,
    default_shapes=tuple(Shape(n, n, n) for n in (64, 128, 256, 512, 1024)),
    presets={"gemma-2b-prompt": Shape(128, 2048, 2048)},
    probes=Probe.PRODUCT,
)
