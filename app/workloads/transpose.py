"""transpose: each row becomes a column, bit for bit; nothing but the order in which memory is touched."""

import numpy as np

from app.core.kinds import NORMAL
from app.core.operands import of_kind
from app.core.shape import Shape
from app.core.workload import Operands, Workload
from app.workloads.rows import elements, over_rows


def _inputs(shape: Shape, seed: int, kind: str = NORMAL) -> Operands:
    """x (rows, columns), float32, normal, every value another one."""
    rows, columns = over_rows(shape)
    random = np.random.default_rng([seed, rows, columns])
    return of_kind(kind, random, random.standard_normal((rows, columns), dtype=np.float32))


WORKLOAD = Workload(
    name="transpose",
    title="Transpose of a matrix",
    dimensions=("rows", "columns"),
    operand_shapes=lambda shape: (over_rows(shape),),
    inputs=_inputs,
    reference=lambda operands: operands[0].T.astype(np.float64),
    native=lambda operands: np.ascontiguousarray(operands[0].T),
    flops=lambda shape: 0,
    bytes=lambda shape, element: elements(shape) * (element + 4),
    tolerance=lambda compute, sums, shape, condition=1.0, growth=1.0: 0.0,
    default_shapes=tuple(Shape(n, n) for n in (128, 256, 512, 1024, 2048)),
    odd=(Shape(1, 1000), Shape(257, 3), Shape(70, 131)),
    presets={"minilm-l6-keys": Shape(512, 384), "llama-3-8b-keys": Shape(2048, 1024)},
)
