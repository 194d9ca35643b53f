"""The report as a PDF: the finding, its figure, what is fastest, advice, further figures."""

from collections.abc import Sequence
from html import escape
from itertools import groupby

from PySide6.QtCore import QBuffer, QByteArray, QHashSeed, QIODevice, QMarginsF, QPointF, QSizeF, QUuid
from PySide6.QtGui import QColor, QPageSize, QPainter, QPdfWriter, QPicture, QTextDocument

from app.charts.headline import headline
from app.charts.picture import Picture
from app.core.foreign import visible
from app.core.session import Session
from app.findings.advice import advise
from app.findings.naming import machine_words
from app.findings.rows import Row
from app.gui.charts.export import ensure_application
from app.gui.charts.paper import Paper
from app.gui.charts.pdf import dated
from app.gui.charts.report import drawn, lead, untitled
from app.gui.charts.sheet import draw_sheet, font
from app.gui.parts.theme import LIGHT
from app.storage.reports import fastest_words, heading

MOST_PAGES = 6
A4 = QSizeF(595, 842)
"""Points."""

EDGE, LEAD, FIGURE, GAP = 48.0, 580.0, 440.0, 10.0
"""Dots around a page, the heights of the first figure and of others, and what lies between two things."""

MOST_SENTENCES = 5
"""Sentences of advice of one kind."""


def report_pdf(session: Session, rows: Sequence[Row], baseline: str) -> bytes:
    """The report of a session as a document of at most six pages; charts as vectors, texts as text."""
    ensure_application()
    pictures = drawn(session, rows, baseline)
    first = lead(pictures)
    title = headline(first.picture) if first else heading(session)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(visible(title))
    writer.setDocumentId(QUuid.createUuidV5(QUuid(), f"{session.created} {title}".encode()))
    writer.setPageSize(QPageSize(A4, QPageSize.Unit.Point, "A4", QPageSize.SizeMatchPolicy.ExactMatch))
    writer.setPageMargins(QMarginsF())
    writer.setResolution(QPicture().logicalDpiX())
    # As in the PDF of a chart: fonts are numbered alike in every process.
    QHashSeed.setDeterministicGlobalSeed()
    try:
        with QPainter(writer) as painter:
            pages = _Pages(writer, painter, heading(session))
            pages.text(title, 24, bold=True)
            pages.text(f"{machine_words(session)}. Speedups are over {baseline.replace(',', ', ')}.", 13)
            if first:
                pages.figure(untitled(first.picture), LEAD)
            for workload in dict.fromkeys(row.variant.workload for row in rows):
                pages.table(f"Fastest on each target: {workload}", fastest_words(workload, rows))
            for kind, own in groupby(advise(rows), key=lambda one: one.kind):
                pages.heading(kind.heading)
                told = [advice.brief or advice.text for advice in own]
                more = len(told) - MOST_SENTENCES
                for words in told[:MOST_SENTENCES] + [f"{more} more"] * (more > 0):
                    pages.text(f"•  {words}", 13)
            for one in pictures:
                if one is not first and not one.folded:
                    pages.figure(one.picture, FIGURE)
    finally:
        QHashSeed.resetRandomGlobalSeed()
    return dated(bytes(data.data()), session.created)


class _Pages:
    """Fills pages from top to bottom; what would begin a seventh is left out."""

    def __init__(self, writer: QPdfWriter, painter: QPainter, running: str) -> None:
        self._writer, self._painter, self._running = writer, painter, running
        self._wide = writer.width() - 2 * EDGE
        self._bottom = writer.height() - EDGE
        self._page, self._y, self._full = 0, self._bottom, False

    def _room(self, high: float) -> bool:
        """Whether there is so much room, if need be on a new page."""
        if self._page and self._y + high <= self._bottom:
            return True
        if self._full or self._page == MOST_PAGES:
            self._full = True
            return False
        if self._page:
            self._writer.newPage()
        self._page, self._y = self._page + 1, EDGE
        self._painter.setFont(font(11))
        self._painter.setPen(QColor(LIGHT.muted))
        self._painter.drawText(QPointF(EDGE, EDGE - 18), visible(self._running))
        number = f"{self._page}"
        left = EDGE + self._wide - self._painter.fontMetrics().horizontalAdvance(number)
        self._painter.drawText(QPointF(left, EDGE - 18), number)
        return True

    def text(self, words: str, pixels: float, bold: bool = False) -> None:
        """A paragraph."""
        document = self._laid(f"<b>{_safe(words)}</b>" if bold else _safe(words), pixels)
        if self._room(document.size().height()):
            self._put(document)

    def heading(self, words: str) -> None:
        """A heading, with room for a line below it."""
        if self._room(70):
            self._y += GAP
            self.text(words, 16, bold=True)

    def table(self, title: str, lines: Sequence[Sequence[str]]) -> None:
        """Lines of words in columns under a heading; nothing where there are none."""
        if not lines:
            return
        self.heading(title)
        for line in lines:
            cells = "".join(f'<td width="25%">{_safe(cell)}</td>' for cell in line)
            document = self._laid(f'<table width="100%" cellpadding="1"><tr>{cells}</tr></table>', 12)
            if self._room(document.size().height()):
                self._put(document)

    def figure(self, picture: Picture, high: float) -> None:
        """A picture with its own title."""
        if self._room(high):
            self._painter.save()
            self._painter.translate(EDGE, self._y)
            draw_sheet(self._painter, picture, 1.0, Paper(self._wide, high))
            self._painter.restore()
            self._y += high + GAP

    def _laid(self, html: str, pixels: float) -> QTextDocument:
        document = QTextDocument()
        document.setDefaultFont(font(pixels))
        document.setDocumentMargin(2)
        document.setHtml(f'<div style="color:{LIGHT.text}">{html}</div>')
        document.setTextWidth(self._wide)
        return document

    def _put(self, document: QTextDocument) -> None:
        self._painter.save()
        self._painter.translate(EDGE, self._y)
        document.drawContents(self._painter)
        self._painter.restore()
        self._y += document.size().height() + 2


def _safe(words: str) -> str:
    return escape(visible(words))
