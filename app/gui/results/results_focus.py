"""Marks the line of the table that is pointed at, be it there or in the chart."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.gui.parts.theme import current


class FocusDelegate(QStyledItemDelegate):
    """Lays the accent's colour thinly beneath the line of ``marked``, which stays with it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.marked = QPersistentModelIndex()

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """As usual, but for that line."""
        super().initStyleOption(option, index)
        if self.marked.isValid() and index.sibling(index.row(), 0) == self.marked:
            tint = QColor(current().accent)
            tint.setAlpha(50)
            option.backgroundBrush = QBrush(tint)
