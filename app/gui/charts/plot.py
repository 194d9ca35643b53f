"""The plot: draws any kind of picture on a pyqtgraph plot item, on screen or for a file."""

from dataclasses import replace
from typing import Any, Protocol

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF

from app.charts.bar_groups import Bars
from app.charts.picture import Grid, Lines, Picture, Spot
from app.gui.charts.axis import PlaceAxis
from app.gui.charts.bar_layer import BarLayer
from app.gui.charts.captions import Captions
from app.gui.charts.cell_layer import CellLayer
from app.gui.charts.line_layer import LineLayer
from app.gui.charts.look import Look
from app.gui.parts.theme import Colours

NEAR_PX, COVERED_PX = 28.0, 4.0
"""How far a spot can be reached from, and how close two lie on each other."""


class Layer(Protocol):
    """Draws one kind of picture between the axes."""

    def show(self, picture: Any, look: Look) -> None: ...
    def hit(self, at: QPointF) -> Spot | None: ...
    def remove(self) -> None: ...


LAYERS: dict[type[Picture], type[Layer]] = {Lines: LineLayer, Bars: BarLayer, Grid: CellLayer}


class Plot:
    """Axes, guides and bands are every picture's; a layer draws the rest. ``show`` changes what differs."""

    def __init__(self, look: Look) -> None:
        self._x, self._y = PlaceAxis("bottom"), PlaceAxis("left")
        self.item = pg.PlotItem(axisItems={"bottom": self._x, "left": self._y}, enableMenu=False)
        self.item.hideButtons()
        self.item.vb.setLimits(minXRange=0.05, minYRange=0.01)
        self._base = pg.InfiniteLine(0.0, angle=0)
        self._ring = pg.ScatterPlotItem(pxMode=True, size=17, useCache=False)
        self._ring.setZValue(20)
        for item in (self._base, self._ring):
            self.item.addItem(item, ignoreBounds=True)
        self._layer: Layer | None = None
        self._picture: Picture | None = None
        self._captions = Captions(self.item)
        self._look = look
        self._wanted = look.fine
        self._places = np.empty((0, 2))
        self._dress()

    def set_colours(self, colours: Colours) -> None:
        """Follow the theme."""
        self._look = replace(self._look, colours=colours)
        self._dress()

    def set_fine(self, fine: bool) -> None:
        """Antialiased and thicker, or cheap."""
        self._wanted = fine
        self._refine(fine)

    def set_moving(self, moving: bool) -> None:
        """Cheap while it is moved, so that it follows the hand."""
        self._refine(self._wanted and not moving)

    def _refine(self, fine: bool) -> None:
        if fine != self._look.fine:
            self._look = replace(self._look, fine=fine)
            if self._picture and self._layer:
                self._layer.show(self._picture, self._look)

    def _dress(self) -> None:
        colours, scale = self._look.colours, self._look.pen_scale
        for axis in (self._x, self._y):
            axis.setPen(pg.mkPen(colours.border))
            axis.setTextPen(pg.mkPen(colours.text))
            axis.setTickPen(pg.mkPen(colours.muted))
        self._base.setPen(pg.mkPen(colours.text, width=1.3 * scale))
        self._ring.setPen(pg.mkPen(colours.accent, width=2))
        self._ring.setBrush(pg.mkBrush(None))
        if self._picture:
            self.show(self._picture)

    def show(self, picture: Picture) -> None:
        """Draw this picture in place of the last one."""
        self._picture = picture
        kind = LAYERS[type(picture)]
        if not isinstance(self._layer, kind):
            if self._layer:
                self._layer.remove()
            self._layer = kind(self.item)
        self._layer.show(picture, self._look)
        cells = isinstance(picture, Grid)
        self.item.showGrid(x=not picture.x.named and not cells, y=not cells, alpha=0.16)
        for axis, given in ((self._x, picture.x), (self._y, picture.y)):
            axis.set_axis(given)
            axis.set_title(given.title, self._look.colours.text)
        self._base.setVisible(picture.base is not None)
        if picture.base is not None:
            self._base.setValue(picture.y.scale.place(picture.base))
        self._captions.show(picture, self._look)
        at, up = picture.x.scale.place, picture.y.scale.place
        self._places = np.array([(at(s.x), up(s.y)) for s in picture.spots]).reshape(-1, 2)

    def fit(self) -> None:
        """Show everything."""
        if self._picture:
            self.item.vb.setRange(xRange=self._picture.x_reach(), yRange=self._picture.y_reach(), padding=0)

    def spots(self) -> tuple[Spot, ...]:
        """What can be pointed at."""
        return self._picture.spots if self._picture else ()

    def nearest(self, at: QPointF) -> tuple[Spot, ...]:
        """What a place in the scene covers, or else is nearest and within reach, then what lies on that."""
        view = self.item.vb.mapSceneToView(at)
        if self._layer and (spot := self._layer.hit(view)):
            return (spot,)
        if not len(self._places):
            return ()
        away = self._away(view.x(), view.y())
        best = int(away.argmin())
        if away[best] >= NEAR_PX:
            return ()
        together = np.flatnonzero(self._away(*self._places[best]) < COVERED_PX).tolist()
        first = together.index(best)
        return tuple(self.spots()[i] for i in (*together[first:], *together[:first]))

    def _away(self, x: float, y: float) -> NDArray[np.float64]:
        """Pixels from each spot to a place."""
        away = (self._places - (x, y)) / self.item.vb.viewPixelSize()
        distances: NDArray[np.float64] = np.hypot(away[:, 0], away[:, 1])
        return distances

    def place(self, spot: Spot) -> QPointF:
        """The place of a spot in the scene."""
        where: QPointF = self.item.vb.mapViewToScene(QPointF(*self._at(spot)))
        return where

    def _at(self, spot: Spot) -> tuple[float, float]:
        assert self._picture is not None
        return self._picture.x.scale.place(spot.x), self._picture.y.scale.place(spot.y)

    def ring(self, spot: Spot | None) -> None:
        """Mark one spot."""
        places = [self._at(spot)] if spot else []
        self._ring.setData([x for x, _ in places], [y for _, y in places])
