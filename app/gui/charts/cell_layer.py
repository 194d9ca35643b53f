"""Draws a heat map: a coloured field per cell with its figure in it, the winner framed."""

from math import log2

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen, qGray
from PySide6.QtWidgets import QApplication

from app.charts.grid import Cell, Grid, Tones
from app.charts.picture import Spot
from app.gui.charts.look import Look
from app.gui.charts.scene_units import to_scene

GAP = 0.02
"""Room between two cells, as a part of one."""

SMALLEST_PX = 6.0
"""Pixels below which a figure is no longer readable and left out."""

UNDER = 0.8
"""The size of what stands under a figure, of 1."""

FASTER, SLOWER = "#2166ac", "#b35806"
"""Blue and orange, which colour-blind people tell apart."""

BEST, WORST = "#1b7f8c", "#f2e3b3"


class CellLayer(pg.GraphicsObject):  # type: ignore[misc]
    """One item that paints all cells: texts must fit them, whatever the zoom."""

    def __init__(self, plot: pg.PlotItem) -> None:
        super().__init__()
        self._plot = plot
        self._picture: Grid | None = None
        self._look: Look | None = None
        plot.addItem(self, ignoreBounds=True)

    def show(self, picture: Grid, look: Look) -> None:
        """Draw this heat map in place of the last one."""
        if (picture, look) != (self._picture, self._look):
            self.prepareGeometryChange()
            self._picture, self._look = picture, look
            self.update()

    def boundingRect(self) -> QRectF:
        """The area of all cells."""
        if self._picture is None or not self._picture.cells:
            return QRectF()
        xs = [spot.x for spot in self._picture.spots]
        ys = [spot.y for spot in self._picture.spots]
        return QRectF(min(xs) - 0.5, min(ys) - 0.5, max(xs) - min(xs) + 1, max(ys) - min(ys) + 1)

    def paint(self, painter: QPainter, *_: object) -> None:
        """Cell by cell; pens and texts do not stretch with the axes."""
        picture, look = self._picture, self._look
        if picture is None or look is None:
            return
        painter.save()
        there = to_scene(self, painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, look.fine)
        boxes = {id(cell): there.mapRect(_box(cell)) for cell in picture.cells}
        font = _font(picture, boxes)
        for cell in picture.cells:
            box, colour = boxes[id(cell)], colour_of(cell, picture, look)
            painter.fillRect(box, QBrush(colour))
            if cell.value is None:
                painter.fillRect(box, QBrush(QColor(look.colours.border), Qt.BrushStyle.BDiagPattern))
            if cell.marked:
                painter.setPen(QPen(QColor(look.colours.text), 3))
                painter.drawRect(box.adjusted(2, 2, -2, -2))
            if font:
                painter.setPen(QColor(_ink(colour, cell, look)))
                _write(painter, box, cell, font)
        painter.restore()

    def hit(self, at: QPointF) -> Spot | None:
        """The cell under a place."""
        spots = self._picture.spots if self._picture else ()
        return next((s for s in spots if abs(s.x - at.x()) <= 0.5 and abs(s.y - at.y()) <= 0.5), None)

    def remove(self) -> None:
        """Take it off the plot."""
        self._plot.removeItem(self)


def _write(painter: QPainter, box: QRectF, cell: Cell, font: QFont) -> None:
    """The figure, over what stands under it where both have room; what is too long is cut."""
    lines, below = [(cell.text, font)], QFont(font)
    below.setPixelSize(max(round(SMALLEST_PX), round(UNDER * font.pixelSize())))
    high = QFontMetricsF(font).height()
    if cell.under and box.height() >= (1 + UNDER) * high + 4:
        lines.append((cell.under, below))
    top = box.center().y() - high * (1 + UNDER * (len(lines) - 1)) / 2
    for text, own in lines:
        metrics = QFontMetricsF(own)
        short = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width() - 4)
        painter.setFont(own)
        line = QRectF(box.left(), top, box.width(), metrics.height())
        painter.drawText(line, int(Qt.AlignmentFlag.AlignCenter), short)
        top += metrics.height()


def colour_of(cell: Cell, picture: Grid, look: Look) -> QColor:
    """The colour that tells a cell's value, between those of the values there are."""
    if cell.value is None:
        return QColor(look.colours.alternate)
    values = [one.value for one in picture.cells if one.value is not None]
    neutral = QColor("#39404a" if look.colours.dark else "#f1f1f1")
    if picture.tones is Tones.BOTH_WAYS:
        most = max(0.5, *(abs(log2(value)) for value in values))
        return _mix(neutral, QColor(FASTER if cell.value >= 1 else SLOWER), abs(log2(cell.value)) / most)
    low, high = log2(min(values)), log2(max(values))
    share = (log2(cell.value) - low) / (high - low) if high > low else 0.0
    return _mix(QColor(BEST), QColor("#4a4636" if look.colours.dark else WORST), share)


def _mix(first: QColor, second: QColor, share: float) -> QColor:
    channels = (QColor.redF, QColor.greenF, QColor.blueF)
    return QColor.fromRgbF(*(one(first) + (one(second) - one(first)) * share for one in channels))


def _ink(colour: QColor, cell: Cell, look: Look) -> str:
    """What can be read on that colour."""
    if cell.value is None:
        return look.colours.muted
    return "#111418" if qGray(colour.rgb()) > 140 else "#ffffff"


def _box(cell: Cell) -> QRectF:
    side = 1 - 2 * GAP
    return QRectF(cell.spot.x - side / 2, cell.spot.y - side / 2, side, side)


def _font(picture: Grid, boxes: dict[int, QRectF]) -> QFont | None:
    """The largest font in which the figures fit their cells; None where none would be readable."""
    if not boxes:
        return None
    box = next(iter(boxes.values()))
    longest = max((len(cell.text) for cell in picture.cells if cell.value is not None), default=4)
    usual = QFontMetricsF(QApplication.font()).height()
    pixels = min(usual, box.height() * 0.5, 1.6 * box.width() / max(4, longest))
    if pixels < SMALLEST_PX:
        return None
    font = QFont(QApplication.font())
    font.setPixelSize(round(pixels))
    return font
