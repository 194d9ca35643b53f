"""reduce: the sum of a vector; it reads every byte once, so it also shows how fast a target reads memory."""

import numpy as np

from app.core.kinds import NORMAL
from app.core.operands import of_kind
from app.core.shape import Shape
from app.core.workload import UNIT_ROUNDOFF, Operands, Workload


def _inputs(shape: Shape, seed: int, kind: str = NORMAL) -> Operands:
    """x (rows,), float32, uniform from 0.5 to 1.5: the sum grows with n, a relative error is meaningful."""
    random = np.random.default_rng([seed, shape.rows])
    return of_kind(kind, random, random.random(shape.rows, dtype=np.float32) + np.float32(0.5))


def _reference(operands: Operands) -> np.ndarray:
    """The sum (1,) in float64."""
    return np.array([np.sum(operands[0], dtype=np.float64)])


def _native(operands: Operands) -> np.ndarray:
    return np.array([np.sum(operands[0])])


def _tolerance(compute: str, sums: str, shape: Shape, condition: float = 1.0, growth: float = 1.0) -> float:
    """An eighth of the square-root law: kernels add in many short chains, not in one of n terms.

    That leaves room for chains of n / 64 terms, and none for a term dropped from a hundred thousand. Where
    terms cancel, errors are relative to the sum of their magnitudes, ``condition`` times the answer.
    """
    law = UNIT_ROUNDOFF.get(sums, UNIT_ROUNDOFF["f32"]) * float(shape.rows**0.5) / 8
    return max(1e-6, law) * max(1.0, condition) * growth


WORKLOAD = Workload(
    name="reduce",
    title="Sum of n numbers",
    dimensions=("rows",),
    operand_shapes=lambda shape: ((shape.rows,),),
    inputs=_inputs,
    reference=_reference,
    native=_native,
    flops=lambda shape: shape.rows,
    bytes=lambda shape, element: shape.rows * element + 4,
    tolerance=_tolerance,
    default_shapes=tuple(Shape(1 << bits) for bits in (12, 16, 20, 22, 24)),
)
