"""What stands where a chart will be: says what is going on and what to do."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget


class Placeholder(QScrollArea):
    """A heading and a paragraph in the middle of an empty room, and at times a button.

    Scrolls where the room is smaller than the words.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, widgetResizable=True, frameShape=QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._heading = QLabel(textFormat=Qt.TextFormat.PlainText)
        font = self._heading.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        font.setBold(True)
        self._heading.setFont(font)
        self._body = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._body.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        inside = QWidget(autoFillBackground=True)
        inside.setBackgroundRole(QPalette.ColorRole.Base)
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(32, 16, 32, 16)
        layout.addStretch(2)
        for label in (self._heading, self._body):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(label)
            layout.addSpacing(8)
        self.button = QPushButton()
        self.button.hide()
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        self.setWidget(inside)

    def say(self, heading: str, body: str, button: str = "") -> None:
        """Show these words, and a button where one click would help."""
        self._heading.setText(heading)
        self._body.setText(body)
        self.button.setText(button)
        self.button.setVisible(bool(button))
        self.setAccessibleName(heading)
        self.setAccessibleDescription(body)

    @property
    def text(self) -> str:
        """All words that are shown."""
        return f"{self._heading.text()}\n{self._body.text()}"
