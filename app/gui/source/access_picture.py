"""Words in memory, coloured by the thread that reads them."""

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from app.gui.parts.theme import Colours, current
from kernels.access import THREADS


class Picture(QWidget):
    """Memory from left to right and top to bottom, a cell per word; those of one step stand out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.read = np.zeros((1, 1), dtype=int)
        self._step = 0
        self.setMinimumSize(QSize(260, 110))
        self.setAccessibleName("Access pattern")
        self.setMouseTracking(True)

    def show_access(self, read: np.ndarray) -> None:
        """Draw who reads what: ``read`` is [thread, step] of word addresses, -1 for none."""
        self.read = read
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

    def readers(self, word: int) -> list[tuple[list[int], int]]:
        """The threads that read a word, at each step at which any does."""
        thread, steps = np.nonzero(self.read == word)
        return [([int(t) for t in thread[steps == step]], int(step)) for step in np.unique(steps)]

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture in the theme's colours."""
        with QPainter(self) as painter:
            self._paint(painter, current())

    def paint_into(self, painter: QPainter, box: QRectF, colours: Colours) -> None:
        """The same picture elsewhere."""
        twin = Picture()
        twin.resize(box.size().toSize())
        twin.show_access(self.read)
        twin.show_step(self._step)
        painter.save()
        painter.translate(box.topLeft())
        twin._paint(painter, colours)
        painter.restore()

    def _paint(self, painter: QPainter, colours: Colours) -> None:
        """Cells, their threads' numbers, and a frame around those of the step."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        inner = self.cell(0).width()
        font.setPixelSize(max(7, min(14, int(inner * 0.42))))
        painter.setFont(font)
        for word in np.unique(self.read[self.read >= 0]):
            found = self.readers(int(word))
            now = any(step == self._step for _, step in found)
            threads = next((some for some, step in found if step == self._step), found[0][0])
            box = self.cell(int(word)).adjusted(1, 1, -1, -1)
            fill = QColor(inks(colours.lines)[threads[0]])
            fill.setAlpha(255 if now else 70)
            painter.setPen(QPen(QColor(colours.text), 2) if now else Qt.PenStyle.NoPen)
            painter.setBrush(fill)
            painter.drawRoundedRect(box, 3, 3)
            if inner >= 15:
                painter.setPen(QColor(_on(fill) if now else colours.text))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, short(threads))

    def event(self, event: QEvent) -> bool:
        """Say of the word under the mouse who reads it when."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.words_at(event.pos().x(), event.pos().y()), self)
            return True
        return super().event(event)

    def words_at(self, x: float, y: float) -> str:
        """What there is to say of a place."""
        for word in range(int(self.read.max()) + 1):
            found = self.readers(word)
            if found and self.cell(word).contains(x, y):
                return f"Word {word}: " + "; ".join(
                    f"{_who(some)} it at step {step + 1}" for some, step in found
                )
        return ""


def short(threads: list[int]) -> str:
    """``3``, or ``0…7`` where several read a word at once."""
    return str(threads[0]) if len(threads) == 1 else f"{threads[0]}…{threads[-1]}"


def _who(threads: list[int]) -> str:
    if len(threads) == 1:
        return f"thread {threads[0]} reads"
    return f"threads {', '.join(map(str, threads))} read"


def inks(lines: tuple[str, ...]) -> list[str]:
    """A colour for each thread drawn: the charts' own, without black and white."""
    return list(lines[1 : THREADS + 1])


def _on(fill: QColor) -> str:
    """Black or white, whichever reads better on ``fill``."""
    light = 0.2126 * fill.redF() ** 2.2 + 0.7152 * fill.greenF() ** 2.2 + 0.0722 * fill.blueF() ** 2.2
    return "#000000" if light > 0.18 else "#ffffff"
