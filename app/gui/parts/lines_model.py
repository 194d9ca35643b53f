"""Lines on branches as a model over plain data.

Qt's own items live in two worlds at once: Python and a view may each hold one that the other has freed, which
ends the program. Here there is nothing to free, since an index is a pair of numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.gui.parts.plain import plain

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NOWHERE = QModelIndex()

Cell = Mapping[int, Any]
"""Role to value; tooltips are text, never markup."""


@dataclass(frozen=True)
class Branch:
    """A line of cells, and the lines below it."""

    cells: Sequence[Cell]
    below: Sequence[Sequence[Cell]] = ()


class LinesModel(QAbstractItemModel):
    """Two levels of lines, filled anew by ``fill``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heads: Sequence[Cell] = ()
        self.branches: Sequence[Branch] = ()

    def fill(self, heads: Sequence[Cell], branches: Sequence[Branch]) -> None:
        """Show these columns and lines instead of those that are there."""
        self.beginResetModel()
        self._heads, self.branches = heads, branches
        self.endResetModel()

    def index(self, row: int, column: int, parent: Index = NOWHERE) -> QModelIndex:
        """The place of a cell; its number says on which branch it is, 0 for a branch's own."""
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    def parent(self, index: Index | None = None) -> Any:
        """The branch of a line; without an index the model's own parent, as Qt has it."""
        if index is None:
            return super().parent()
        number = index.internalId() if index.isValid() else 0
        return self.createIndex(number - 1, 0, 0) if number else QModelIndex()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """The branches, or the lines below one."""
        if not parent.isValid():
            return len(self.branches)
        if parent.internalId() or parent.column():
            return 0
        return len(self.branches[parent.row()].below)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """The same everywhere."""
        return len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """Titles, with what they mean as tooltips."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self._heads):
            return None
        return _value(self._heads[section], role)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """What the cell has for ``role``; a branch may have fewer cells than there are columns."""
        if not index.isValid():
            return None
        number = index.internalId()
        cells = self.branches[number - 1].below[index.row()] if number else self.branches[index.row()].cells
        return _value(cells[index.column()], role) if index.column() < len(cells) else None


def _value(cell: Cell, role: int) -> Any:
    found = cell.get(role)
    return plain(found) if role == Role.ToolTipRole and found else found
