"""Draws grouped bars with whiskers, for a file: they rise from 1x, or hang from it where it is slower."""

from collections.abc import Iterable
from math import log2
from pathlib import Path

import numpy as np
import pyqtgraph as pg
from pyqtgraph.graphicsItems.ScatterPlotItem import drawSymbol
from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from app.core import units
from app.core.errors import KernelscopeError
from app.gui.charts.axis import Log2Axis
from app.gui.charts.bar_chart import Bar, BarChart
from app.gui.charts.export import SUFFIXES, ensure_application, picture_bytes
from app.gui.charts.sheet import HEIGHT, MARGIN, WIDTH, WRAP, draw_text, font
from app.gui.charts.style import SYMBOLS
from app.gui.theme import LIGHT
from app.storage.files import write_atomically

LEGEND = 230.0
FILLED = 0.8
"""How much of a group's place its bars take."""

MOST_LABELLED = 30
"""Above this many bars their figures would run into each other."""

REFERENCE = "#5a6572"


def export_bars(chart: BarChart, path: Path) -> None:
    """Write the chart to a PNG, SVG or PDF file.

    Raises:
        KernelscopeError: the suffix is neither, or the folder cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise KernelscopeError(f"{path}: a chart is a .png, an .svg or a .pdf file")
    ensure_application()

    def paint(painter: QPainter, *, pen_scale: float) -> None:
        draw_bars(painter, chart, pen_scale)

    write_atomically(path, picture_bytes(paint, suffix, chart.title, chart.caption))


def draw_bars(painter: QPainter, chart: BarChart, pen_scale: float) -> None:
    """Paint everything into the sheet's logical units."""
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    wide = WIDTH - 2 * MARGIN
    draw_text(painter, QRectF(MARGIN, MARGIN - 6, wide, 30), chart.title, 20, bold=True)
    draw_text(painter, QRectF(MARGIN, MARGIN + 26, wide, 38), chart.caption, 12, LIGHT.muted, WRAP)
    draw_text(painter, QRectF(MARGIN, HEIGHT - MARGIN - 10, wide, 18), chart.footer, 12, LIGHT.muted)
    box = QRectF(MARGIN, MARGIN + 70.0, wide - LEGEND - 16, HEIGHT - 2 * MARGIN - 88.0)
    _draw_plot(painter, chart, box, pen_scale)
    _draw_legend(painter, chart, QRectF(box.right() + 16, box.top() + 4, LEGEND, box.height()))


def _draw_plot(painter: QPainter, chart: BarChart, box: QRectF, pen_scale: float) -> None:
    view = pg.GraphicsView(background=LIGHT.base)
    view.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    view.setFrameShape(view.Shape.NoFrame)
    view.resize(round(box.width()), round(box.height()))
    plot = _plot(chart, pen_scale, box.width() / max(1, len(chart.groups)))
    view.setCentralItem(plot)
    view.show()
    QCoreApplication.sendPostedEvents()
    scene = view.scene()
    scene.prepareForPaint()
    scene.render(painter, box, QRectF(view.viewRect()))
    view.hide()
    view.close()
    view.deleteLater()


def _plot(chart: BarChart, pen_scale: float, room: float) -> pg.PlotItem:
    """The bars in log2, since the items that draw them know no logarithms; ``room`` is a group's width."""
    values = Log2Axis("left", suffix="x")
    places = pg.AxisItem("bottom")
    places.setTicks([[(i, _cut(group.label, room)) for i, group in enumerate(chart.groups)]])
    places.setHeight(46)
    plot = pg.PlotItem(axisItems={"left": values, "bottom": places}, enableMenu=False)
    plot.hideButtons()
    plot.showGrid(y=True, alpha=0.16)
    for axis in (values, places):
        axis.setPen(pg.mkPen(LIGHT.border))
        axis.setTextPen(pg.mkPen(LIGHT.text))
    values.setLabel(chart.y_title, color=LIGHT.text)
    width = FILLED / max(1, len(chart.variants))
    count = sum(len(group.bars) for group in chart.groups)
    for i, group in enumerate(chart.groups):
        # Variants that this group lacks leave no hole.
        start = i - width * (len(group.bars) - 1) / 2
        bars = sorted(group.bars, key=lambda bar: chart.variants.index(bar.variant))
        for j, bar in enumerate(bars):
            v = chart.variants.index(bar.variant)
            _add_bar(plot, start + j * width, width, bar, v, pen_scale, count <= MOST_LABELLED)
    plot.addItem(pg.InfiniteLine(0.0, angle=0, pen=pg.mkPen(LIGHT.text, width=1.3 * pen_scale)))
    plot.vb.setRange(xRange=(-0.55, len(chart.groups) - 0.45), yRange=chart.y_range(), padding=0)
    return plot


def _add_bar(
    plot: pg.PlotItem, x: float, width: float, bar: Bar, v: int, pen_scale: float, labelled: bool
) -> None:
    top = log2(bar.ratio.value)
    figure = bar.figure
    if figure:
        low, high = log2(figure.low or 1.0), log2(figure.high or figure.low or 1.0)
        shade = QColor(REFERENCE)
        shade.setAlpha(60)
        pen = pg.mkPen(REFERENCE, width=1.2 * pen_scale, style=Qt.PenStyle.DashLine)
        plot.addItem(pg.BarGraphItem(x=[x], y0=[low], y1=[high], width=width, brush=shade, pen=pen))
    colour = LIGHT.lines[v % len(LIGHT.lines)]
    plot.addItem(pg.BarGraphItem(x=[x], y0=[0.0], y1=[top], width=width * 0.8, brush=colour, pen=None))
    if bar.ratio.low and bar.ratio.high:
        low, high = log2(bar.ratio.low), log2(bar.ratio.high)
        whisker = pg.ErrorBarItem(
            x=np.array([x]),
            y=np.array([top]),
            top=np.array([high - top]),
            bottom=np.array([top - low]),
            beam=width * 0.3,
            pen=pg.mkPen("#7a7f87", width=1.4 * pen_scale),
        )
        whisker.setZValue(5)
        plot.addItem(whisker)
    mark = pg.ScatterPlotItem(
        [x], [top], symbol=_symbol(v), size=8, pen=pg.mkPen("w"), brush=colour, useCache=False
    )
    mark.setZValue(6)
    plot.addItem(mark)
    if labelled:
        text = pg.TextItem(
            units.times(bar.ratio.value), color=LIGHT.text, anchor=(0.5, 1.1 if top >= 0 else -0.1)
        )
        end = (bar.ratio.high if top >= 0 else bar.ratio.low) or bar.ratio.value
        text.setPos(x, log2(end))
        text.setZValue(7)
        plot.addItem(text, ignoreBounds=True)


def _symbol(v: int) -> str:
    return SYMBOLS[v % len(SYMBOLS)]


def _cut(label: str, room: float) -> str:
    metrics = QFontMetricsF(font(12))
    lines = (metrics.elidedText(line, Qt.TextElideMode.ElideRight, room) for line in label.split("\n"))
    return "\n".join(lines)


def _draw_legend(painter: QPainter, chart: BarChart, box: QRectF) -> None:
    """Each variant, and below it what the articles report."""
    rows: list[tuple[int | None, str]] = []
    for v, variant in enumerate(chart.variants):
        rows.append((v, variant))
        rows += [(None, words) for words in _references(chart, variant)]
    height = min(19.0, box.height() / max(1, len(rows)))
    pixels = min(12.0, height * 0.72)
    for i, (index, text) in enumerate(rows):
        line = QRectF(box.left(), box.top() + i * height, box.width(), height)
        if index is None:
            draw_text(painter, line.adjusted(26, 0, 0, 0), text, pixels, LIGHT.muted)
            continue
        colour = QColor(LIGHT.lines[index % len(LIGHT.lines)])
        painter.fillRect(QRectF(line.left(), line.top() + height * 0.2, 18, height * 0.6), colour)
        painter.save()
        painter.translate(line.left() + 9, line.center().y())
        drawSymbol(painter, _symbol(index), 8.0, pg.mkPen("w"), pg.mkBrush(colour))
        painter.restore()
        draw_text(painter, line.adjusted(26, 0, 0, 0), text, pixels)


def _references(chart: BarChart, variant: str) -> Iterable[str]:
    bars = (bar for group in chart.groups for bar in group.bars if bar.variant == variant and bar.figure)
    return dict.fromkeys(f"{bar.figure.words} ({bar.figure.where})" for bar in bars if bar.figure)
