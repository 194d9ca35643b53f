"""Charts as files: PNG at any scale, SVG or PDF; drawn by the plot that the window shows."""

import os
import sys
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSize, QSizeF
from PySide6.QtGui import QColor, QImage, QPageSize, QPainter, QPdfWriter, QPicture
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication

from app.core.articles import Articles
from app.core.errors import KernelscopeError
from app.core.rows import rows
from app.core.series import Quantity
from app.core.session import Session
from app.gui.charts.chart import Chart, Key, make_chart
from app.gui.charts.sheet import HEIGHT, WIDTH, draw_sheet
from app.gui.charts.svg import flatten
from app.gui.theme import LIGHT
from app.storage.files import write_atomically
from app.workloads import workloads

SCALE = 2
"""Pixels of a PNG to the logical unit, unless another is asked for."""

SUFFIXES = (".png", ".svg", ".pdf")


def export_chart(
    session: Session,
    path: Path,
    quantity: Quantity = Quantity.SPEEDUP,
    baseline: str | None = None,
    articles: Articles | None = None,
    scale: float = SCALE,
) -> None:
    """Write a session's chart to a PNG, SVG or PDF file, with the articles' figures beneath when given.

    Raises:
        KernelscopeError: the suffix is neither, there is nothing to draw, or the folder cannot be written.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise KernelscopeError(
            f"{path}: a chart is written as .png or .svg (or .pdf), not {path.suffix or 'without a suffix'}"
        )
    base = baseline or session.plan.baseline
    chart = make_chart(session, rows(session, workloads(), base), quantity, base, workloads(), articles)
    if not chart.lines:
        raise KernelscopeError(
            f"{path}: nothing to draw: no measurement has a {quantity.value}"
            + (f" over the base line {base}" if quantity is Quantity.SPEEDUP else "")
        )
    ensure_application()
    write_atomically(path, chart_bytes(chart, path.suffix.lower(), scale=scale))


def svg_chart(session: Session, baseline: str) -> bytes:
    """A session's speedup chart as SVG; empty where there is nothing to draw."""
    chart = make_chart(session, rows(session, workloads(), baseline), Quantity.SPEEDUP, baseline, workloads())
    if not chart.lines:
        return b""
    ensure_application()
    return chart_bytes(chart, ".svg")


def ensure_application() -> None:
    """A command line without a display draws in memory."""
    if QApplication.instance() is None:
        shown = any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")))
        if not shown and sys.platform.startswith("linux"):
            os.environ["QT_QPA_PLATFORM"] = "offscreen"
        ensure_application.app = QApplication([])  # type: ignore[attr-defined]
        QApplication.setStyle("Fusion")


def chart_bytes(
    chart: Chart, suffix: str, hidden: frozenset[Key] = frozenset(), scale: float = SCALE
) -> bytes:
    """The chart as the contents of a ``.png``, ``.svg`` or ``.pdf`` file."""
    paint = partial(draw_sheet, chart=chart, hidden=hidden)
    return picture_bytes(paint, suffix, chart.title, chart.caption, scale)


def chart_image(chart: Chart, hidden: frozenset[Key] = frozenset()) -> QImage:
    """The chart as a picture, light and antialiased."""
    return _image(partial(draw_sheet, chart=chart, hidden=hidden), SCALE)


class Paint(Protocol):
    """Paints a whole sheet; pens are ``pen_scale`` times as wide where pixels are finer."""

    def __call__(self, painter: QPainter, *, pen_scale: float) -> None: ...


def picture_bytes(paint: Paint, suffix: str, title: str, description: str, scale: float = SCALE) -> bytes:
    """What ``paint`` draws, as the contents of a ``.png``, ``.svg`` or ``.pdf`` file."""
    if suffix == ".svg":
        return _svg(paint, title, description)
    if suffix == ".pdf":
        return _pdf(paint, title)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    _image(paint, scale).save(buffer, "PNG")
    return bytes(data.data())


def _image(paint: Paint, scale: float) -> QImage:
    image = QImage(round(WIDTH * scale), round(HEIGHT * scale), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    image.fill(QColor(LIGHT.base))
    painter = QPainter(image)
    paint(painter, pen_scale=scale)
    painter.end()
    return image


def _pdf(paint: Paint, title: str) -> bytes:
    """One page as large as the sheet, in dots as large as those of the pictures that axes are kept in."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    dots = QPicture().logicalDpiX()
    points = QSizeF(WIDTH, HEIGHT) * (72 / dots)
    writer.setPageSize(QPageSize(points, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch))
    writer.setPageMargins(QMarginsF())
    writer.setResolution(dots)
    painter = QPainter(writer)
    paint(painter, pen_scale=1.0)
    painter.end()
    return bytes(data.data())


def _svg(paint: Paint, title: str, description: str) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(QSize(WIDTH, HEIGHT))
    generator.setViewBox(QRectF(0, 0, WIDTH, HEIGHT))
    generator.setResolution(QPicture().logicalDpiX())
    generator.setTitle(title)
    generator.setDescription(description)
    painter = QPainter(generator)
    painter.fillRect(QRectF(0, 0, WIDTH, HEIGHT), QColor(LIGHT.base))
    paint(painter, pen_scale=1.0)
    painter.end()
    return flatten(bytes(data.data()))
