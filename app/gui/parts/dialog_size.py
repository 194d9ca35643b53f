"""How large a dialog is that scrolls."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog


def size_dialog(dialog: QDialog, letters: int, lines: int) -> None:
    """Make a dialog as wide and high as that, but no larger than the window that it belongs to."""
    metrics, parent = dialog.fontMetrics(), dialog.parentWidget()
    wanted = QSize(letters * metrics.averageCharWidth(), lines * metrics.height())
    dialog.resize(wanted.boundedTo(parent.size()) if parent else wanted)
