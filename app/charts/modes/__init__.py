"""The modes, in the order of their buttons."""

from app.charts.modes import (
    accuracy,
    bars,
    compilers,
    crossover,
    heatmap,
    live,
    roofline,
    samples,
    size,
    suspension,
    threads,
    tune,
)
from app.charts.modes.mode import Mode
from app.charts.scene import current_name
from app.core.errors import KernelscopeError

__all__ = ["GROUPS", "MODES", "Mode", "find_mode"]

MODES: tuple[Mode, ...] = (
    size.MODE,
    bars.MODE,
    heatmap.MODE,
    roofline.MODE,
    accuracy.MODE,
    live.MODE,
    samples.MODE,
    tune.MODE,
    crossover.MODE,
    threads.MODE,
    suspension.MODE,
    compilers.MODE,
)

GROUPS = {
    "Quality": (live.MODE, samples.MODE),
    "Experiments": (tune.MODE, crossover.MODE, threads.MODE, suspension.MODE, compilers.MODE),
}
"""Modes that stand in a menu together; the others, which answer what most ask, stand in front."""


def find_mode(name: str) -> Mode:
    """The mode with that name, or that had it once.

    Raises:
        KernelscopeError: with the names that there are.
    """
    for mode in MODES:
        if mode.name == current_name(name):
            return mode
    raise KernelscopeError(f"no such chart {name!r}; there are: {', '.join(mode.name for mode in MODES)}")
