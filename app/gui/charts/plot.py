"""The plot: draws a ``Chart`` on a pyqtgraph plot item, on screen or for a file."""

from math import log2

import pyqtgraph as pg
from PySide6.QtCore import QPointF

from app.core.series import Point, Quantity
from app.gui.charts.axis import Log2Axis
from app.gui.charts.chart import Chart, Key
from app.gui.charts.line import Line
from app.gui.charts.style import styles
from app.gui.theme import Colours

NEAR_PX = 28.0


class Plot:
    """Keeps one ``Line`` per target and variant; ``show`` changes only what differs.

    Pens are cosmetic, so a picture of two device pixels to the unit needs a ``pen_scale`` of 2.
    """

    def __init__(self, colours: Colours, pen_scale: float = 1.0) -> None:
        self._x = Log2Axis("bottom")
        self._y = Log2Axis("left")
        self.item = pg.PlotItem(axisItems={"bottom": self._x, "left": self._y}, enableMenu=False)
        self.item.hideButtons()
        self.item.vb.setLimits(minXRange=0.5, minYRange=0.05)
        self.item.showGrid(x=True, y=True, alpha=0.16)
        self._unity = pg.InfiniteLine(0.0, angle=0)
        self._ring = pg.ScatterPlotItem(pxMode=True, size=17, useCache=False)
        self._ring.setZValue(20)
        self.item.addItem(self._unity, ignoreBounds=True)
        self.item.addItem(self._ring, ignoreBounds=True)
        self._lines: dict[Key, Line] = {}
        self._hidden: frozenset[Key] = frozenset()
        self._chart: Chart | None = None
        self._fine = True
        self._pen_scale = pen_scale
        self._colours = colours
        self.set_colours(colours)

    def set_colours(self, colours: Colours) -> None:
        """Follow the theme."""
        self._colours = colours
        for axis in (self._x, self._y):
            axis.setPen(pg.mkPen(colours.border))
            axis.setTextPen(pg.mkPen(colours.text))
            axis.setTickPen(pg.mkPen(colours.muted))
        self._unity.setPen(pg.mkPen(colours.text, width=1.3 * self._pen_scale))
        self._ring.setPen(pg.mkPen(colours.accent, width=2))
        self._ring.setBrush(pg.mkBrush(None))
        self._restyle()

    def set_fine(self, fine: bool) -> None:
        """Antialiased and thicker, or cheap."""
        if fine != self._fine:
            self._fine = fine
            self._restyle()

    def _restyle(self) -> None:
        if self._chart is None:
            return
        looks = styles(self._chart, self._colours)
        for key, line in self._lines.items():
            line.restyle(looks[key], self._fine, self._pen_scale)

    def show(self, chart: Chart) -> None:
        """Draw this chart in place of the last one."""
        looks = styles(chart, self._colours)
        restyled = self._chart is None or (chart.targets, chart.variants) != (
            self._chart.targets,
            self._chart.variants,
        )
        self._chart = chart
        for key in [key for key in self._lines if key not in looks]:
            self._lines.pop(key).remove()
        if restyled:
            self._restyle()
        given = {(line.target, line.variant): line for line in chart.lines}
        for key in {**self._lines, **given}:
            if key not in self._lines:
                self._lines[key] = Line(self.item, looks[key])
                self._lines[key].restyle(looks[key], self._fine, self._pen_scale)
                self._lines[key].set_visible(key not in self._hidden)
            self._lines[key].show(given.get(key))
        self._y.suffix = chart.suffix
        self._x.set_places(chart.places)
        self._title(self._x, chart.x_title)
        self._title(self._y, chart.y_title)
        self._unity.setVisible(chart.quantity is Quantity.SPEEDUP)

    def _title(self, axis: Log2Axis, text: str) -> None:
        axis.setLabel(text, color=self._colours.text)

    def set_hidden(self, hidden: frozenset[Key]) -> None:
        """Leave these lines out."""
        self._hidden = hidden
        for key, line in self._lines.items():
            line.set_visible(key not in hidden)

    def fit(self) -> None:
        """Show everything."""
        if self._chart:
            self.item.vb.setRange(
                xRange=self._chart.x_range(), yRange=self._chart.y_range(self._hidden), padding=0
            )

    def points(self) -> list[Point]:
        """What can be pointed at, line by line."""
        return [p for key, line in self._lines.items() if key not in self._hidden for p in line.points]

    def nearest(self, at: QPointF) -> Point | None:
        """The point within reach of a place in the scene."""
        best, found = NEAR_PX, None
        for point in self.points():
            away = self.place(point) - at
            distance = (away.x() ** 2 + away.y() ** 2) ** 0.5
            if distance < best:
                best, found = distance, point
        return found

    def place(self, point: Point) -> QPointF:
        """Where a point lies in the scene."""
        where: QPointF = self.item.vb.mapViewToScene(QPointF(log2(point.size), log2(point.value)))
        return where

    def ring(self, point: Point | None) -> None:
        """Mark one point."""
        self._ring.setData([log2(point.size)] if point else [], [log2(point.value)] if point else [])
