"""The read-out below a chart: the figures of the mark that is pointed at."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.gui.parts.plain import plain

QWIDGETSIZE_MAX = (1 << 24) - 1
"""Qt's own name for no limit, which PySide does not bring."""

HINT = "Point at a mark, or use the arrow keys, to read its figures; a click shows all about it."


class ReadOut(QLabel):
    """Two lines high, or one where room is ``short``, so that a chart stays in its place.

    A hint where nothing is pointed at.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole, self._short = HINT, False
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName("Figures of the point pointed at")
        self.set_short(False)

    def say(self, words: str, together: int) -> str:
        """Show ``words`` about a mark among so many that lie ``together``; all that is shown of it."""
        if words and together > 1:
            words += f"  ·  {together} lie here: click again for the next"
        self._whole = words or HINT
        self._fit()
        return words

    def set_short(self, short: bool) -> None:
        """Whether there is room for one line alone; what is cut there is said by its tooltip."""
        self._short = short
        self.setWordWrap(not short)
        line = self.fontMetrics().height()
        self.setMinimumHeight(line if short else 2 * line)
        self.setMaximumHeight(line if short else QWIDGETSIZE_MAX)
        self._fit()

    def _fit(self) -> None:
        right = Qt.TextElideMode.ElideRight
        cut = self.fontMetrics().elidedText(self._whole, right, self.width()) if self._short else self._whole
        if cut != self.text():
            self.setText(cut)
        self.setToolTip(plain(self._whole) if self._short else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit again."""
        super().resizeEvent(event)
        self._fit()
