"""scan: y = the sums of the first 1, 2, ... n numbers; what compaction, sorting and sampling are made of.

The numbers are flags, 0 or 1, so that every sum is a whole number of at most 2^24: exact in f32 in any order.
"""

import numpy as np

from app.core.kinds import NORMAL
from app.core.shape import Shape
from app.core.workload import Operands, Workload


def _inputs(shape: Shape, seed: int, kind: str = NORMAL) -> Operands:
    """x (rows,), float32, 0 or 1 at random, of whatever kind: larger ones would not be exact."""
    random = np.random.default_rng([seed, shape.rows])
    return (random.integers(0, 2, shape.rows).astype(np.float32),)


WORKLOAD = Workload(
    name="scan",
    title="Prefix sums of n flags",
    dimensions=("rows",),
    operand_shapes=lambda shape: ((shape.rows,),),
    inputs=_inputs,
    reference=lambda operands: np.cumsum(operands[0], dtype=np.float64),
    native=lambda operands: np.cumsum(operands[0]),
    flops=lambda shape: shape.rows - 1,
    bytes=lambda shape, element: shape.rows * (element + 4),
    tolerance=lambda compute, sums, shape, condition=1.0, growth=1.0: 0.0,
    default_shapes=tuple(Shape(1 << bits) for bits in (12, 16, 20, 22, 24)),
    odd=(Shape(1), Shape(257), Shape(100_003)),
    presets={"gemma-2b-vocabulary": Shape(256000), "llama-3-8b-vocabulary": Shape(128256)},
)
