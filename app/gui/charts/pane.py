"""A pane: axes and what one picture shows between them, on a pyqtgraph plot item."""

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF

from app.charts.bar_groups import Bars
from app.charts.grid import Grid
from app.charts.picture import Key, Lines, Picture, Spot
from app.gui.charts.axis import PlaceAxis
from app.gui.charts.bar_layer import BarLayer
from app.gui.charts.captions import Captions, least_name
from app.gui.charts.cell_layer import CellLayer
from app.gui.charts.heading import Heading
from app.gui.charts.line_layer import LineLayer
from app.gui.charts.look import Look

NEAR_PX, COVERED_PX = 28.0, 4.0
"""How far a spot can be reached from, and how close two lie on each other."""

MOST_ROOM = 0.6
"""The part of a pane that names beside curves may take."""

Reach = tuple[float, float]


class Layer(Protocol):
    """Draws one kind of picture between the axes."""

    def show(self, picture: Any, look: Look) -> None: ...
    def hit(self, at: QPointF) -> Spot | None: ...
    def remove(self) -> None: ...


LAYERS: dict[type[Picture], type[Layer]] = {Lines: LineLayer, Bars: BarLayer, Grid: CellLayer}


class Pane:
    """Axes, guides and bands are every picture's; a layer draws the rest. ``show`` changes what differs."""

    def __init__(self, zoomed: Callable[["Pane"], None], resized: Callable[[], None]) -> None:
        self.x, self.y, self.heading = PlaceAxis("bottom"), PlaceAxis("left"), Heading()
        self.item = pg.PlotItem(axisItems={"bottom": self.x, "left": self.y}, enableMenu=False)
        self.item.hideButtons()
        self.item.setPreferredSize(100, 100)
        self.heading.setPreferredWidth(100)
        self.item.vb.setLimits(minXRange=0.05, minYRange=0.01)
        self.item.vb.sigRangeChangedManually.connect(lambda *_: zoomed(self))
        self.item.vb.sigResized.connect(lambda *_: resized())
        self._base = pg.InfiniteLine(0.0, angle=0)
        self._ring = pg.ScatterPlotItem(pxMode=True, size=17, useCache=False)
        self._ring.setZValue(20)
        self._tip = pg.TextItem()
        self._tip.setZValue(30)
        for item in (self._base, self._ring, self._tip):
            self.item.addItem(item, ignoreBounds=True)
        self._tip.hide()
        self.layer: Layer | None = None
        self.captions = Captions(self.item)
        self._picture: Picture | None = None
        self._drawn: tuple[Picture, Look] | None = None
        self._grid: tuple[bool, bool] | None = None
        self._places = np.empty((0, 2))

    def dress(self, look: Look) -> None:
        """Follow the theme."""
        colours, scale = look.colours, look.pen_scale
        for axis in (self.x, self.y):
            axis.setPen(pg.mkPen(colours.border))
            axis.setTextPen(pg.mkPen(colours.text))
            axis.setTickPen(pg.mkPen(colours.muted))
        self._base.setPen(pg.mkPen(colours.text, width=1.3 * scale))
        self._ring.setPen(pg.mkPen(colours.accent, width=2))
        self._ring.setBrush(pg.mkBrush(None))
        self._tip.fill, self._tip.border = pg.mkBrush(colours.base), pg.mkPen(colours.border)
        self._tip.setColor(colours.text)

    def show(self, picture: Picture, look: Look) -> None:
        """Draw this picture in place of the last one; of one that is the same, as of a target that nothing
        came of since, only its marks are known from now on.
        """
        before, self._drawn = self._drawn, (picture, look)
        self._picture = picture
        if before == self._drawn and isinstance(picture, Lines):
            return
        kind = LAYERS[type(picture)]
        if not isinstance(self.layer, kind):
            if self.layer:
                self.layer.remove()
            self.layer = kind(self.item)
        self.layer.show(picture, look)
        cells = isinstance(picture, Grid)
        grid = (not picture.x.named and not cells, not cells)
        if grid != self._grid:
            self._grid = grid
            self.item.showGrid(*grid, alpha=0.16)
        for axis, given in ((self.x, picture.x), (self.y, picture.y)):
            axis.set_axis(given)
        self._base.setVisible(picture.base is not None)
        if picture.base is not None:
            self._base.setValue(picture.y.scale.place(picture.base))
        self.captions.show(picture, look)
        at, up = picture.x.scale.place, picture.y.scale.place
        self._places = np.array([(at(s.x), up(s.y)) for s in picture.spots]).reshape(-1, 2)

    def refresh(self, look: Look) -> None:
        """Draw the same in another look."""
        if self._picture and self.layer:
            self._drawn = (self._picture, look)
            self.layer.show(self._picture, look)

    def fit(self, x: Reach, y: Reach, room: float, wide: float) -> None:
        """Show these places, with ``room`` of ``wide`` pixels beside them for the names of curves."""
        room = min(room, MOST_ROOM * wide)
        if room < min(self.captions.room(), least_name()):
            room = 0.0  # of such names nobody could tell one from another
        right = x[1] + (x[1] - x[0]) * room / max(1.0, wide - room)
        self.item.vb.setRange(xRange=(x[0], right), yRange=y, padding=0)

    def spots(self) -> tuple[Spot, ...]:
        """What can be pointed at."""
        return self._picture.spots if self._picture else ()

    def key_of(self, spot: Spot) -> Key | None:
        """What the curve, bar or mark is called that a spot belongs to."""
        picture = self._picture
        if isinstance(picture, Lines):
            return next((c.key for c in picture.curves if any(s is spot for s in c.spots)), None)
        if isinstance(picture, Bars):
            return next((bar.key for bar in picture.bars if bar.spot is spot), None)
        return None

    def nearest(self, at: QPointF) -> tuple[Spot, ...]:
        """What a place in the scene covers, or else is nearest and within reach, then what lies on that."""
        view = self.item.vb.mapSceneToView(at)
        if self.layer and (spot := self.layer.hit(view)):
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
        """Mark one spot, and say beside it what it is."""
        places = [self._at(spot)] if spot else []
        self._ring.setData([x for x, _ in places], [y for _, y in places])
        words = tip(spot) if spot else ""
        self._tip.setVisible(bool(words) and not isinstance(self._picture, Grid))
        if words:
            (x, y), ((left, right), (low, high)) = places[0], self.item.vb.viewRange()
            self._tip.setText(words)
            # On the side where there is room, a little off the ring.
            self._tip.setAnchor(
                (1.08 if x > (left + right) / 2 else -0.08, -0.5 if y > (low + high) / 2 else 1.5)
            )
            self._tip.setPos(x, y)


def tip(spot: Spot) -> str:
    """What stands beside a spot that is pointed at: its own words, or its variant and speedup."""
    if spot.tip or spot.row is None:
        return spot.tip
    row = spot.row
    return f"{row.name}  {row.verdict}" if row.verdict else row.name
