"""Pictures as files: PNG at any scale, SVG or PDF; drawn by the plot that the window shows."""

import os
import sys
from pathlib import Path

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QHashSeed,
    QIODevice,
    QMarginsF,
    QPointF,
    QRectF,
    QUuid,
)
from PySide6.QtGui import QColor, QImage, QPageSize, QPainter, QPdfWriter, QPicture
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication

from app.charts.choices import check_view
from app.charts.headline import headline
from app.charts.modes import find_mode
from app.charts.picture import Empty, Key, Picture
from app.charts.scene import Scene, View
from app.charts.suffixes import check_suffix
from app.core.articles import Articles
from app.core.errors import KernelscopeError
from app.core.foreign import visible
from app.core.session import Session
from app.findings.rows import rows
from app.gui.charts.paper import USUAL_PAPER, Paper
from app.gui.charts.pdf import dated
from app.gui.charts.sheet import draw_sheet
from app.gui.charts.svg import flatten
from app.gui.parts.garbage import Garbage
from app.storage.files import write_atomically
from app.workloads import workloads

SCALE = 2
"""Pixels of a PNG to the logical unit, unless another is asked for."""


def export_chart(
    session: Session,
    path: Path,
    view: View | None = None,
    baseline: str | None = None,
    articles: Articles | None = None,
    scale: float = SCALE,
    paper: Paper = USUAL_PAPER,
) -> None:
    """Write a session's chart to a PNG, SVG or PDF file, with the articles' figures beneath when given.

    Raises:
        KernelscopeError: the suffix is neither, the session has no such chart, there is nothing to draw, or
            the folder cannot be written.
    """
    check_suffix(path)
    view = view or View()
    mode = find_mode(view.mode)
    base = baseline or session.plan.baseline
    scene = Scene(session, rows(session, workloads(), base), workloads(), base, view, articles)
    scene, picture = mode.look(scene)
    check_view(view, scene, mode.offers)
    if isinstance(picture, Empty):
        raise KernelscopeError(f"{path}: nothing to draw: {picture.heading}. {picture.advice}")
    export_picture(picture, path, scale, paper)


def export_picture(picture: Picture, path: Path, scale: float = SCALE, paper: Paper = USUAL_PAPER) -> None:
    """Write a picture to a PNG, SVG or PDF file.

    Raises:
        KernelscopeError: the suffix is neither, or the folder cannot be written.
    """
    check_suffix(path)
    ensure_application()
    write_atomically(path, picture_bytes(picture, path.suffix.lower(), scale=scale, paper=paper))


def ensure_application() -> None:
    """A command line without a display draws in memory."""
    if QApplication.instance() is None:
        shown = any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")))
        if not shown and sys.platform.startswith("linux"):
            os.environ["QT_QPA_PLATFORM"] = "offscreen"
        app = ensure_application.app = QApplication([])  # type: ignore[attr-defined]
        Garbage(app)
        QApplication.setStyle("Fusion")


def picture_bytes(
    picture: Picture,
    suffix: str,
    hidden: frozenset[Key] = frozenset(),
    scale: float = SCALE,
    paper: Paper = USUAL_PAPER,
) -> bytes:
    """The picture as the contents of a ``.png``, ``.svg`` or ``.pdf`` file; ``scale`` is of PNGs."""
    shown = picture.without(hidden)
    if suffix == ".svg":
        return _svg(shown, paper)
    if suffix == ".pdf":
        return _pdf(shown, paper)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    _image(shown, scale, paper).save(buffer, "PNG")
    return bytes(data.data())


def picture_image(
    picture: Picture,
    hidden: frozenset[Key] = frozenset(),
    scale: float = SCALE,
    paper: Paper = USUAL_PAPER,
) -> QImage:
    """The picture as an image, antialiased."""
    return _image(picture.without(hidden), scale, paper)


def _image(picture: Picture, scale: float, paper: Paper) -> QImage:
    image = QImage((paper.size * scale).toSize(), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    image.fill(QColor(paper.colours.base))
    with QPainter(image) as painter:
        draw_sheet(painter, picture, scale, paper)
    return image


def _pdf(picture: Picture, paper: Paper) -> bytes:
    """One page as large as the paper, in dots as large as those of the pictures that axes are kept in."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(visible(paper.title or headline(picture)))
    words = "\n".join((paper.title, picture.title, picture.caption, picture.footer, picture.remark))
    writer.setDocumentId(QUuid.createUuidV5(QUuid(), words.encode()))
    dots = QPicture().logicalDpiX()
    points = paper.size * (72 / dots)
    writer.setPageSize(QPageSize(points, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch))
    writer.setPageMargins(QMarginsF())
    writer.setResolution(dots)
    # Qt numbers a document's fonts in the order of a hash, whose seed would be another in every process.
    QHashSeed.setDeterministicGlobalSeed()
    try:
        with QPainter(writer) as painter:
            painter.fillRect(QRectF(QPointF(), paper.size), QColor(paper.colours.base))
            draw_sheet(painter, picture, 1.0, paper)
    finally:
        QHashSeed.resetRandomGlobalSeed()
    return dated(bytes(data.data()), picture.created)


def _svg(picture: Picture, paper: Paper) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    page = QRectF(QPointF(), paper.size)
    generator.setSize(paper.size.toSize())
    generator.setViewBox(page)
    generator.setResolution(QPicture().logicalDpiX())
    generator.setTitle(paper.title or headline(picture))
    generator.setDescription("\n".join(filter(None, (picture.title, picture.remark, picture.caption))))
    with QPainter(generator) as painter:
        painter.fillRect(page, QColor(paper.colours.base))
        draw_sheet(painter, picture, 1.0, paper)
    # Texts with characters that XML cannot hold would make a file that nobody reads.
    return flatten(visible(bytes(data.data()).decode()).encode())
