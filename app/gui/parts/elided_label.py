"""A label of one line that ends in an ellipsis where room ends; the tooltip holds all of it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

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
