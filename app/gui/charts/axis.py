"""An axis over log2 values whose ticks read as plain figures: 256, 512; 0.5x, 1x, 2x."""

from collections.abc import Sequence
from math import ceil, floor, log2, log10

import pyqtgraph as pg

from app.core import units

CLOSEST_PX = 44


class Log2Axis(pg.AxisItem):  # type: ignore[misc]
    """Powers of two over wide ranges, round figures over narrow ones, or given places with labels."""

    def __init__(self, orientation: str, suffix: str = "") -> None:
        super().__init__(orientation)
        self.suffix = suffix
        self._places: dict[float, str] = {}
        self.enableAutoSIPrefix(False)

    def set_places(self, places: Sequence[tuple[float, str]]) -> None:
        """Put ticks at these values; none of them crowds another."""
        found = {log2(value): label for value, label in places if value > 0}
        if found != self._places:
            self._places = found
            self.picture = None
            self.update()

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Ticks between two log2 values on ``size`` pixels."""
        if self._places:
            return [(1.0, _spaced(self._places, low, high, size))]
        return [(1.0, log2_ticks(low, high, size))]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """The figures behind log2 ``values``."""
        return [self._places.get(v) or f"{_plain(2.0**v)}{self.suffix}" for v in values]


def log2_ticks(low: float, high: float, size: float) -> list[float]:
    """Whole powers of two where at least two octaves show, else 1-2-5 steps of the figures themselves."""
    most = max(2, int(size / 36))
    if high - low >= 2.0:
        step = max(1, ceil((high - low) / most))
        first = ceil(low / step) * step
        return [float(v) for v in range(first, floor(high) + 1, step)]
    bottom, top = 2.0**low, 2.0**high
    raw = (top - bottom) / min(most, 8)
    power = 10.0 ** floor(log10(raw))
    step_size = next(s * power for s in (1, 2, 5, 10) if s * power >= raw)
    first = ceil(bottom / step_size)
    return [log2(i * step_size) for i in range(first, floor(top / step_size) + 1) if i > 0]


def _spaced(places: dict[float, str], low: float, high: float, size: float) -> list[float]:
    kept: list[float] = []
    scale = size / max(1e-9, high - low)
    for value in sorted(places):
        need = max(CLOSEST_PX, 8 * len(places[value]))
        if low <= value <= high and (not kept or (value - kept[-1]) * scale >= need):
            kept.append(value)
    return kept


def _plain(value: float) -> str:
    if value >= 1000:
        return f"{value:.0f}"
    text = units.digits(value)
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text
