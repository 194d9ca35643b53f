"""gather: rows of a table by their ids, as a model looks words up; an id that there is not gives zeros."""

import numpy as np

from app.core.kinds import NORMAL
from app.core.operands import of_kind
from app.core.shape import Shape
from app.core.workload import Operands, Workload


def _sizes(shape: Shape) -> tuple[int, int, int]:
    """How many rows are looked up, their columns, and the rows of the table."""
    assert shape.columns is not None
    assert shape.depth is not None
    return shape.rows, shape.columns, shape.depth


def _inputs(shape: Shape, seed: int, kind: str = NORMAL) -> Operands:
    """The table (depth, columns), normal, and ids (rows,), whole numbers below depth; float32."""
    rows, columns, depth = _sizes(shape)
    random = np.random.default_rng([seed, rows, columns, depth])
    table = random.standard_normal((depth, columns), dtype=np.float32)
    ids = random.integers(0, depth, rows).astype(np.float32)
    return (*of_kind(kind, random, table), ids)


def _native(operands: Operands) -> np.ndarray:
    table, ids = operands
    known = (ids >= 0) & (ids < len(table))
    answer = np.take(table, np.where(known, ids, 0).astype(np.intp), axis=0)
    answer[~known] = 0
    return answer


def _bytes(shape: Shape, element: float) -> float:
    """The rows that are looked up, their ids and the answer; what else the table holds is not read."""
    rows, columns, _ = _sizes(shape)
    return rows * columns * (element + 4) + 4 * rows


WORKLOAD = Workload(
    name="gather",
    title="Rows of a table by their ids",
    dimensions=("rows", "columns", "depth"),
    operand_shapes=lambda shape: (_sizes(shape)[:0:-1], _sizes(shape)[:1]),
    inputs=_inputs,
    reference=lambda operands: _native(operands).astype(np.float64),
    native=_native,
    flops=lambda shape: 0,
    bytes=_bytes,
    activations=lambda shape, element: 4 * shape.rows,
    tolerance=lambda compute, sums, shape, condition=1.0, growth=1.0: 0.0,
    default_shapes=tuple(Shape(n, n, n) for n in (128, 256, 512, 1024, 2048)),
    odd=(Shape(1, 1, 1), Shape(257, 3, 2), Shape(70, 131, 33)),
    presets={"minilm-l6-words": Shape(512, 384, 30522), "llama-3.2-1b-words": Shape(128, 2048, 128256)},
)
