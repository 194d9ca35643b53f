"""How lines look: a colour per variant, a marker and a dash pattern per target."""

from dataclasses import dataclass

import pyqtgraph as pg
from pyqtgraph.graphicsItems.ScatterPlotItem import drawSymbol
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap

from app.gui.charts.chart import Chart, Key
from app.gui.theme import Colours

SYMBOLS = ("o", "s", "t1", "d", "p", "t", "star", "h")
BROAD = 1.8
DASHES: tuple[tuple[float, ...], ...] = ((), (6, 3), (2, 2), (8, 3, 2, 3), (12, 4), (8, 2, 2, 2, 2, 2))


@dataclass(frozen=True)
class LineStyle:
    """One line's looks; an empty ``dash`` is a solid line."""

    colour: str
    symbol: str
    dash: tuple[float, ...]

    def pen(self, width: float) -> QPen:
        """A cosmetic pen of this colour and pattern."""
        pen: QPen = pg.mkPen(self.colour, width=width)
        if self.dash:
            # Qt counts dashes in line widths: a wider line has longer ones, as has a larger picture.
            pen.setDashPattern([part / min(max(1.0, width), BROAD) for part in self.dash])
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        return pen


def styles(chart: Chart, colours: Colours) -> dict[Key, LineStyle]:
    """The style of every line a chart could have: stable while it fills.

    Where variants outnumber colours, the second round of colours has other markers.
    """
    return {
        (target, variant): LineStyle(
            colours.lines[v % len(colours.lines)],
            SYMBOLS[(t + 3 * (v // len(colours.lines))) % len(SYMBOLS)],
            DASHES[t % len(DASHES)],
        )
        for t, target in enumerate(chart.targets)
        for v, variant in enumerate(chart.variants)
    }


def draw_swatch(painter: QPainter, box: QRectF, style: LineStyle) -> None:
    """A piece of line with its marker: what a legend shows."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    middle = box.center().y()
    pen = style.pen(1.8)
    pen.setCosmetic(False)
    painter.setPen(pen)
    painter.drawLine(QPointF(box.left(), middle), QPointF(box.right(), middle))
    painter.translate(box.center())
    drawSymbol(painter, style.symbol, 8.0, pg.mkPen(None), pg.mkBrush(style.colour))
    painter.restore()


def swatch(style: LineStyle, ratio: float) -> QIcon:
    """The swatch as an icon for a list."""
    pixmap = QPixmap(round(32 * ratio), round(16 * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    draw_swatch(painter, QRectF(1, 0, 30, 16), style)
    painter.end()
    return QIcon(pixmap)


def translucent(colour: str, alpha: int) -> QColor:
    """A colour that lets what is behind it through."""
    shade = QColor(colour)
    shade.setAlpha(alpha)
    return shade
