"""Captions: bands, guides and names around the marks of a picture; names do not lie on each other."""

from collections.abc import Sequence
from statistics import fmean

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainterPath, QPolygonF
from PySide6.QtWidgets import QApplication, QGraphicsItem, QGraphicsPathItem

from app.charts.picture import Band, Guide, Lines, Picture, Region
from app.gui.charts.look import Look
from app.gui.charts.style import styles, translucent

BESIDE_PX = 8.0
"""Pixels from the end of a curve to its name."""


LEAST_LETTERS = 8
"""Letters of a name that must have room for it to tell anything."""


def least_name() -> float:
    """Pixels below which a name is cut so short that it tells nothing."""
    return LEAST_LETTERS * QFontMetricsF(QApplication.font()).averageCharWidth()


def spread(wanted: Sequence[float], apart: float, low: float, high: float) -> list[float]:
    """Places in order, at least so far apart, each as near to the one wanted as that and the ends allow."""
    groups: list[list[float]] = []
    for i, want in enumerate(wanted):
        groups.append([want - i * apart])
        while len(groups) > 1 and fmean(groups[-2]) >= fmean(groups[-1]):
            lower = groups.pop()
            groups[-1] += lower
    last = high - (len(wanted) - 1) * apart
    means = [max(low, min(last, fmean(group))) for group in groups for _ in group]
    return [mean + i * apart for i, mean in enumerate(means)]


class Captions:
    """Words in a plot: made anew when they differ, thinned out as the view changes, since they keep size."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._plot = plot
        self._shown: tuple[object, ...] = ()
        self._items: list[QGraphicsItem] = []
        self._labels: list[pg.TextItem] = []
        self._names: list[pg.TextItem] = []
        self._ends: list[tuple[pg.TextItem, str]] = []
        self._anchors: dict[pg.TextItem, tuple[float, float]] = {}
        plot.vb.sigTransformChanged.connect(self._thin_out)

    def show(self, picture: Picture, look: Look) -> None:
        """Write and draw what stands around this picture's marks."""
        named = [(spot.name, spot.x, spot.y) for spot in picture.spots if spot.name]
        ends = self._at_ends(picture, look)
        shown = (
            picture.guides,
            picture.bands,
            picture.regions,
            named,
            [(name, colour) for name, *_, colour in ends],
            picture.x,
            picture.y,
            look.colours,
            look.pen_scale,
        )
        places = [QPointF(picture.x.scale.place(x), picture.y.scale.place(y)) for _, x, y, _ in ends]
        if shown == self._shown:
            self._move(places)
            return
        self._shown = shown
        for item in self._items:
            self._plot.removeItem(item)
        self._items, self._labels, self._names, self._ends, self._anchors = [], [], [], [], {}
        for region in picture.regions:
            self._shade(region, picture, look)
        for i, band in enumerate(picture.bands):
            self._lay(band, picture, i, look)
        for guide in picture.guides:
            self._draw(guide, picture, look)
        left, right = picture.x_reach()
        low, high = picture.y_reach()
        for name, x, y in named:
            spot = (picture.x.scale.place(x), picture.y.scale.place(y))
            # A name stands on the sides where there is more room.
            side, end = int(spot[0] > (left + 2 * right) / 3), int(spot[1] <= (low + 3 * high) / 4)
            self._names.append(self._write(name, spot, (side, end), look.colours.text))
        for (name, *_, colour), at in zip(ends, places, strict=True):
            item = pg.TextItem(name, color=colour, anchor=(0, 0.5), fill=look.colours.base)
            item.textItem.document().setDocumentMargin(0)
            item.setZValue(10)
            item.setPos(at)
            self._put(item)
            self._ends.append((item, name))
        self._thin_out()

    def _move(self, places: Sequence[QPointF]) -> None:
        """Let names follow the ends of their curves: to make them anew takes longer than all else."""
        if [item.pos() for item, _ in self._ends] != places:
            for (item, _), at in zip(self._ends, places, strict=True):
                item.setPos(at)
            self._spread()

    def _at_ends(self, picture: Picture, look: Look) -> list[tuple[str, float, float, str]]:
        """Names of curves, where they end, in the curves' colours."""
        if not isinstance(picture, Lines) or not picture.named:
            return []
        looks = styles(picture, look.colours)
        named = [
            curve
            for curve in picture.curves
            if curve.spots
            and (curve.reference or not curve.quiet)
            and not any(spot.name for spot in curve.spots)
            and picture.name_of(curve)
        ]
        right = max((curve.spots[-1].x for curve in named), default=0.0)
        inks = [look.colours.muted if c.reference else looks[c.key].colour for c in named]
        return [(picture.name_of(c), right, c.spots[-1].y, ink) for c, ink in zip(named, inks, strict=True)]

    def room(self) -> float:
        """Pixels that names at the ends of curves take beside them; none where there are none."""
        metrics = QFontMetricsF(QApplication.font())
        wide = [metrics.horizontalAdvance(name) for _, name in self._ends]
        return max(wide) + BESIDE_PX + 4 if wide else 0.0

    def _lay(self, band: Band, picture: Picture, number: int, look: Look) -> None:
        ends = (picture.y.scale.place(band.low), picture.y.scale.place(band.high))
        colour = look.colours.muted
        pen = pg.mkPen(colour, width=look.pen_scale, style=Qt.PenStyle.DashLine)
        region = pg.LinearRegionItem(
            ends, orientation="horizontal", movable=False, brush=translucent(colour, 28), pen=pen
        )
        region.setZValue(-10)
        # Bands may begin at one height: each text stands a little further to the right.
        label = self._write(band.label, (picture.x_reach()[0] + 0.05 + 1.4 * number, ends[0]), (0, 1), colour)
        self._labels.append(label)
        self._put(region)

    def _shade(self, region: Region, picture: Picture, look: Look) -> None:
        at, up = picture.x.scale.place, picture.y.scale.place
        path = QPainterPath()
        path.addPolygon(QPolygonF([QPointF(at(x), up(y)) for x, y in region.places]))
        item = QGraphicsPathItem(path)
        item.setPen(pg.mkPen(None))
        item.setBrush(translucent(look.colours.muted, 10 if region.light else 22))
        item.setZValue(-20)
        self._put(item)
        x, y = region.at
        self._labels.append(self._write(region.label, (at(x), up(y)), (0, 1), look.colours.muted))

    def _draw(self, guide: Guide, picture: Picture, look: Look) -> None:
        places = [(picture.x.scale.place(x), picture.y.scale.place(y)) for x, y in guide.places]
        pen = pg.mkPen(look.colours.muted, width=1.4 * look.pen_scale, style=Qt.PenStyle.DashLine)
        if not places:
            return
        self._put(pg.PlotCurveItem([x for x, _ in places], [y for _, y in places], pen=pen, antialias=True))
        (left, low), (right, high) = places[0], places[-1]
        at = (left + (right - left) * guide.at, low + (high - low) * guide.at)
        anchor = (0, 0) if guide.below else (1, 1)
        if guide.label:
            label = self._write(guide.label, at, anchor, look.colours.muted)
            label.fill = pg.mkBrush(look.colours.base)  # it may lie over bars
            self._labels.append(label)

    def _write(
        self, text: str, at: tuple[float, float], anchor: tuple[float, float], colour: str
    ) -> pg.TextItem:
        item = pg.TextItem(text, color=colour, anchor=anchor)
        item.setPos(*at)
        self._anchors[item] = anchor
        self._put(item)
        return item

    def _put(self, item: QGraphicsItem) -> None:
        self._plot.addItem(item, ignoreBounds=True)
        self._items.append(item)

    def _thin_out(self, *_: object) -> None:
        """Hide names that would lie on a label or an earlier name at every corner of their mark.

        What would leave the top hangs instead.
        """
        room = self._plot.vb.sceneBoundingRect()
        for item, (side, end) in self._anchors.items():
            hangs = self._box(item, (side, end)).top() < room.top()
            if (wanted := (side, 0.0 if hangs else end)) != tuple(item.anchor):
                item.setAnchor(wanted)
        taken = [self._box(label) for label in self._labels]
        for name in self._names:
            side, end = tuple(name.anchor)
            corners = [(side, end), (1 - side, end), (side, 1 - end), (1 - side, 1 - end)]
            # Marks above each other are hardly ever so to the pixel: names around them may touch.
            boxes = {corner: self._box(name, corner).adjusted(1, 1, -1, -1) for corner in corners}
            free = [
                corner
                for corner, box in boxes.items()
                if (corner == corners[0] or room.contains(box))
                and not any(box.intersects(other) for other in taken)
            ]
            name.setVisible(bool(free))
            if free:
                name.setAnchor(free[0])
                taken.append(boxes[free[0]])

        self._spread()

    def _spread(self) -> None:
        """Names at the ends of curves stand above each other, each as near to its curve as the others let it.

        They are cut where the plot ends; what has no room at all is left out.
        """
        room, metrics = self._plot.vb.sceneBoundingRect(), QFontMetricsF(QApplication.font())
        high = metrics.height()
        placed = []
        for item, name in self._ends:
            at = self._plot.vb.mapViewToScene(item.pos())
            left = room.right() - at.x() - BESIDE_PX - 2
            least = min(metrics.horizontalAdvance(name), least_name())
            item.setVisible(left >= least and room.top() <= at.y() <= room.bottom())
            if item.isVisible():
                cut = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, left)
                if item.toPlainText() != cut:
                    item.setText(cut)
                placed.append((at.y(), item))
        placed.sort(key=lambda pair: pair[0])
        for item in [item for _, item in placed[max(1, int(room.height() / high)) :]]:
            item.setVisible(False)
        placed = [pair for pair in placed if pair[1].isVisible()]
        heights = spread([y for y, _ in placed], high, room.top() + high / 2, room.bottom() - high / 2)
        for (y, item), height in zip(placed, heights, strict=True):
            box = item.textItem.boundingRect()
            item.setAnchor((-BESIDE_PX / max(1.0, box.width()), 0.5 - (height - y) / max(1.0, box.height())))

    def _box(self, item: pg.TextItem, anchor: tuple[float, float] | None = None) -> QRectF:
        """The box in which a text will stand in the scene: it moves there when it is painted."""
        side, end = anchor or tuple(item.anchor)
        at, size = self._plot.vb.mapViewToScene(item.pos()), item.textItem.boundingRect()
        return QRectF(at.x() - side * size.width(), at.y() - end * size.height(), size.width(), size.height())
