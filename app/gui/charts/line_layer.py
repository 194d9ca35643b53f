"""Draws curves and scattered marks."""

import pyqtgraph as pg
from PySide6.QtCore import QPointF

from app.gui.charts.line import Line
from app.gui.charts.look import Look
from app.gui.charts.picture import Key, Lines, Spot
from app.gui.charts.style import styles


class LineLayer:
    """Keeps a ``Line`` per key."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._plot = plot
        self._lines: dict[Key, Line] = {}

    def show(self, picture: Lines, look: Look) -> None:
        """Draw these curves in place of the last ones."""
        looks = styles(picture, look.colours)
        for key in [key for key in self._lines if key not in looks]:
            self._lines.pop(key).remove()
        given = {curve.key: curve for curve in picture.curves}
        for key in {**self._lines, **given}:
            if key not in self._lines:
                self._lines[key] = Line(self._plot)
            self._lines[key].show(given.get(key), picture.x, picture.y, looks[key], look)

    def hit(self, at: QPointF) -> Spot | None:
        """Marks are found by their distance, not by what they cover."""
        return None

    def remove(self) -> None:
        """Take everything off the plot."""
        for line in self._lines.values():
            line.remove()
