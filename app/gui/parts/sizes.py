"""Sizes that follow the letters: columns of tables, dialogs, and the font of code."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QDialog, QHeaderView, QWidget


def set_widths(header: QHeaderView, letters: Sequence[int]) -> None:
    """Make each column of a table that many letters wide, or as wide as its title."""
    letter = header.fontMetrics().averageCharWidth()
    for i, count in enumerate(letters):
        header.resizeSection(i, max(count * letter, header.sectionSizeHint(i)))


def size_dialog(dialog: QDialog, letters: int, lines: int) -> None:
    """Make a dialog as wide and high as that, but no larger than the window that it belongs to."""
    metrics, parent = dialog.fontMetrics(), dialog.parentWidget()
    wanted = QSize(letters * metrics.averageCharWidth(), lines * metrics.height())
    dialog.resize(wanted.boundedTo(parent.size()) if parent else wanted)


def code_font(beside: QWidget) -> QFont:
    """Monospaced, as large as the letters of ``beside``."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(beside.font().pointSizeF())
    return font
