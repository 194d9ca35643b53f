"""One line of a chart: curve, markers, interval band and whiskers; its items live as long as it does."""

import numpy as np
import pyqtgraph as pg

from app.core.series import Point, Series
from app.gui.charts.style import LineStyle, translucent

THIN, FINE = 1.0, 1.8


class Line:
    """Thin and not antialiased while measuring; ``fine`` once nobody is disturbed. Values are log2."""

    def __init__(self, plot: pg.PlotItem, style: LineStyle) -> None:
        self.points: tuple[Point, ...] = ()
        self._plot = plot
        self._band = pg.PlotCurveItem(pen=None, fillLevel="enclosed")
        self._whiskers = pg.PlotCurveItem(connect="pairs")
        self._curve = pg.PlotCurveItem()
        self._marks = pg.ScatterPlotItem(pxMode=True, size=8, useCache=False)
        for depth, item in enumerate((self._band, self._whiskers, self._curve, self._marks)):
            item.setZValue(depth)
            plot.addItem(item, ignoreBounds=True)
        self.restyle(style, fine=True)

    def restyle(self, style: LineStyle, fine: bool, pen_scale: float = 1.0) -> None:
        """Take on another look."""
        width = (FINE if fine else THIN) * pen_scale
        self._style = style
        self._curve.setPen(style.pen(width))
        self._curve.opts["antialias"] = fine
        self._whiskers.setPen(pg.mkPen(translucent(style.colour, 120), width=1))
        self._band.setBrush(pg.mkBrush(translucent(style.colour, 30)))
        self._marks.opts["antialias"] = fine
        self._mark()

    def show(self, series: Series | None) -> None:
        """Draw these points; nothing happens when they are the ones already drawn."""
        points = series.points if series else ()
        if _figures(points) == _figures(self.points):
            self.points = points
            return
        self.points = points
        xs = np.log2([p.size for p in points])
        self._curve.setData(xs, np.log2([p.value for p in points]))
        bounded = [p for p in points if p.low and p.high]
        at = np.log2([p.size for p in bounded])
        low = np.log2([p.low or p.value for p in bounded])
        high = np.log2([p.high or p.value for p in bounded])
        self._whiskers.setData(np.repeat(at, 2), np.column_stack((low, high)).ravel(), connect="pairs")
        self._band.setData(np.concatenate((at, at[::-1])), np.concatenate((low, high[::-1])))
        self._mark()

    def _mark(self) -> None:
        """A marker is hollow until its interval is known."""
        solid, hollow = pg.mkBrush(self._style.colour), pg.mkBrush(None)
        self._marks.setData(
            x=np.log2([p.size for p in self.points]),
            y=np.log2([p.value for p in self.points]),
            symbol=self._style.symbol,
            pen=pg.mkPen(self._style.colour, width=1),
            brush=[solid if p.low is not None else hollow for p in self.points],
        )

    def set_visible(self, visible: bool) -> None:
        """Show or hide all of it."""
        for item in (self._band, self._whiskers, self._curve, self._marks):
            item.setVisible(visible)

    def remove(self) -> None:
        """Take it off the plot."""
        for item in (self._band, self._whiskers, self._curve, self._marks):
            self._plot.removeItem(item)


def _figures(points: tuple[Point, ...]) -> list[tuple[float, float, float | None, float | None]]:
    return [(p.size, p.value, p.low, p.high) for p in points]
