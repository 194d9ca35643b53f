"""The words of the matrix in memory, coloured by the thread that reads them."""

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from app.gui.parts.theme import LIGHT, Colours, current
from kernels.matvec.access import Order

THREADS = 8
"""Threads drawn; a picture of 64 would show no more."""


class Picture(QWidget):
    """Memory from left to right and top to bottom, a cell per word; those of one step stand out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.read = np.zeros((1, 1), dtype=int)
        self._order = Order.PLAIN
        self._step = 0
        self.setMinimumSize(QSize(260, 110))
        self.setAccessibleName("Access pattern")
        self.setMouseTracking(True)

    def show_access(self, order: Order, read: np.ndarray) -> None:
        """Draw who reads what: ``read`` is [thread, step] of word addresses, -1 for none."""
        self._order, self.read = order, read
        self._step = min(self._step, read.shape[1] - 1)
        self.update()

    def show_step(self, step: int) -> None:
        """Let one step stand out."""
        self._step = step
        words = ", ".join(str(word) for word in self.read[:, step] if word >= 0)
        self.setAccessibleDescription(f"At step {step + 1} the threads read the words {words}")
        self.update()

    @property
    def columns(self) -> int:
        """Words in a line of the picture."""
        return 16 if self.read.max() < 128 else 32

    def cell(self, word: int) -> QRectF:
        """The cell in which a word stands."""
        lines = -(-(int(self.read.max()) + 1) // self.columns)
        side = min(self.width() / self.columns, self.height() / lines, 44.0)
        left = (self.width() - side * self.columns) / 2
        return QRectF(left + word % self.columns * side, word // self.columns * side, side, side)

    def reader(self, word: int) -> tuple[int, int] | None:
        """The thread that reads a word and its step; None where nobody does."""
        found = np.argwhere(self.read == word)
        return (int(found[0][0]), int(found[0][1])) if len(found) else None

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture in the theme's colours."""
        with QPainter(self) as painter:
            self._paint(painter, current())

    def paint_into(self, painter: QPainter, box: QRectF) -> None:
        """The same picture elsewhere, on light ground."""
        twin = Picture()
        twin.resize(box.size().toSize())
        twin.show_access(self._order, self.read)
        twin.show_step(self._step)
        painter.save()
        painter.translate(box.topLeft())
        twin._paint(painter, LIGHT)
        painter.restore()

    def _paint(self, painter: QPainter, colours: Colours) -> None:
        """Cells, their threads' numbers, and a frame around those of the step."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        inner = self.cell(0).width()
        font.setPixelSize(max(7, min(14, int(inner * 0.42))))
        painter.setFont(font)
        for thread in range(self.read.shape[0]):
            for step in range(self.read.shape[1]):
                word = int(self.read[thread, step])
                if word < 0:
                    continue
                now = step == self._step
                box = self.cell(word).adjusted(1, 1, -1, -1)
                ink = QColor(inks(colours.lines)[thread])
                fill = QColor(ink)
                fill.setAlpha(255 if now else 70)
                painter.setPen(QPen(QColor(colours.text), 2) if now else Qt.PenStyle.NoPen)
                painter.setBrush(fill)
                painter.drawRoundedRect(box, 3, 3)
                if inner >= 15:
                    painter.setPen(QColor(_on(fill) if now else colours.text))
                    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(thread))

    def event(self, event: QEvent) -> bool:
        """Say of the word under the mouse who reads it when."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.words_at(event.pos().x(), event.pos().y()), self)
            return True
        return super().event(event)

    def words_at(self, x: float, y: float) -> str:
        """What there is to say of a place."""
        for word in range(int(self.read.max()) + 1):
            found = self.reader(word)
            if found and self.cell(word).contains(x, y):
                return f"Word {word}: thread {found[0]} reads it at step {found[1] + 1}"
        return ""


def inks(lines: tuple[str, ...]) -> list[str]:
    """A colour for each thread drawn: the charts' own, without black and white."""
    return list(lines[1 : THREADS + 1])


def _on(fill: QColor) -> str:
    """Black or white, whichever reads better on ``fill``."""
    light = 0.2126 * fill.redF() ** 2.2 + 0.7152 * fill.greenF() ** 2.2 + 0.0722 * fill.blueF() ** 2.2
    return "#000000" if light > 0.18 else "#ffffff"
