"""The canvas: the plot on screen, pointed at by mouse or arrow keys."""

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from app.core.series import Point
from app.gui.charts.chart import Chart, Key
from app.gui.charts.plot import Plot
from app.gui.theme import Colours


class Canvas(pg.GraphicsView):  # type: ignore[misc]
    """Shows a plot; ``pointed`` carries the point under the mouse or chosen by keys, or None."""

    pointed = Signal(object)

    def __init__(self, colours: Colours, parent: QWidget | None = None, pen_scale: float = 1.0) -> None:
        super().__init__(parent, useOpenGL=False, background=colours.base)
        self.plot = Plot(colours, pen_scale)
        self.setCentralItem(self.plot.item)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Chart")
        self.setAccessibleDescription("Arrow keys walk through the points; Ctrl+0 shows all")
        self.setMouseTracking(True)
        self._at: Point | None = None
        self._view: tuple[object, ...] = ()
        self._zoomed = False
        self.plot.item.vb.sigRangeChangedManually.connect(self._on_zoomed)

    def show_chart(self, chart: Chart) -> None:
        """Draw; the view follows what there is to see until the user zooms or pans."""
        self.plot.show(chart)
        if self._view != (chart.quantity, chart.places):
            self._view = (chart.quantity, chart.places)
            self._zoomed = False
            self._point(None)
        if not self._zoomed:
            self.plot.fit()
        if self._at is not None:
            index = self._at.row.index
            self._point(next((p for p in self.plot.points() if p.row.index == index), None))

    def _on_zoomed(self) -> None:
        self._zoomed = True

    def fit(self) -> None:
        """Show everything, from now on too."""
        self._zoomed = False
        self.plot.fit()

    def set_colours(self, colours: Colours) -> None:
        """Follow the theme."""
        self.setBackground(colours.base)
        self.plot.set_colours(colours)

    def set_hidden(self, hidden: frozenset[Key]) -> None:
        """Leave these lines out."""
        self.plot.set_hidden(hidden)
        self._point(None)

    def _point(self, point: Point | None) -> None:
        if point is not self._at:
            self._at = point
            self.plot.ring(point)
            self.pointed.emit(point)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at what is nearest."""
        super().mouseMoveEvent(event)
        if not event.buttons():
            self._point(self.plot.nearest(QPointF(self.mapToScene(event.position().toPoint()))))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show everything."""
        self.fit()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right walk through sizes and lines, up and down through what lies at one size."""
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
        heights = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        points = self.plot.points()
        if event.key() in steps and points:
            self._point(_neighbour(points, self._at, steps[Qt.Key(event.key())]))
        elif event.key() in heights and points:
            size = self._at.size if self._at else points[-1].size
            column = sorted((p for p in points if p.size == size), key=lambda p: p.value)
            self._point(_neighbour(column, self._at, heights[Qt.Key(event.key())]))
        else:
            super().keyPressEvent(event)


def _neighbour(points: list[Point], at: Point | None, step: int) -> Point | None:
    if not points:
        return None
    places = [i for i, p in enumerate(points) if at is not None and p.row.index == at.row.index]
    return points[(places[0] + step) % len(points)] if places else points[0]
