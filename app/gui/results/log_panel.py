"""The log: what happened, line by line."""

from datetime import datetime
from html import escape

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.gui.parts.theme import current

MOST_LINES = 5000


class LogPanel(QPlainTextEdit):
    """Read-only; keeps the last lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setMaximumBlockCount(MOST_LINES)
        self.setAccessibleName("Log")
        self.setPlaceholderText("What the engines and the run have to say appears here.")
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self._last = ("", "")

    def add(self, level: str, text: str) -> None:
        """Append a line, once; warnings and errors stand out by word and colour."""
        if (level, text) == self._last:
            return
        self._last = (level, text)
        colours = current()
        inks = {"warning": colours.warn, "error": colours.bad, "debug": colours.muted}
        time = datetime.now().strftime("%H:%M:%S")
        word = f"{level}: " if level in ("warning", "error") else ""
        ink = f' style="color:{inks[level]}"' if level in inks else ""
        line = escape(f"{word}{text}").replace("\n", " ")
        self.appendHtml(f'<span style="color:{colours.muted}">{time}</span>&nbsp; <span{ink}>{line}</span>')
