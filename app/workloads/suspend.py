"""suspend: promiseFib(n), whose every addition is a promise; what it costs when synchronous code has to wait.

The example of the article on WebAssembly and JSPI: promiseFib(0) = promiseFib(1) = 1, and every other one is
the promised sum of the two before it. ``rows`` is n; the answer is one number.
"""

import numpy as np

from app.core.errors import LimitError
from app.core.kinds import NORMAL
from app.core.shape import Shape
from app.core.workload import Operands, Workload

LARGEST = 24
"""Beyond it a run that suspends takes seconds."""


def fibonacci(n: int) -> int:
    """promiseFib(n): 1, 1, 2, 3, 5, ..."""
    last, next_ = 1, 1
    for _ in range(n):
        last, next_ = next_, last + next_
    return last


def _inputs(shape: Shape, seed: int, kind: str = NORMAL) -> Operands:
    """n (1,), of whatever kind.

    Raises:
        LimitError: it is beyond ``LARGEST``.
    """
    if shape.rows > LARGEST:
        raise LimitError(f"promiseFib({shape.rows}) suspends too often; the largest here is {LARGEST}")
    return (np.array([shape.rows], np.float32),)


WORKLOAD = Workload(
    name="suspend",
    title="promiseFib(n), every addition a promise",
    dimensions=("rows",),
    operand_shapes=lambda shape: ((1,),),
    inputs=_inputs,
    reference=lambda operands: np.array([float(fibonacci(int(operands[0][0])))]),
    native=None,
    # Additions, each of which suspends once where anything does.
    flops=lambda shape: fibonacci(shape.rows) - 1,
    bytes=lambda shape, element: 8.0,
    tolerance=lambda compute, sums, shape, condition=1.0, growth=1.0: 1e-7,
    odd=(Shape(1), Shape(2), Shape(11)),
    default_shapes=tuple(Shape(n) for n in (4, 8, 12, 16)),
)
