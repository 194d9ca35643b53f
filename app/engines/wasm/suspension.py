"""What the ways to suspend a module share, whoever keeps its stack meanwhile."""

from collections.abc import Mapping

import numpy as np

WAITING = "add"
"""The function that such a module imports, and waits for."""


class NumberKernel:
    """A kernel called with a number that answers a number, ``_answer``: nothing of it lies in memory."""

    _answer = float("nan")

    def load(self, buffers: Mapping[str, np.ndarray]) -> None:
        """Load nothing: the operand is a number."""

    def poison(self) -> None:
        self._answer = float("nan")

    def result(self) -> np.ndarray:
        return np.array([self._answer], np.float32)
