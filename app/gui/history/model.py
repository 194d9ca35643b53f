"""The runs of the history as a table model; label and note can be written into."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from app.charts.trend import local_time
from app.gui.parts.plain import plain
from app.storage.history import Entry

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NOWHERE = QModelIndex()


@dataclass(frozen=True)
class Column:
    """``letters`` are its width; ``field`` is what is written when a cell is edited, else empty."""

    title: str
    text: Callable[[Entry], str]
    letters: int
    tip: str
    field: str = ""


COLUMNS = (
    Column("Date", lambda e: local_time(e.created), 22, "When it ran, in local time"),
    Column("Label", lambda e: e.label, 25, "Your name for it; Enter or a double click writes one", "label"),
    Column("Workloads", lambda e: e.workloads, 20, "What it solved"),
    Column("Targets", lambda e: e.targets, 37, "Where it ran"),
    Column("OK", lambda e: f"{e.ok}/{e.cases}", 10, "How many of its cases have a result"),
    Column("Machine", lambda e: e.machine, 30, "The processor"),
    Column("Note", lambda e: e.note, 33, "Whatever is worth knowing later; a double click writes it", "note"),
)


class HistoryModel(QAbstractTableModel):
    """``written`` carries a run's number, the field and its new text."""

    written = Signal(int, str, str)

    def __init__(self) -> None:
        super().__init__()
        self.entries: Sequence[Entry] = ()

    def show(self, entries: Sequence[Entry]) -> None:
        """List these."""
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """One line per run."""
        return 0 if parent.isValid() else len(self.entries)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """The number of columns that are declared."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """Titles, with what they mean as tooltips."""
        if orientation is Qt.Orientation.Horizontal and role in (Role.DisplayRole, Role.ToolTipRole):
            return COLUMNS[section].title if role == Role.DisplayRole else COLUMNS[section].tip
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Text; the tooltip has all of what is cut."""
        if index.isValid() and role in (Role.DisplayRole, Role.EditRole, Role.ToolTipRole):
            text = COLUMNS[index.column()].text(self.entries[index.row()])
            return plain(text) if role == Role.ToolTipRole else text
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Labels and notes can be written."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if COLUMNS[index.column()].field else flags

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        """Pass on what was written; the list follows when it is kept."""
        entry, column = self.entries[index.row()], COLUMNS[index.column()]
        text = str(value).strip()
        if role != Role.EditRole or text == column.text(entry):
            return False
        self.written.emit(entry.id, column.field, text)
        return True
