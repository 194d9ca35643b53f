"""What libraries of this process have in common as engines: calls by the batch, timed by the wall's clock."""

import time
from collections.abc import Callable, Mapping
from itertools import cycle
from typing import Protocol

import numpy as np

from app.core.measurement import Costs
from app.core.program import Program
from app.system import cores

Buffers = Mapping[str, np.ndarray]


class Turn(Protocol):
    """A library's call on one copy of the operands."""

    def run(self) -> None:
        """Call it; what it computes may come later, until ``Kernel`` has finished."""
        ...

    def load(self, buffers: Buffers) -> None:
        """Put these operands in the place of those of the same names."""
        ...

    def poison(self) -> None:
        """See that what ``answer`` gives is none until it has run again."""
        ...

    def answer(self) -> np.ndarray:
        """What the latest run computed."""
        ...


class NativeKernel:
    """A call of a library, ready to run; ``compile_s`` is what making it took."""

    timer = "wall clock over a batch"
    cpu = staticmethod(time.process_time)  # libraries have threads

    def __init__(
        self, program: Program, make: Callable[[Buffers], Turn], finish: Callable[[], None] = lambda: None
    ) -> None:
        self._finish = finish
        first = dict(program.layout.buffers)
        start = time.perf_counter()
        self._all = [make(first)]
        made = time.perf_counter() - start
        for _ in range(program.copies - 1):
            self._all.append(make({name: array.copy() for name, array in first.items()}))
        self._turns = cycle(self._all)
        self._last = self._all[0]
        self.costs = Costs(made, 0.0, self.time(1))

    def time(self, repeats: int) -> float:
        start = time.perf_counter()
        for _ in range(repeats):
            self._last = next(self._turns)
            self._last.run()
        self._finish()
        return time.perf_counter() - start

    def load(self, buffers: Buffers) -> None:
        for place, turn in enumerate(self._all):
            turn.load({name: array.copy() if place else array for name, array in buffers.items()})

    def poison(self) -> None:
        for turn in self._all:
            turn.poison()

    def result(self) -> np.ndarray:
        return self._last.answer().copy()

    def close(self) -> None:
        self._all = []
        self._turns = cycle(())
        del self._last


def no_answer(dtype: np.dtype) -> float | int:
    """What no call computes: NaN, or the least of integers."""
    return int(np.iinfo(dtype).min) if dtype.kind in "iu" else float("nan")


def thread_counts() -> tuple[int, ...]:
    """All cores that may be used, and one, where that is another."""
    return tuple(dict.fromkeys((cores(), 1)))
