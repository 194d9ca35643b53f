"""The log: what happened, line by line."""

from datetime import datetime
from html import escape

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.gui.parts.theme import current

MOST_LINES = 5000


class LogPanel(QPlainTextEdit):
    """Read-only; keeps the last lines.

    ``unread`` carries how many warnings and errors came since it was read, and whether one is an error.
    """

    unread = Signal(int, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setMaximumBlockCount(MOST_LINES)
        self.setAccessibleName("Log")
        self.setPlaceholderText("What the engines and the run have to say appears here.")
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self._last = ("", "")
        self._reading = False
        self._unread: list[str] = []

    def set_read(self, reading: bool) -> None:
        """Whether somebody reads it from now on."""
        self._reading = reading
        if reading and self._unread:
            self._unread = []
            self.unread.emit(0, False)

    def add(self, level: str, text: str) -> None:
        """Append a line, once; warnings and errors stand out by word and colour."""
        if (level, text) == self._last:
            return
        self._last = (level, text)
        if level in ("warning", "error") and not self._reading:
            self._unread.append(level)
            self.unread.emit(len(self._unread), "error" in self._unread)
        colours = current()
        inks = {"warning": colours.warn, "error": colours.bad, "debug": colours.muted}
        time = datetime.now().strftime("%H:%M:%S")
        word = f"{level}: " if level in ("warning", "error") else ""
        ink = f' style="color:{inks[level]}"' if level in inks else ""
        line = escape(f"{word}{text}").replace("\n", " ")
        self.appendHtml(f'<span style="color:{colours.muted}">{time}</span>&nbsp; <span{ink}>{line}</span>')
