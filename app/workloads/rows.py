"""What operators have in common that treat each row of a matrix alike, such as softmax and the norms."""

from collections.abc import Callable

import numpy as np

from app.core.operands import of_kind
from app.core.shape import Shape
from app.core.workload import UNIT_ROUNDOFF, Operands

_BLOCK = 1 << 18
"""Elements at a time: their float64 copy stays in a cache."""


def over_rows(shape: Shape) -> tuple[int, int]:
    """Rows and columns of ``shape``."""
    assert shape.columns is not None
    return shape.rows, shape.columns


def elements(shape: Shape) -> int:
    """How many elements a matrix of ``shape`` has."""
    rows, columns = over_rows(shape)
    return rows * columns


def blocks(answer: Callable[[np.ndarray], np.ndarray], matrix: np.ndarray) -> np.ndarray:
    """``answer`` of some rows of ``matrix`` at a time, as float64."""
    step = max(1, _BLOCK // max(1, matrix.shape[1]))
    return np.concatenate(
        [answer(matrix[i : i + step].astype(np.float64)) for i in range(0, len(matrix), step)]
    )


def within(compute: str, sums: str, shape: Shape, condition: float = 1.0, growth: float = 1.0) -> float:
    """The relative error within which a row's worth of exp, roots and sums is right (``Tolerance``).

    An element is the work of a few operations, each off by some units in the last place, of terms
    ``condition`` times as large as itself; what it shares with its row is a sum, made in short chains, as
    in reduce.
    """
    _, columns = over_rows(shape)
    unit, sum_unit = (UNIT_ROUNDOFF.get(one, UNIT_ROUNDOFF["f32"]) for one in (compute, sums))
    return float(8 * unit * max(1.0, condition) + growth * sum_unit * columns**0.5 / 4)


def gains(random: np.random.Generator, columns: int) -> np.ndarray:
    """What a norm multiplies by (columns,), float32: from 0.5 to 1.5, as in trained layers."""
    return random.random(columns, dtype=np.float32) + np.float32(0.5)


def pointwise(compute: str, sums: str, shape: Shape, condition: float = 1.0, growth: float = 1.0) -> float:
    """As ``within``, where an element is its own affair."""
    return float(8 * UNIT_ROUNDOFF.get(compute, UNIT_ROUNDOFF["f32"]) * max(1.0, condition))


MOST = 80.0
"""exp of more than that may be beyond float32; a sigmoid so small is nothing beside the others."""


def gated(z: np.ndarray, minus: np.ndarray) -> np.ndarray:
    """``z`` times the sigmoid of what ``minus`` is the negative of, in the type of ``z``."""
    return np.asarray(z / (1 + np.exp(np.minimum(minus, z.dtype.type(MOST)))))


def normal(shape: Shape, seed: int, kind: str, count: int) -> Operands:
    """So many matrices of ``shape``, float32, normal."""
    random = np.random.default_rng([seed, *over_rows(shape)])
    size = over_rows(shape)
    return of_kind(kind, random, *(random.standard_normal(size, dtype=np.float32) for _ in range(count)))
