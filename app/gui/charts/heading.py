"""Headings in a plot: the name of a pane, the title of an axis; cut where they are too long."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QApplication, QGraphicsWidget, QWidget

LEFT, MIDDLE = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter


class Heading(QGraphicsWidget):
    """A line of text: bold and at the left, or the title of an axis in the middle, ``upright`` or not."""

    def __init__(self, title: bool = False, upright: bool = False) -> None:
        super().__init__()
        self.text, self._colour = "", "#000000"
        self._upright, self._side = upright, MIDDLE if title else LEFT
        self._font = QFont(QApplication.font())
        self._font.setBold(not title)

    def say(self, text: str, colour: str) -> None:
        """Show these words; none take no room."""
        self.text, self._colour = text, colour
        high = QFontMetricsF(self._font).height() + 4 if text else 0.0
        if self._upright:
            self.setMinimumWidth(high)
            self.setMaximumWidth(high)
        else:
            self.setMinimumHeight(high)
            self.setMaximumHeight(high)
        self.update()

    @property
    def shown(self) -> str:
        """The words that there is room for."""
        room = self.rect().height() if self._upright else self.rect().width()
        return QFontMetricsF(self._font).elidedText(self.text, Qt.TextElideMode.ElideRight, room - 8)

    def paint(self, painter: QPainter, option: object, widget: QWidget | None = None) -> None:
        """Along the pane, or the axes, that it is about."""
        box = QRectF(self.rect())
        painter.save()
        if self._upright:
            painter.translate(0, box.height())
            painter.rotate(-90)
            box = QRectF(0, 0, box.height(), box.width())
        painter.setFont(self._font)
        painter.setPen(QColor(self._colour))
        painter.drawText(
            box.adjusted(4, 0, -4, 0), int(self._side | Qt.AlignmentFlag.AlignVCenter), self.shown
        )
        painter.restore()
