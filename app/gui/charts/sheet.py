"""The sheet: a chart with title, caption, legend and footer, painted for a file or the clipboard."""

from math import log2

import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from app.gui.charts.canvas import Canvas
from app.gui.charts.chart import Chart, Key
from app.gui.charts.style import draw_swatch, styles
from app.gui.theme import LIGHT

WIDTH, HEIGHT, MARGIN = 1280, 720, 24
LEGEND_ROW, SWATCH = 18.0, 34.0
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
WRAP = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap


def draw_sheet(painter: QPainter, chart: Chart, hidden: frozenset[Key], pen_scale: float) -> None:
    """Paint everything into ``WIDTH`` by ``HEIGHT`` logical units, light whatever the window's theme."""
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    wide = WIDTH - 2 * MARGIN
    draw_text(painter, QRectF(MARGIN, MARGIN - 6, wide, 30), chart.title, 20, bold=True)
    draw_text(painter, QRectF(MARGIN, MARGIN + 26, wide, 38), chart.caption, 12, LIGHT.muted, WRAP)
    draw_text(painter, QRectF(MARGIN, HEIGHT - MARGIN - 10, wide, 18), chart.footer, 12, LIGHT.muted)
    top, bottom = MARGIN + 70.0, HEIGHT - MARGIN - 18.0
    column = _legend_width(chart, hidden)
    box = QRectF(MARGIN, top, wide - column - 16, bottom - top)
    _draw_plot(painter, chart, hidden, box, pen_scale)
    _draw_legend(painter, chart, hidden, QRectF(WIDTH - MARGIN - column, top + 4, column, bottom - top))


def font(pixels: float, bold: bool = False) -> QFont:
    """The font of a sheet's texts, in logical pixels."""
    made = QFont()
    made.setPixelSize(round(pixels))
    made.setBold(bold)
    return made


def draw_text(
    painter: QPainter,
    box: QRectF,
    text: str,
    pixels: float,
    colour: str = LIGHT.text,
    flags: int = LEFT,
    bold: bool = False,
) -> None:
    """One text in a box, cut where it is too long for one line."""
    look = font(pixels, bold)
    if not flags & Qt.TextFlag.TextWordWrap:
        text = QFontMetricsF(look).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.setFont(look)
    painter.setPen(QColor(colour))
    painter.drawText(box, int(flags), text)


def _draw_plot(
    painter: QPainter, chart: Chart, hidden: frozenset[Key], box: QRectF, pen_scale: float
) -> None:
    """The window's own canvas, never shown, painted through its scene."""
    canvas = Canvas(LIGHT, pen_scale=pen_scale)
    canvas.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    canvas.setFrameShape(Canvas.Shape.NoFrame)
    canvas.resize(round(box.width()), round(box.height()))
    canvas.plot.set_hidden(hidden)
    canvas.show_chart(chart)
    _lay_references(canvas, chart, pen_scale)
    canvas.show()
    QCoreApplication.sendPostedEvents()
    canvas.plot.fit()
    scene = canvas.scene()
    scene.prepareForPaint()
    scene.render(painter, box, QRectF(canvas.viewRect()))
    canvas.hide()
    canvas.close()
    canvas.deleteLater()


def _lay_references(canvas: Canvas, chart: Chart, pen_scale: float) -> None:
    """Grey bands below everything; those of one range share it."""
    told: dict[tuple[float, float], list[str]] = {}
    for variant, figure in chart.references:
        ends = (log2(figure.low or 1.0), log2(figure.high or figure.low or 1.0))
        told.setdefault(ends, []).append(f"{variant}: {figure.words}")
    shade = QColor(LIGHT.muted)
    shade.setAlpha(28)
    pen = pg.mkPen(LIGHT.muted, width=pen_scale, style=Qt.PenStyle.DashLine)
    left = chart.x_range()[0]
    for i, (ends, words) in enumerate(told.items()):
        band = pg.LinearRegionItem(ends, orientation="horizontal", movable=False, brush=shade, pen=pen)
        band.setZValue(-10)
        canvas.plot.item.addItem(band, ignoreBounds=True)
        text = pg.TextItem("; ".join(words), color=LIGHT.muted, anchor=(0, 1))
        # Bands may begin at one height: each text stands a little further to the right.
        text.setPos(left + 0.05 + 1.4 * i, ends[0])
        canvas.plot.item.addItem(text, ignoreBounds=True)


def _groups(chart: Chart, hidden: frozenset[Key]) -> dict[str, list[Key]]:
    shown = {(line.target, line.variant) for line in chart.lines} - hidden
    return {
        target: own
        for target in chart.targets
        if (own := [(target, variant) for variant in chart.variants if (target, variant) in shown])
    }


def _legend_width(chart: Chart, hidden: frozenset[Key]) -> float:
    bold, plain = QFontMetricsF(font(12, True)), QFontMetricsF(font(12))
    widths = [bold.horizontalAdvance(chart.labels[target]) for target in _groups(chart, hidden)]
    widths += [SWATCH + 8 + plain.horizontalAdvance(variant) for variant in chart.variants]
    return min(320.0, max(widths, default=120.0) + 8)


def _draw_legend(painter: QPainter, chart: Chart, hidden: frozenset[Key], box: QRectF) -> None:
    """Rows shrink when there are many, so that none is lost."""
    groups = _groups(chart, hidden)
    count = sum(1.5 + len(keys) for keys in groups.values())
    height = min(LEGEND_ROW, box.height() / max(1.0, count))
    pixels = min(12.0, height * 0.72)
    looks = styles(chart, LIGHT)
    y = box.top()
    for target, keys in groups.items():
        draw_text(
            painter, QRectF(box.left(), y, box.width(), height), chart.labels[target], pixels, bold=True
        )
        y += height
        for key in keys:
            draw_swatch(painter, QRectF(box.left(), y, SWATCH, height), looks[key])
            left = box.left() + SWATCH + 8
            draw_text(painter, QRectF(left, y, box.right() - left, height), key[1], pixels)
            y += height
        y += height / 2
