"""Charts as files: PNG at twice the logical size, or SVG; drawn by the plot that the window shows."""

import os
import sys
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPicture
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
SUFFIXES = (".png", ".svg")


def export_chart(
    session: Session,
    path: Path,
    quantity: Quantity = Quantity.SPEEDUP,
    baseline: str | None = None,
    articles: Articles | None = None,
) -> None:
    """Write a session's chart to a PNG or SVG file, with the articles' figures beneath when given.

    Raises:
        KernelscopeError: the suffix is neither, there is nothing to draw, or the folder cannot be written.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise KernelscopeError(
            f"{path}: a chart is written as .png or .svg, not {path.suffix or 'without a suffix'}"
        )
    base = baseline or session.plan.baseline
    chart = make_chart(session, rows(session, workloads(), base), quantity, base, workloads(), articles)
    if not chart.lines:
        raise KernelscopeError(
            f"{path}: nothing to draw: no measurement has a {quantity.value}"
            + (f" over the base line {base}" if quantity is Quantity.SPEEDUP else "")
        )
    ensure_application()
    write_atomically(path, chart_bytes(chart, path.suffix.lower()))


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


def chart_bytes(chart: Chart, suffix: str, hidden: frozenset[Key] = frozenset()) -> bytes:
    """The chart as the contents of a ``.png`` or ``.svg`` file."""
    return picture_bytes(partial(draw_sheet, chart=chart, hidden=hidden), suffix, chart.title, chart.caption)


def chart_image(chart: Chart, hidden: frozenset[Key] = frozenset()) -> QImage:
    """The chart as a picture, light and antialiased."""
    return _image(partial(draw_sheet, chart=chart, hidden=hidden))


class Paint(Protocol):
    """Paints a whole sheet; pens are ``pen_scale`` times as wide where pixels are finer."""

    def __call__(self, painter: QPainter, *, pen_scale: float) -> None: ...


def picture_bytes(paint: Paint, suffix: str, title: str, description: str) -> bytes:
    """What ``paint`` draws, as the contents of a ``.png`` or ``.svg`` file."""
    if suffix == ".svg":
        return _svg(paint, title, description)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    _image(paint).save(buffer, "PNG")
    return bytes(data.data())


def _image(paint: Paint) -> QImage:
    image = QImage(WIDTH * SCALE, HEIGHT * SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(SCALE)
    image.fill(QColor(LIGHT.base))
    painter = QPainter(image)
    paint(painter, pen_scale=SCALE)
    painter.end()
    return image


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
