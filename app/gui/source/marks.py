"""What stands behind the letters of code: whole lines and stretches of them in colour."""

from dataclasses import dataclass

from PySide6.QtGui import QColor, QTextCursor, QTextFormat
from PySide6.QtWidgets import QTextEdit

Mark = QTextEdit.ExtraSelection


@dataclass(frozen=True)
class Tint:
    """A line's background, and a stronger one behind some of its characters."""

    line: int
    colour: QColor
    strong: QColor
    marks: tuple[tuple[int, int], ...] = ()


def line_mark(cursor: QTextCursor, colour: QColor) -> Mark:
    """The line of ``cursor``, over the whole width."""
    made = stretch_mark(QTextCursor(cursor), colour)
    made.cursor.clearSelection()
    made.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
    return made


def stretch_mark(cursor: QTextCursor, colour: QColor) -> Mark:
    """What ``cursor`` has selected."""
    made = Mark()
    made.cursor = cursor
    made.format.setBackground(colour)
    return made
