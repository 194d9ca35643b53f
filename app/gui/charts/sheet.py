"""The sheet: a picture under its finding, with caption, legend and footer, for a file or the clipboard."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from app.charts.bar_groups import Bars
from app.charts.headline import headline, rest
from app.charts.picture import Picture
from app.gui.charts.canvas import Canvas
from app.gui.charts.look import Look
from app.gui.charts.painted import Painted
from app.gui.charts.paper import USUAL_PAPER, Paper
from app.gui.charts.style import LineStyle, draw_swatch, styles
from app.gui.parts.theme import Colours

MARGIN = 24
LARGEST, SMALLEST = 24, 13
"""Pixels of a title."""

LEGEND_ROW, SMALLEST_ROW, SWATCH, GAP = 18.0, 12.5, 34.0, 16.0
MOST_COLUMNS, MOST_LEGEND = 2, 0.19
"""Columns of a legend, and the part of the sheet's width, at most: what it takes, the plot loses."""

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
WRAP = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap


def draw_sheet(painter: QPainter, picture: Picture, pen_scale: float, paper: Paper = USUAL_PAPER) -> None:
    """Paint everything onto ``paper``, from the painter's origin on, whatever the window's theme.

    On smaller paper type is as large, so it takes more of it.
    """
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.scale(paper.type_size, paper.type_size)
    _draw(painter, picture, pen_scale * paper.type_size, paper)
    painter.restore()


def _draw(painter: QPainter, picture: Picture, pen_scale: float, paper: Paper) -> None:
    """Everything, in units that are as much larger as its type."""
    ink, size = paper.colours, paper.size * (1 / paper.type_size)
    wide, high = size.width() - 2 * MARGIN, size.height()
    said = paper.title or headline(picture)
    title, pixels = QRectF(MARGIN, MARGIN - 8, wide, 34), _fitting(said, wide)
    flags = WRAP if pixels == SMALLEST else LEFT
    draw_text(painter, title, said, pixels, ink.text, flags, bold=True)
    shown = picture.title if said != picture.title else ""
    for i, line in enumerate(filter(None, (shown, picture.caption))):
        draw_text(painter, QRectF(MARGIN, MARGIN + 26 + 18 * i, wide, 18), line, 12, ink.muted)
    draw_text(painter, QRectF(MARGIN, high - MARGIN - 10, wide, 18), picture.footer, 12, ink.muted)
    top, bottom = MARGIN + 70.0, high - MARGIN - 18.0
    if more := rest(picture):
        bottom -= 34.0
        draw_text(painter, QRectF(MARGIN, bottom + 6, wide, 34), more, 12, ink.text, WRAP)
    columns = _columns(_entries(picture, ink), bottom - top)
    width = _column_width(columns, MOST_LEGEND * size.width())
    plot = QRectF(MARGIN, top, wide - len(columns) * (width + GAP), bottom - top)
    _draw_plot(painter, picture, plot, Look(ink, pen_scale=pen_scale, vectors=True))
    for i, column in enumerate(columns):
        left = plot.right() + GAP + i * (width + GAP)
        _draw_legend(painter, column, QRectF(left, top + 4, width, bottom - top), ink)


def _fitting(title: str, wide: float) -> float:
    """The largest type in which the title fits on its line; in the smallest it may take two."""
    sizes = range(LARGEST, SMALLEST, -1)
    fits = (p for p in sizes if QFontMetricsF(font(p, True)).horizontalAdvance(title) <= wide)
    return next(fits, SMALLEST)


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
    colour: str,
    flags: int = LEFT,
    bold: bool = False,
) -> None:
    """One text in a box, cut where it is too long for its line, or for the lines that it may wrap into."""
    look = font(pixels, bold)
    metrics = QFontMetricsF(look)
    if flags & Qt.TextFlag.TextWordWrap:
        text = _wrapped(text, metrics, box)
    else:
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.setFont(look)
    painter.setPen(QColor(colour))
    painter.drawText(box, int(flags), text)


def _wrapped(text: str, metrics: QFontMetricsF, box: QRectF) -> str:
    """The first words of ``text``, as many as the box has room for."""
    words = text.split(" ")

    def first(count: int) -> str:
        return text if count == len(words) else f"{' '.join(words[:count])} …"

    def overflows(count: int) -> bool:
        return metrics.boundingRect(box, WRAP, first(count)).height() > box.height()

    return first(max(1, bisect_left(range(1, len(words) + 1), True, key=overflows)))


def _draw_plot(painter: QPainter, picture: Picture, box: QRectF, look: Look) -> None:
    """The window's own canvas, never shown, painted through its scene."""
    if isinstance(picture, Painted):
        picture.paint(painter, box, look.colours)
        return
    canvas = Canvas(look)
    canvas.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    canvas.setFrameShape(Canvas.Shape.NoFrame)
    canvas.resize(round(box.width()), round(box.height()))
    canvas.show_picture(picture)
    canvas.show()
    QCoreApplication.sendPostedEvents()
    canvas.plot.fit()
    scene = canvas.scene()
    scene.prepareForPaint()
    scene.render(painter, box, QRectF(canvas.viewRect()))
    canvas.hide()
    canvas.close()
    canvas.deleteLater()


@dataclass(frozen=True)
class _Entry:
    """A line of the legend: a heading without a style, or a note, or what the style looks like."""

    text: str
    style: LineStyle | None = None
    heading: bool = False


def _entries(picture: Picture, colours: Colours) -> list[_Entry]:
    """Target by target; bars, which stand in groups by target, need each variant once."""
    looks, keys = styles(picture, colours), picture.listed
    if isinstance(picture, Bars):
        first = {variant: (target, variant) for target, variant in reversed(keys)}
        return [
            entry
            for variant in picture.variants
            if variant in first
            for entry in (_Entry(variant, looks[first[variant]]), *_noted(picture, variant))
        ]
    found = []
    for target in dict.fromkeys(key[0] for key in keys):
        found.append(_Entry(picture.labels.get(target, target), heading=True))
        for key in keys:
            if key[0] == target:
                found.append(_Entry(key[1], looks[key]))
                found += _noted(picture, key[1])
    return found


def _noted(picture: Picture, variant: str) -> list[_Entry]:
    return [_Entry(note) for note in picture.notes.get(variant, ())]


def _columns(entries: Sequence[_Entry], height: float) -> list[Sequence[_Entry]]:
    """Entries in as few columns as let rows be readable, and no more than leave the plot room."""
    if not entries:
        return []
    count = min(MOST_COLUMNS, ceil(_rows(entries) * SMALLEST_ROW / height))
    each = ceil(len(entries) / count)
    return [entries[i : i + each] for i in range(0, len(entries), each)]


def _rows(entries: Sequence[_Entry]) -> float:
    """How many rows high they are; a heading has half a row above it."""
    return sum(1.5 if entry.heading else 1.0 for entry in entries)


def _column_width(columns: Sequence[Sequence[_Entry]], most: float) -> float:
    bold, plain = QFontMetricsF(font(12, True)), QFontMetricsF(font(12))
    widths = [
        bold.horizontalAdvance(e.text) if e.heading else SWATCH + 8 + plain.horizontalAdvance(e.text)
        for column in columns
        for e in column
    ]
    return min(most / len(columns) - GAP, max(widths) + 8) if widths else 0.0


def _draw_legend(painter: QPainter, entries: Sequence[_Entry], box: QRectF, ink: Colours) -> None:
    """Rows shrink when there are many, so that none is lost."""
    height = min(LEGEND_ROW, box.height() / max(1.0, _rows(entries)))
    pixels = min(12.0, height * 0.72)
    y = box.top()
    for i, entry in enumerate(entries):
        if entry.heading and i:
            y += height / 2
        row = QRectF(box.left(), y, box.width(), height)
        y += height
        if entry.heading:
            draw_text(painter, row, entry.text, pixels, ink.text, bold=True)
            continue
        if entry.style:
            draw_swatch(painter, QRectF(row.left(), row.top(), SWATCH, height), entry.style)
        colour = ink.text if entry.style else ink.muted
        draw_text(painter, row.adjusted(SWATCH + 8, 0, 0, 0), entry.text, pixels, colour)
