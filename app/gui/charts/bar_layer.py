"""Draws grouped bars with whiskers: they rise from the picture's base, or hang from it."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyqtgraph as pg
from pyqtgraph.graphicsItems.ScatterPlotItem import drawSymbol
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QTransform
from PySide6.QtWidgets import QApplication

from app.charts.bar_groups import Bar, Bars
from app.charts.picture import Spot
from app.gui.charts.look import Look
from app.gui.charts.scene_units import to_scene
from app.gui.charts.style import LineStyle, styles, translucent

SOLID, BEAM = 0.8, 0.3
"""Parts of a bar's room: how much the bar fills, and how wide the ends of its whisker are."""

FAINT = 0.2
"""The ink of bars that are out of focus."""

MARK_PX, DOT_PX, NARROWEST_PX = 8.0, 12.0, 7.0
"""The size of a mark on a bar, and of one instead of it; in narrower bars they would run into each other."""

SMALLEST_PX, BESIDE_PX = 8.0, 4.0
"""Pixels of the smallest figures, for smaller ones are left out, and between two figures."""


class BarLayer(pg.UIGraphicsItem):  # type: ignore[misc]
    """One item that paints all bars: an item for each of their parts takes longer to make than to draw."""

    def __init__(self, plot: pg.PlotItem) -> None:
        super().__init__()
        self._plot = plot
        self._drawn: tuple[Bars, Look] | None = None
        self.setZValue(1)
        plot.addItem(self, ignoreBounds=True)

    def show(self, picture: Bars, look: Look) -> None:
        """Draw these bars in place of the last ones."""
        if self._drawn != (picture, look):
            self._drawn = (picture, look)
            self.update()

    def paint(self, painter: QPainter, *_: object) -> None:
        """Bar by bar; their figures only where bars are wide enough for all of them."""
        if self._drawn is None:
            return
        picture, look = self._drawn
        painter.save()
        there = to_scene(self, painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, look.fine)
        wide, looks = _wide(picture, there), styles(picture, look.colours)
        bottom = self._bottom(there)
        placed = [_placed(bar, picture, there, bottom) for bar in picture.bars]
        for bar, one in zip(picture.bars, placed, strict=True):
            painter.setOpacity(FAINT if look.focus and bar.key[1] != look.focus else 1.0)
            _draw(painter, one, wide, looks[bar.key], look, picture.dots)
        painter.setOpacity(1.0)
        if font := figure_font(picture.bars, wide):
            painter.setFont(font)
            painter.setPen(QColor(look.colours.text))
            for bar, one in zip(picture.bars, placed, strict=True):
                painter.drawText(_figure_box(bar, one, font), Qt.AlignmentFlag.AlignCenter, bar.text)
        painter.restore()

    def figures(self) -> list[QRectF]:
        """The places of figures in the scene; none where they have no room."""
        if self._drawn is None:
            return []
        picture, there = self._drawn[0], self.sceneTransform()
        font = figure_font(picture.bars, _wide(picture, there))
        if font is None:
            return []
        bottom = self._bottom(there)
        return [_figure_box(bar, _placed(bar, picture, there, bottom), font) for bar in picture.bars]

    def _bottom(self, there: QTransform) -> float:
        """The lower end of the view, which may be above the place that bars stand on."""
        view: QRectF = there.mapRect(self.viewRect())
        return view.bottom()

    def hit(self, at: QPointF) -> Spot | None:
        """The bar whose column the place is in, whatever its height."""
        if self._drawn is None:
            return None
        picture = self._drawn[0]
        return next((s for s in picture.spots if abs(s.x - at.x()) <= picture.width / 2), None)

    def remove(self) -> None:
        """Take it off the plot."""
        self._plot.removeItem(self)


@dataclass(frozen=True)
class _Placed:
    """The place of a bar in the scene: its middle, and heights of what it shows."""

    x: float
    foot: float
    top: float
    whisker: tuple[float, float] | None
    figure: tuple[float, float] | None

    @property
    def end(self) -> tuple[float, bool]:
        """How far it reaches with its whisker, and whether it rises; heights grow downwards."""
        reached = (self.top, *(self.whisker or ()))
        rises = self.top <= self.foot
        return (min(reached) if rises else max(reached)), rises


def _wide(picture: Bars, there: QTransform) -> float:
    return there.mapRect(QRectF(0, 0, picture.width, 0)).width()


def _placed(bar: Bar, picture: Bars, there: QTransform, bottom: float) -> _Placed:
    spot, figure = bar.spot, bar.figure

    def height(value: float) -> float:
        return there.map(QPointF(spot.x, picture.y.scale.place(value))).y()

    return _Placed(
        there.map(QPointF(spot.x, 0.0)).x(),
        min(bottom, there.map(QPointF(spot.x, 0.0)).y() if picture.base is None else height(picture.base)),
        height(spot.y),
        (height(spot.low), height(spot.high)) if spot.low and spot.high else None,
        (height(figure.low or 1.0), height(figure.high or figure.low or 1.0)) if figure else None,
    )


def _draw(
    painter: QPainter, bar: _Placed, wide: float, style: LineStyle, look: Look, dots: bool = False
) -> None:
    """What an article reports lies beneath the bar; its mark is where the legend has it, off the whisker."""
    colours = look.colours
    if bar.figure:
        painter.setPen(QPen(QColor(colours.muted), 1.2, Qt.PenStyle.DashLine))
        painter.setBrush(translucent(colours.muted, 60))
        painter.drawRect(_column(bar.x, *bar.figure, wide))
    if not dots:
        painter.fillRect(_column(bar.x, bar.foot, bar.top, SOLID * wide), QColor(style.colour))
    if bar.whisker:
        low, high = bar.whisker
        beam = BEAM * wide / 2
        lines = [QLineF(bar.x, low, bar.x, high)]
        lines += [QLineF(bar.x - beam, y, bar.x + beam, y) for y in bar.whisker]
        # Seen on a bar of any colour and above it.
        for ink, width in ((colours.base, 3.4), (colours.text, 1.4)):
            painter.setPen(QPen(QColor(ink), width))
            painter.drawLines(lines)
    if wide >= NARROWEST_PX or dots:
        painter.save()
        painter.translate(bar.x, bar.top if dots else (bar.foot + bar.top) / 2)
        drawSymbol(
            painter,
            style.symbol,
            DOT_PX if dots else MARK_PX,
            pg.mkPen(colours.base),
            pg.mkBrush(style.colour),
        )
        painter.restore()


def _column(x: float, one: float, other: float, wide: float) -> QRectF:
    return QRectF(x - wide / 2, min(one, other), wide, abs(one - other))


def figure_font(bars: Sequence[Bar], wide: float) -> QFont | None:
    """The application's font, smaller where a figure is wider than its bar; None where none can be read."""
    font = QFont(QApplication.font())
    metrics = QFontMetricsF(font)
    widest = max((metrics.horizontalAdvance(bar.text) for bar in bars), default=0.0) + BESIDE_PX
    if widest > wide:
        pixels = metrics.height() / 1.2 * wide / widest
        if pixels < SMALLEST_PX:
            return None
        font.setPixelSize(int(pixels))
    return font


def _figure_box(bar: Bar, placed: _Placed, font: QFont) -> QRectF:
    """Beyond the bar's end."""
    metrics = QFontMetricsF(font)
    wide, high = metrics.horizontalAdvance(bar.text) + BESIDE_PX, metrics.height() + 2
    end, rises = placed.end
    return QRectF(placed.x - wide / 2, end - high if rises else end, wide, high)
