"""How curves, marks and bars look: colour and marker of the variant, dashes of the target."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import pyqtgraph as pg
from pyqtgraph.graphicsItems.ScatterPlotItem import drawSymbol
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap

from app.charts.bar_groups import Bars
from app.charts.palette import inks
from app.charts.picture import Key, Lines, Picture
from app.gui.parts.theme import Colours

SYMBOLS = ("o", "s", "t1", "d", "p", "t", "star", "h")
BROAD = 1.8
DASHES: tuple[tuple[float, ...], ...] = ((), (6, 3), (2, 2), (8, 3, 2, 3), (12, 4), (8, 2, 2, 2, 2, 2))


class Form(StrEnum):
    """What a legend shows a piece of."""

    LINE = "line"
    MARK = "mark"
    BAR = "bar"


@dataclass(frozen=True)
class LineStyle:
    """One key's looks; an empty ``dash`` is a solid line."""

    colour: str
    symbol: str
    dash: tuple[float, ...]
    form: Form = Form.LINE

    def pen(self, width: float) -> QPen:
        """A cosmetic pen of this colour and pattern."""
        pen: QPen = pg.mkPen(self.colour, width=width)
        if self.dash:
            # Qt counts dashes in line widths: a wider line has longer ones, as has a larger picture.
            pen.setDashPattern([part / min(max(1.0, width), BROAD) for part in self.dash])
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        return pen


def styles(picture: Picture, colours: Colours) -> Mapping[Key, LineStyle]:
    """The style of every key a picture could have: stable while it fills.

    Colour and marker are the variant's own, see ``palette``. Dashes tell targets apart, but variants where a
    plot has one target; markers do so where no line could be dashed.
    """
    bars = isinstance(picture, Bars)
    joined = isinstance(picture, Lines) and any(curve.joined for curve in picture.curves)
    form = Form.BAR if bars else Form.LINE if joined else Form.MARK
    return _styles(form, bars or joined, picture.targets, picture.variants, colours.lines)


@lru_cache(64)
def _styles(
    form: Form, dashed: bool, targets: tuple[str, ...], variants: tuple[str, ...], colours: tuple[str, ...]
) -> Mapping[Key, LineStyle]:
    """Of every variant on every target; asked for anew whenever the pointer moves."""
    known, alone = inks(variants), len(targets) < 2
    return {
        (target, variant): LineStyle(
            colours[ink.colour],
            SYMBOLS[(ink.marker + (0 if dashed else 3 * t)) % len(SYMBOLS)],
            DASHES[(ink.marker if alone else t) % len(DASHES)],
            form,
        )
        for t, target in enumerate(targets)
        for variant, ink in known.items()
    }


def draw_swatch(painter: QPainter, box: QRectF, style: LineStyle) -> None:
    """What a legend shows: a piece of line or bar with its marker, or the marker alone."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    outline = pg.mkPen(None)
    if style.form is Form.BAR:
        middle = box.center()
        painter.fillRect(QRectF(middle.x() - 9, middle.y() - 5.5, 18, 11), QColor(style.colour))
        outline = pg.mkPen("w" if QColor(style.colour).lightness() < 160 else "k")
    elif style.form is Form.LINE:
        pen = style.pen(1.8)
        pen.setCosmetic(False)
        painter.setPen(pen)
        level = box.center().y()
        painter.drawLine(QPointF(box.left(), level), QPointF(box.right(), level))
    painter.translate(box.center())
    drawSymbol(painter, style.symbol, 8.0, outline, pg.mkBrush(style.colour))
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
