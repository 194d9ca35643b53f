"""The modes, in the order of their buttons."""

from app.charts.modes import (
    accuracy,
    bars,
    compilers,
    crossover,
    cube,
    live,
    roofline,
    samples,
    suspension,
    sweep,
    threads,
    tune,
)
from app.charts.modes.mode import Mode
from app.core.errors import KernelscopeError

__all__ = ["MODES", "Mode", "find_mode"]

MODES: tuple[Mode, ...] = (
    sweep.MODE,
    bars.MODE,
    live.MODE,
    cube.MODE,
    tune.MODE,
    roofline.MODE,
    accuracy.MODE,
    crossover.MODE,
    threads.MODE,
    samples.MODE,
    suspension.MODE,
    compilers.MODE,
)


def find_mode(name: str) -> Mode:
    """The mode with that name.

    Raises:
        KernelscopeError: with the names that there are.
    """
    for mode in MODES:
        if mode.name == name:
            return mode
    raise KernelscopeError(f"no such chart {name!r}; there are: {', '.join(mode.name for mode in MODES)}")
