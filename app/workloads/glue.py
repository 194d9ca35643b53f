"""What models do between operators: too small for workloads of their own, in the type they get."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from app.core.shape import Shape
from app.core.workload import Operands


def _places(operands: Operands) -> np.ndarray:
    """x (tokens, columns) and the row of a table (places, columns) for each token's place, added up."""
    table, places, x = operands
    return np.asarray(x + table[places.astype(np.intp)])


def _pool(operands: Operands) -> np.ndarray:
    """The mean of each text's tokens, scaled to length one; ``starts`` has where texts begin, and the end."""
    starts, x = operands
    at = starts.astype(np.intp)
    means = np.stack([x[a:b].mean(axis=0) for a, b in pairwise(at)])
    return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True))


def _append(operands: Operands) -> np.ndarray:
    """A cache (context, heads, size) whose last row is the new one."""
    cache, new = operands
    return np.concatenate([cache[:-1], new.reshape(1, *cache.shape[1:])])


GLUE: dict[str, Callable[[Operands], np.ndarray]] = {
    "places": _places,
    "pool": _pool,
    "times": lambda operands: np.asarray(operands[0] * operands[1]),
    "append": _append,
}

_SHAPES: dict[str, Callable[[Shape], tuple[tuple[int, ...], ...]]] = {
    "places": lambda shape: ((shape.sizes[2], shape.sizes[1]), shape.sizes[:1], shape.sizes[:2]),
    "pool": lambda shape: ((shape.sizes[0] + 1,), (shape.sizes[2], shape.sizes[1])),
    "times": lambda shape: (shape.sizes, shape.sizes),
    "append": lambda shape: (shape.sizes, (1, *shape.sizes[1:])),
}


def operand_shapes(operator: str, shape: Shape) -> tuple[tuple[int, ...], ...]:
    """Those of its operands: places is tokens x columns x places, pool texts x columns x tokens."""
    return _SHAPES[operator](shape)


def magnitudes(operator: str, operands: Operands) -> np.ndarray:
    """What rounding errors grow with: the answer if no term had a sign."""
    answer = GLUE[operator](tuple(np.abs(one) for one in operands))
    # A text's length is that of the mean, however much of it cancelled.
    return np.maximum(answer, np.abs(GLUE[operator](operands))) if operator == "pool" else answer
