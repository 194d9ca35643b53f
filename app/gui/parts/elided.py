"""Texts that end in an ellipsis where room ends: a label, and a list to choose from."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QFontMetricsF, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from app.gui.parts.plain import plain

USUAL = 10.0
"""Points of usual type, to which sizes are told."""


class ElidedLabel(QLabel):
    """Never asks for width, so a long text cannot push a panel wider."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set_whole(self, text: str) -> None:
        """Show as much of the text as fits."""
        if text == self.whole:
            return
        self.whole = text
        self.setToolTip(plain(text))
        self.setAccessibleName(text)
        self._elide()

    def _elide(self) -> None:
        short = self.fontMetrics().elidedText(self.whole, Qt.TextElideMode.ElideRight, self.width())
        if short != self.text():
            self.setText(short)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit again."""
        super().resizeEvent(event)
        self._elide()

    def minimumSizeHint(self) -> QSize:
        """One line high."""
        return QSize(0, self.fontMetrics().height())


class FittedLabel(ElidedLabel):
    """In type of ``points`` at most, smaller where the text is long; as high whatever it says."""

    def __init__(self, points: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points = points

    def _elide(self) -> None:
        usual = QApplication.font().pointSizeF()
        font = QFont(QApplication.font())
        font.setBold(True)
        size = self._points * usual / USUAL
        while size > usual:
            font.setPointSizeF(size)
            if QFontMetricsF(font).horizontalAdvance(self.whole) <= self.width():
                break
            size -= 0.5
        font.setPointSizeF(max(usual, size))
        if font != self.font():
            self.setFont(font)
        super()._elide()

    def sizeHint(self) -> QSize:
        """One line of the largest type high."""
        font = QFont(QApplication.font())
        font.setPointSizeF(self._points * font.pointSizeF() / USUAL)
        return QSize(0, QFontMetrics(font).height())

    def minimumSizeHint(self) -> QSize:
        """As high as the hint."""
        return self.sizeHint()


class ElidedBox(QComboBox):
    """Asks for room for ``letters``, whatever the entries; Qt's own would cut a letter in two."""

    def __init__(self, name: str, tip: str, letters: int, parent: QWidget | None = None) -> None:
        super().__init__(parent, accessibleName=name, toolTip=tip)
        self.setMinimumContentsLength(letters)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as Qt does, with as much of the text as fits."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        control, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(control, option, part, self).width()
        option.currentText = self.fontMetrics().elidedText(
            option.currentText, Qt.TextElideMode.ElideRight, room - 2
        )
        painter = QStylePainter(self)
        painter.drawComplexControl(control, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
