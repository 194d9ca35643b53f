"""The read-out below a chart: the figures of the mark that is pointed at."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

HINT = "Point at a mark, or use the arrow keys, to read its figures; a click shows all about it."


class ReadOut(QLabel):
    """Two lines high, so that a chart stays in its place; a hint where nothing is pointed at."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(HINT, parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setMinimumHeight(2 * self.fontMetrics().height())
        self.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName("Figures of the point pointed at")

    def say(self, words: str, together: int) -> str:
        """Show ``words`` about a mark among so many that lie ``together``; all that is shown of it."""
        if words and together > 1:
            words += f"  ·  {together} lie here: click again for the next"
        self.setText(words or HINT)
        return words
