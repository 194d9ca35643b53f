"""An axis over places, whose ticks read as plain figures (256, 512; ½×, 1×, 2×) or are names."""

import re
from collections.abc import Mapping, Sequence
from math import ceil, floor, log10

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF
from PySide6.QtWidgets import QApplication

from app.charts.picture import Axis, Scale

CLOSEST_PX, GAP_PX, SMALLEST_PX, BARE_PX = 44, 6, 9, 10
MOST_LINES = 4
"""Lines that a name below the plot may take."""

_PARTS = re.compile(r"(?<= )|(?<=\dx)(?=\d)")


class PlaceAxis(pg.AxisItem):  # type: ignore[misc]
    """Ticks where an ``Axis`` has some of its own, else at round values."""

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self.enableAutoSIPrefix(False)
        self.setStyle(hideOverlappingLabels=False)  # else the first size of a narrow panel has no name
        self._axis = Axis("")
        self._labels: dict[float, str] = {}
        self._fitted: dict[float, str] = {}
        self._bare = False

    def set_axis(self, axis: Axis) -> None:
        """Follow another axis."""
        if axis != self._axis:
            self._axis = axis
            self._labels = {axis.scale.place(value): label for value, label in axis.ticks}
            self._fit_names()
            self.picture = None
            self.update()

    def _fit_names(self) -> None:
        """Names below a plot take as many lines as they need, in smaller type where a word is too wide."""
        if self.orientation != "bottom":
            return
        if self._bare:
            self.setHeight(BARE_PX)
            return
        font, self._fitted = None, self._labels
        if self._axis.named:
            font, self._fitted = fit_names(self._labels, self._rooms())
        self.setStyle(tickFont=font)
        lines = max((label.count("\n") + 1 for label in self._fitted.values()), default=1)
        self.setHeight(lines * QFontMetricsF(font or QApplication.font()).height() + 8)

    def set_bare(self, bare: bool) -> None:
        """Show no words, where another axis of the column has them."""
        self.setStyle(showValues=not bare)
        self._bare = bare
        self._fit_names()
        if self.orientation == "left":
            self.setWidth(BARE_PX if bare else None)

    def _rooms(self) -> dict[float, float]:
        """Pixels for each name: to the nearer of its neighbours, the ends of the axis being half as far."""
        low, high = self._axis.span or self.range
        places = sorted(self._labels)
        pixel = max(1e-9, high - low) / max(1.0, self.size().width())
        ends = [2 * low - places[0], *places, 2 * high - places[-1]] if places else []
        return {
            place: (min(place - before, after - place)) / pixel - GAP_PX
            for before, place, after in zip(ends, ends[1:], ends[2:], strict=False)
        }

    def resizeEvent(self, event: object = None) -> None:
        """Fit names again."""
        super().resizeEvent(event)
        if hasattr(self, "_labels"):
            self._fit_names()

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Ticks between two places on ``size`` pixels."""
        axis = self._axis
        if axis.named:
            return [(1.0, [place for place in self._labels if low <= place <= high])]
        if self._labels:
            return [(1.0, spaced(self._labels, low, high, size))]
        if axis.scale is Scale.LOG2:
            return [(1.0, log2_ticks(low, high, size))]
        return [(1.0, log10_ticks(low, high, size) if axis.scale is Scale.LOG10 else ticks(low, high, size))]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """What stands at these places."""
        axis = self._axis
        if axis.named:
            return [(self._fitted or self._labels).get(place, "") for place in values]
        return [self._labels.get(place) or axis.words(axis.scale.at(place)) for place in values]


def fit_names(
    labels: Mapping[float, str], rooms: Mapping[float, float]
) -> tuple[QFont | None, dict[float, str]]:
    """The names in lines as wide as their rooms, with the font for them; None is the application's.

    Type shrinks until every word has room and lines are few; in the smallest, what is too long is cut.
    """
    font = QFont(QApplication.font())
    usual = QFontInfo(font).pixelSize()
    for pixels in range(usual, SMALLEST_PX - 1, -1):
        if pixels < usual:
            font.setPixelSize(pixels)
        metrics = QFontMetricsF(font)
        lines = {place: _lines(label, rooms[place], metrics) for place, label in labels.items()}
        if all(_fits(lines[place], rooms[place], metrics) for place in labels):
            break
    cut = {place: "\n".join(_cut(own, rooms[place], metrics)) for place, own in lines.items()}
    return (font if pixels < usual else None), cut


def _lines(label: str, room: float, metrics: QFontMetricsF) -> list[str]:
    """A label's lines, each broken into as many as its words need; a shape may end a line with its x."""
    lines: list[str] = []
    for given in label.split("\n"):
        line = ""
        for part in _PARTS.split(given):
            longer = line + part
            if line and metrics.horizontalAdvance(longer.rstrip()) > room:
                lines.append(line.rstrip())
                longer = part
            line = longer
        lines.append(line)
    return lines


def _fits(lines: Sequence[str], room: float, metrics: QFontMetricsF) -> bool:
    return len(lines) <= MOST_LINES and all(metrics.horizontalAdvance(line) <= room for line in lines)


def _cut(lines: Sequence[str], room: float, metrics: QFontMetricsF) -> list[str]:
    """What is left of a name where there is too little room; its end tells it from others."""
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], " ".join(lines[MOST_LINES - 1 :])]
    if room < metrics.horizontalAdvance("mm…"):
        return [""]
    return [metrics.elidedText(line, Qt.TextElideMode.ElideMiddle, room) for line in lines]


def log2_ticks(low: float, high: float, size: float) -> list[float]:
    """Whole powers of two where at least two octaves show, else round figures."""
    most = max(2, int(size / 36))
    if high - low < 2.0:
        return [Scale.LOG2.place(v) for v in ticks(2.0**low, 2.0**high, size) if v > 0]
    step = max(1, ceil((high - low) / most))
    first = ceil(low / step) * step
    return [float(v) for v in range(first, floor(high) + 1, step)]


def log10_ticks(low: float, high: float, size: float) -> list[float]:
    """Powers of ten, with 2 and 5 times those where there is room, else round figures."""
    most = max(2, int(size / 36))
    if high - low < 0.7:
        return [Scale.LOG10.place(v) for v in ticks(10.0**low, 10.0**high, size) if v > 0]
    parts = (1, 2, 5) if 3 * (high - low) <= max(4, most) else (1,)
    step = max(1, ceil((high - low) / most))
    first = floor(low / step) * step
    places = [power + log10(part) for power in range(first, floor(high) + 1, step) for part in parts]
    return [place for place in places if low <= place <= high]


def ticks(low: float, high: float, size: float) -> list[float]:
    """Multiples of 1, 2 or 5 times a power of ten; at least two, for one alone tells no scale."""
    most = min(8, max(2, int(size / 36)))
    raw = (high - low) / most
    power = 10.0 ** floor(log10(raw))
    found: list[float] = []
    for step in (s * power for s in (10, 5, 2, 1, 0.5, 0.2)):
        if step < raw * 0.999 and len(found) > 1:
            break
        first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
        found = [i * step for i in range(first, last + 1) if low <= i * step <= high]
    return found


def spaced(labels: dict[float, str], low: float, high: float, size: float) -> list[float]:
    """The labelled places that none before crowds."""
    kept: list[float] = []
    scale = size / max(1e-9, high - low)
    for place in sorted(labels):
        need = max(CLOSEST_PX, 8 * len(labels[place]))
        if low <= place <= high and (not kept or (place - kept[-1]) * scale >= need):
            kept.append(place)
    return kept
