"""Hot loops as stacked bars: instructions for each multiply-add, by what they are for."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.core.code import Work
from app.figures import units
from app.gui.parts.theme import Colours, current

Bar = tuple[str, dict[Work, float]]
"""What it is called, and the instructions of each kind for each multiply-add."""

LINE = 20.0
"""Height of a bar, and of the legend below them."""


def inks(colours: Colours) -> dict[Work, str]:
    """A colour for each kind of work: the charts' own."""
    return dict(zip(Work, (*colours.lines[1:5], colours.muted), strict=True))


class LoopBars(QWidget):
    """A bar for each kernel, all to one scale."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bars: list[Bar] = []
        self.setAccessibleName("Instructions for each multiply-add")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Draw these, the first on top."""
        self.bars = list(bars)
        self.setAccessibleDescription(
            "; ".join(
                f"{name}: " + ", ".join(f"{work.value} {units.digits(each, 2)}" for work, each in own.items())
                for name, own in self.bars
            )
        )
        self.setToolTip("\n".join(f"{work.value}: {work.meaning}" for work in Work))
        self.setVisible(bool(self.bars))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(260, int((LINE + 4) * (len(self.bars) + 1)))

    def segments(self, width: float) -> list[list[tuple[Work, QRectF]]]:
        """Where each kind of each bar is drawn, over so much width."""
        names = self._names()
        most = max((sum(own.values()) for _, own in self.bars), default=0.0)
        scale = (width - names - self._figures()) / most if most else 0.0
        found = []
        for row, (_, own) in enumerate(self.bars):
            left, drawn = names, []
            for work, each in own.items():
                drawn.append((work, QRectF(left, row * (LINE + 4), each * scale, LINE)))
                left += each * scale
            found.append(drawn)
        return found

    def _names(self) -> float:
        letters = max((self.fontMetrics().horizontalAdvance(name) for name, _ in self.bars), default=0)
        return min(letters + 8.0, self.width() * 0.4)

    def _figures(self) -> float:
        return self.fontMetrics().horizontalAdvance("00.00") + 8.0

    def paintEvent(self, event: QPaintEvent) -> None:
        """The bars in the theme's colours."""
        with QPainter(self) as painter:
            self._paint(painter, current(), self.width())

    def paint_into(self, painter: QPainter, box: QRectF, colours: Colours) -> None:
        """The same elsewhere, in the colours of a theme."""
        painter.save()
        painter.translate(box.topLeft())
        self._paint(painter, colours, box.width())
        painter.restore()

    def _paint(self, painter: QPainter, colours: Colours, width: float) -> None:
        colour = inks(colours)
        painter.setFont(self.font())
        metrics = self.fontMetrics()
        for (name, own), drawn in zip(self.bars, self.segments(width), strict=True):
            top = drawn[0][1].top() if drawn else 0.0
            painter.setPen(QColor(colours.text))
            box = QRectF(0, top, self._names() - 6, LINE)
            elided = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, int(box.width()))
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, elided)
            for work, place in drawn:
                painter.fillRect(place, QColor(colour[work]))
            end = QRectF(drawn[-1][1].right() + 4 if drawn else 0, top, self._figures(), LINE)
            painter.drawText(end, Qt.AlignmentFlag.AlignVCenter, units.digits(sum(own.values()), 2))
        self._legend(painter, colours, colour)

    def _legend(self, painter: QPainter, colours: Colours, colour: dict[Work, str]) -> None:
        left, top = self._names(), len(self.bars) * (LINE + 4)
        for work in Work:
            painter.fillRect(QRectF(left, top + 5, 10, 10), QColor(colour[work]))
            painter.setPen(QColor(colours.text))
            words = self.fontMetrics().horizontalAdvance(work.value)
            painter.drawText(
                QRectF(left + 14, top, words + 2, LINE), Qt.AlignmentFlag.AlignVCenter, work.value
            )
            left += words + 26
