"""What a workgroup reads at each step: what the ``access.py`` of a workload's folder tells of its variants.

Such a module has ``pattern(variant, parameters, shape)``: a ``Pattern``, or None where a variant has none to
show. It says what the templates do; tests/kernels/test_access.py holds it against the texts of the kernels.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

THREADS = 8
"""Threads drawn, at most; a picture of 64 would show no more."""

LINE = 128
"""Bytes that most GPUs fetch at once."""


@dataclass(frozen=True)
class Pattern:
    """Who reads which word when: arrays [thread, step] of addresses in words of ``word_bytes``, -1 for none.

    ``drawn`` is of a workgroup small enough to see, ``real`` of the chosen one, in its first steps; so many
    steps, ``turn``, bring what ``turn_says``. ``lesson`` tells what the picture shows, ``chosen`` the real
    workgroup.
    """

    lesson: str
    drawn: np.ndarray
    real: np.ndarray
    word_bytes: int
    turn: int
    turn_says: str
    chosen: str

    @property
    def figures(self) -> str:
        """What the real workgroup fetches, in words."""
        once, in_turn = (lines_touched(self.real, self.word_bytes, steps) for steps in (1, self.turn))
        return (
            f"Chosen: {self.chosen}, words of {self.word_bytes} bytes. A step fetches {lines(once)} of "
            f"{LINE} bytes; {self.turn_says}, {in_turn:.0f}. The picture shows {len(self.drawn)} of them."
        )


def lines(count: float) -> str:
    """So many cache lines, in words."""
    return f"{count:.0f} cache line{'s' * (round(count) != 1)}"


def lines_touched(read: np.ndarray, word_bytes: int, steps: int = 1) -> float:
    """How many cache lines a workgroup touches in that many successive steps, on average; fewer is better."""
    lines = np.where(read >= 0, read * word_bytes // LINE, -1)
    chunks = [lines[:, i : i + steps] for i in range(0, lines.shape[1], steps)]
    return float(np.mean([len(np.unique(chunk[chunk >= 0])) for chunk in chunks]))


def by_thread(reads: Iterable[Iterable[int]]) -> np.ndarray:
    """What each thread reads, one after the other, as an array: those that end earlier read nothing then."""
    each = [list(read) for read in reads]
    steps = max(map(len, each))
    return np.array([read + [-1] * (steps - len(read)) for read in each])
