"""Draws grouped bars with whiskers: they rise from the picture's base, or hang from it."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor

from app.gui.charts.bar_groups import Bar, Bars
from app.gui.charts.look import Look
from app.gui.charts.picture import Spot
from app.gui.charts.style import LineStyle, styles

ROOM_PX, MARK_PX = 46.0, 7.0
"""In narrower bars figures, or marks, would run into each other."""


def _foot(picture: Bars) -> float:
    """The place where bars stand."""
    return 0.0 if picture.base is None else picture.y.scale.place(picture.base)


class BarLayer:
    """Draws all anew whenever something differs: there are few bars."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._plot = plot
        self._items: list[pg.GraphicsObject] = []
        self._texts: list[pg.TextItem] = []
        self._marks: list[pg.ScatterPlotItem] = []
        plot.vb.sigTransformChanged.connect(self._make_room)
        self._drawn: tuple[Bars, Look] | None = None

    def show(self, picture: Bars, look: Look) -> None:
        """Draw these bars in place of the last ones."""
        if self._drawn == (picture, look):
            return
        self.remove()
        self._drawn = (picture, look)
        looks = styles(picture, look.colours)
        for group in picture.groups:
            for bar in group.bars:
                self._draw(bar, picture, looks[bar.key], look)
                self._write(bar, picture, look)
        self._make_room()

    def _make_room(self, *_: object) -> None:
        """Leave out what bars are too narrow for."""
        if self._drawn and self._texts:
            wide = self._drawn[0].width / self._plot.vb.viewPixelSize()[0]
            for items, least in ((self._texts, ROOM_PX), (self._marks, MARK_PX)):
                for item in items:
                    item.setVisible(wide >= least)

    def _draw(self, bar: Bar, picture: Bars, style: LineStyle, look: Look) -> None:
        up, spot, width = picture.y.scale.place, bar.spot, picture.width
        foot, top = _foot(picture), up(spot.y)
        if bar.figure:
            low, high = up(bar.figure.low or 1.0), up(bar.figure.high or bar.figure.low or 1.0)
            shade = QColor(look.colours.muted)
            shade.setAlpha(60)
            pen = pg.mkPen(look.colours.muted, width=1.2 * look.pen_scale, style=Qt.PenStyle.DashLine)
            self._add(pg.BarGraphItem(x=[spot.x], y0=[low], y1=[high], width=width, brush=shade, pen=pen), 0)
        colour = style.colour
        self._add(
            pg.BarGraphItem(x=[spot.x], y0=[foot], y1=[top], width=width * 0.8, brush=colour, pen=None), 1
        )
        if spot.low and spot.high:
            whisker = pg.ErrorBarItem(
                x=np.array([spot.x]),
                y=np.array([top]),
                top=np.array([up(spot.high) - top]),
                bottom=np.array([top - up(spot.low)]),
                beam=width * 0.3,
                pen=pg.mkPen("#7a7f87", width=1.4 * look.pen_scale),
            )
            self._add(whisker, 5)
        mark = pg.ScatterPlotItem(
            [spot.x],
            [top],
            symbol=style.symbol,
            size=8,
            pen=pg.mkPen(look.colours.base),
            brush=colour,
            useCache=False,
        )
        self._add(mark, 6)
        self._marks.append(mark)

    def _write(self, bar: Bar, picture: Bars, look: Look) -> None:
        up, spot = picture.y.scale.place, bar.spot
        rises = up(spot.y) >= _foot(picture)
        text = pg.TextItem(bar.text, color=look.colours.text, anchor=(0.5, 1.1 if rises else -0.1))
        text.setPos(spot.x, up((spot.high if rises else spot.low) or spot.y))
        self._add(text, 7)
        self._texts.append(text)

    def _add(self, item: pg.GraphicsObject, depth: int) -> None:
        item.setZValue(depth)
        self._plot.addItem(item, ignoreBounds=True)
        self._items.append(item)

    def hit(self, at: QPointF) -> Spot | None:
        """The bar whose column the place is in, whatever its height."""
        if self._drawn is None:
            return None
        picture = self._drawn[0]
        return next((s for s in picture.spots if abs(s.x - at.x()) <= picture.width / 2), None)

    def remove(self) -> None:
        """Take everything off the plot."""
        for item in self._items:
            self._plot.removeItem(item)
        self._items, self._texts, self._marks = [], [], []
        self._drawn = None
