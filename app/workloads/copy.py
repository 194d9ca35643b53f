"""copy: out = in, bit for bit; how fast a target reads and writes memory."""

from functools import lru_cache

import numpy as np

from app.core.kinds import NORMAL
from app.core.operands import of_kind
from app.core.shape import Shape
from app.core.workload import Operands, Workload


def _inputs(shape: Shape, seed: int, kind: str = NORMAL) -> Operands:
    """x (rows,), float32, normal, every value another one."""
    random = np.random.default_rng([seed, shape.rows])
    return of_kind(kind, random, random.standard_normal(shape.rows, dtype=np.float32))


@lru_cache(maxsize=1)
def _destination(count: int) -> np.ndarray:
    """A place that is not touched for the first time by every copy."""
    return np.empty(count, np.float32)


def _native(operands: Operands) -> np.ndarray:
    (source,) = operands
    destination = _destination(len(source))
    np.copyto(destination, source)
    return destination


WORKLOAD = Workload(
    name="copy",
    title="Copy of n numbers",
    dimensions=("rows",),
    operand_shapes=lambda shape: ((shape.rows,),),
    inputs=_inputs,
    reference=lambda operands: operands[0].astype(np.float64),
    native=_native,
    flops=lambda shape: 0,
    bytes=lambda shape, element: shape.rows * (element + 4),
    tolerance=lambda compute, sums, shape, condition=1.0, growth=1.0: 0.0,
    default_shapes=tuple(Shape(1 << bits) for bits in (12, 16, 20, 22, 24)),
)
