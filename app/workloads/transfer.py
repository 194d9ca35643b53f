"""transfer: bytes between host and target, unchanged; what a GPU result costs beside the kernel."""

import numpy as np

from app.core.kinds import NORMAL
from app.core.operands import of_kind
from app.core.shape import Shape
from app.core.workload import Operands, Workload


def _inputs(shape: Shape, seed: int, kind: str = NORMAL) -> Operands:
    """x (rows,), float32, normal, every value another one."""
    random = np.random.default_rng([seed, shape.rows])
    return of_kind(kind, random, random.standard_normal(shape.rows, dtype=np.float32))


WORKLOAD = Workload(
    name="transfer",
    title="Transfer of n numbers",
    dimensions=("rows",),
    operand_shapes=lambda shape: ((shape.rows,),),
    inputs=_inputs,
    reference=lambda operands: operands[0].astype(np.float64),
    native=None,
    flops=lambda shape: 0,
    bytes=lambda shape, element: shape.rows * element,
    tolerance=lambda compute, sums, shape, condition=1.0, growth=1.0: 0.0,
    default_shapes=tuple(Shape(1 << bits) for bits in (8, 12, 16, 20, 22)),
)
