"""What models do between operators: too small for workloads of their own, in the type they get."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from app.core.shape import Shape
from app.core.workload import UNIT_ROUNDOFF, Operands

LARGEST_CODE = 127


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


def _as_it_was(operands: Operands) -> np.ndarray:
    return np.asarray(operands[0])


def _steps(x: np.ndarray, group: int) -> np.ndarray:
    """From one code to the next, for each element of x (rows, columns): a scale for every ``group``."""
    columns = x.shape[1]
    peaks = np.abs(np.pad(x, ((0, 0), (0, -columns % group)))).reshape(len(x), -1, group).max(axis=2)
    return np.asarray(np.repeat(peaks / LARGEST_CODE, group, axis=1)[:, :columns])


GLUE: dict[str, Callable[[Operands], np.ndarray]] = {
    "places": _places,
    "pool": _pool,
    "times": lambda operands: np.asarray(operands[0] * operands[1]),
    "append": _append,
    "codes": _as_it_was,
    "halves": _as_it_was,
    "moved": _as_it_was,
}
"""``codes`` are signed bytes with a scale for each group, ``halves`` floats of 16 bits."""

_SHAPES: dict[str, Callable[[Shape], tuple[tuple[int, ...], ...]]] = {
    "places": lambda shape: ((shape.sizes[2], shape.sizes[1]), shape.sizes[:1], shape.sizes[:2]),
    "pool": lambda shape: ((shape.sizes[0] + 1,), (shape.sizes[2], shape.sizes[1])),
    "times": lambda shape: (shape.sizes, shape.sizes),
    "append": lambda shape: (shape.sizes, (1, *shape.sizes[1:])),
    "codes": lambda shape: (shape.sizes[:2],),
    "halves": lambda shape: (shape.sizes,),
    "moved": lambda shape: (shape.sizes,),
}


def operand_shapes(operator: str, shape: Shape) -> tuple[tuple[int, ...], ...]:
    """Those of its operands.

    ``places`` is tokens x columns x places, ``pool`` texts x columns x tokens, ``codes`` rows x columns x
    group.
    """
    return _SHAPES[operator](shape)


def magnitudes(operator: str, operands: Operands, shape: Shape) -> np.ndarray:
    """What rounding errors grow with: the answer if no term had a sign; of codes their steps."""
    if operator == "codes":
        return _steps(operands[0], shape.sizes[2])
    answer = GLUE[operator](tuple(np.abs(one) for one in operands))
    # A text's length is that of the mean, however much of it cancelled.
    return np.maximum(answer, np.abs(GLUE[operator](operands))) if operator == "pool" else answer


def tolerance(operator: str, shape: Shape, exact: np.ndarray, large: np.ndarray) -> float:
    """Within which relative error an answer is right, its ``large`` being those of ``magnitudes``.

    A code is off by half a step at most, and a float by half of its last bit; what is computed grows with
    its condition and the square root of its longest sum (Higham, Accuracy and Stability, 2002).
    """
    size = max(float(np.linalg.norm(exact)), 1e-300)
    if operator == "codes":
        return 0.501 * float(np.linalg.norm(large)) / size
    if operator in ("halves", "moved"):
        return UNIT_ROUNDOFF["f16" if operator == "halves" else "f32"]
    longest = max(own[0] for own in operand_shapes(operator, shape) if own)
    return float(8 * UNIT_ROUNDOFF["f32"] * max(1.0, float(np.linalg.norm(large)) / size) * longest**0.5)
