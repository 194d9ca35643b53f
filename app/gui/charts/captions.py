"""Captions: bands, guides and names around the marks of a picture; names do not lie on each other."""

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt

from app.charts.picture import Band, Guide, Picture
from app.gui.charts.look import Look
from app.gui.charts.style import translucent


class Captions:
    """Words in a plot: made anew when they differ, thinned out as the view changes, since they keep size."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._plot = plot
        self._shown: tuple[object, ...] = ()
        self._items: list[pg.GraphicsObject] = []
        self._labels: list[pg.TextItem] = []
        self._names: list[pg.TextItem] = []
        self._anchors: dict[pg.TextItem, tuple[float, float]] = {}
        plot.vb.sigTransformChanged.connect(self._thin_out)

    def show(self, picture: Picture, look: Look) -> None:
        """Write and draw what stands around this picture's marks."""
        named = [(spot.name, spot.x, spot.y) for spot in picture.spots if spot.name]
        shown = (picture.guides, picture.bands, named, picture.x, picture.y, look.colours, look.pen_scale)
        if shown == self._shown:
            return
        self._shown = shown
        for item in self._items:
            self._plot.removeItem(item)
        self._items, self._labels, self._names, self._anchors = [], [], [], {}
        for i, band in enumerate(picture.bands):
            self._lay(band, picture, i, look)
        for guide in picture.guides:
            self._draw(guide, picture, look)
        left, right = picture.x_reach()
        low, high = picture.y_reach()
        for name, x, y in named:
            at = (picture.x.scale.place(x), picture.y.scale.place(y))
            # A name stands on the sides where there is more room.
            side, end = int(at[0] > (left + 2 * right) / 3), int(at[1] <= (low + 3 * high) / 4)
            self._names.append(self._write(name, at, (side, end), look.colours.text))
        self._thin_out()

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

    def _draw(self, guide: Guide, picture: Picture, look: Look) -> None:
        places = [(picture.x.scale.place(x), picture.y.scale.place(y)) for x, y in guide.places]
        pen = pg.mkPen(look.colours.muted, width=1.4 * look.pen_scale, style=Qt.PenStyle.DashLine)
        self._put(pg.PlotCurveItem([x for x, _ in places], [y for _, y in places], pen=pen, antialias=True))
        (left, low), (right, high) = places[0], places[-1]
        at = (left + (right - left) * guide.at, low + (high - low) * guide.at)
        anchor = (0, 0) if guide.below else (1, 1)
        self._labels.append(self._write(guide.label, at, anchor, look.colours.muted))

    def _write(
        self, text: str, at: tuple[float, float], anchor: tuple[float, float], colour: str
    ) -> pg.TextItem:
        item = pg.TextItem(text, color=colour, anchor=anchor)
        item.setPos(*at)
        self._anchors[item] = anchor
        self._put(item)
        return item

    def _put(self, item: pg.GraphicsObject) -> None:
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

    def _box(self, item: pg.TextItem, anchor: tuple[float, float] | None = None) -> QRectF:
        """The box in which a text will stand in the scene: it moves there when it is painted."""
        side, end = anchor or tuple(item.anchor)
        at, size = self._plot.vb.mapViewToScene(item.pos()), item.textItem.boundingRect()
        return QRectF(at.x() - side * size.width(), at.y() - end * size.height(), size.width(), size.height())
