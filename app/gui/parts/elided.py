"""Texts that end in an ellipsis where room ends: a label, and a list to choose from."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from app.gui.parts.plain import plain


class ElidedLabel(QLabel):
    """Never asks for width, so a long text cannot push a panel wider."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set_whole(self, text: str) -> None:
        """Show as much of the text as fits."""
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
