"""Kinds of operands: as random as they come, or with the outliers that layers of real models have."""

import numpy as np

from app.core.kinds import NORMAL, check_kind
from app.core.workload import Operands

CHANNELS = 512
"""One in so many columns, and rows, is larger than the others; at least one of each is."""

SINGLE = 4096
"""One in so many elements of a vector is an outlier; at least one is."""

COLUMN, ROW = 20.0, 6.0
"""How many times larger the columns and rows are."""

PEAK = 100.0
"""The size of the largest elements, over the root mean square of the others."""


def without_zeros(*arrays: np.ndarray) -> None:
    """Make what is nothing, or nearly, in ``arrays`` a millionth: no value is zero or denormal. In place."""
    for array in arrays:
        array[np.abs(array) < 1e-6] = 1e-6


def of_kind(kind: str, random: np.random.Generator, *arrays: np.ndarray) -> Operands:
    """``arrays``, normal as they are, as operands of ``kind``; changed in place.

    Layers of transformers have a few channels whose values are up to 20 times as large as the others, and in
    them elements that are 100 times as large (Dettmers et al., LLM.int8(), 2022; Xiao et al., SmoothQuant,
    2023). Such ``outliers`` are a few columns and rows of a matrix; where they cross stand its largest
    elements, 50 to 175 times its root mean square in anything of 4096 elements or more. A vector has single
    ones; nothing in a short vector of n can be more than sqrt(n) times its root mean square.

    Raises:
        KernelscopeError: there is no such kind.
    """
    check_kind(kind)
    if kind != NORMAL:
        for array in arrays:
            _add_outliers(array, random)
    return arrays


def _add_outliers(array: np.ndarray, random: np.random.Generator) -> None:
    if array.ndim == 1:
        peaks: tuple[np.ndarray, ...] = (_some(random, len(array), SINGLE),)
    else:
        rows, columns = (_some(random, size, CHANNELS) for size in array.shape)
        array[:, columns] *= np.float32(COLUMN)
        array[rows] *= np.float32(ROW)
        peaks = np.ix_(rows, columns)
    typical = float(np.linalg.norm(array)) / array.size**0.5
    array[peaks] = np.copysign(np.float32(PEAK * typical), array[peaks])


def _some(random: np.random.Generator, size: int, one_in: int) -> np.ndarray:
    """Indices below ``size``, each once, in order."""
    return np.sort(random.choice(size, max(1, size // one_in), replace=False))
