"""One curve: line, markers, interval band and whiskers; its items live as long as it does."""

import numpy as np
import pyqtgraph as pg

from app.gui.charts.look import Look
from app.gui.charts.picture import Axis, Curve, Spot
from app.gui.charts.style import LineStyle, translucent

THIN, FINE = 1.0, 1.8


class Line:
    """Changes only what differs from what it drew last."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._plot = plot
        self._drawn: tuple[object, ...] = ()
        self._dressed: tuple[LineStyle, Look] | None = None
        self._band = pg.PlotCurveItem(pen=None, fillLevel="enclosed")
        self._whiskers = pg.PlotCurveItem(connect="pairs")
        self._curve = pg.PlotCurveItem()
        self._marks = pg.ScatterPlotItem(pxMode=True, size=8, useCache=False)
        self._items = (self._band, self._whiskers, self._curve, self._marks)
        for depth, item in enumerate(self._items):
            item.setZValue(depth)
            plot.addItem(item, ignoreBounds=True)

    def show(self, curve: Curve | None, x: Axis, y: Axis, style: LineStyle, look: Look) -> None:
        """Draw this curve, or nothing."""
        spots = curve.spots if curve else ()
        joined = curve.joined if curve else True
        figures = [(s.x, s.y, s.low, s.high, s.flagged, s.sure) for s in spots]
        drawn = (joined, x.scale, y.scale, figures)
        if drawn != self._drawn:
            self._drawn = drawn
            self._place(spots, joined, x, y)
        elif (style, look) == self._dressed:
            return
        self._dressed = (style, look)
        self._dress(spots, x, y, style, look)

    def _place(self, spots: tuple[Spot, ...], joined: bool, x: Axis, y: Axis) -> None:
        at, up = x.scale.place, y.scale.place
        self._curve.setData([at(s.x) for s in spots], [up(s.y) for s in spots])
        self._curve.setVisible(joined)
        bounded = [s for s in spots if s.low and s.high]
        xs = np.array([at(s.x) for s in bounded])
        low = np.array([up(s.low or s.y) for s in bounded])
        high = np.array([up(s.high or s.y) for s in bounded])
        self._whiskers.setData(np.repeat(xs, 2), np.column_stack((low, high)).ravel(), connect="pairs")
        self._band.setVisible(joined and len(bounded) > 1)
        if joined:
            self._band.setData(np.concatenate((xs, xs[::-1])), np.concatenate((low, high[::-1])))

    def _dress(self, spots: tuple[Spot, ...], x: Axis, y: Axis, style: LineStyle, look: Look) -> None:
        """A marker is hollow while its spot is not sure, and ringed where it is flagged."""
        width = (FINE if look.fine else THIN) * look.pen_scale
        self._curve.setPen(style.pen(width))
        self._curve.opts["antialias"] = look.fine
        self._whiskers.setPen(pg.mkPen(translucent(style.colour, 120), width=look.pen_scale))
        self._band.setBrush(pg.mkBrush(translucent(style.colour, 30)))
        self._marks.opts["antialias"] = look.fine
        solid, hollow = pg.mkBrush(style.colour), pg.mkBrush(None)
        plain = pg.mkPen(style.colour, width=1)
        flag = pg.mkPen(look.colours.bad, width=2.2)
        self._marks.setData(
            x=[x.scale.place(s.x) for s in spots],
            y=[y.scale.place(s.y) for s in spots],
            symbol=style.symbol,
            size=[12 if s.flagged else 8 for s in spots],
            pen=[flag if s.flagged else plain for s in spots],
            brush=[solid if s.sure and not s.flagged else hollow for s in spots],
        )

    def remove(self) -> None:
        """Take it off the plot."""
        for item in self._items:
            self._plot.removeItem(item)
