"""The results as a model: a line per row, below the line of its target where there are several."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from app.core.measurement import Status
from app.findings.rows import Row
from app.gui.parts.plain import plain
from app.gui.parts.theme import current
from app.gui.results.columns import COLUMNS, LAST, Column
from app.gui.results.groups import Group, by_target, fastest, words
from app.gui.state.focus import searched

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
SORT = Role.UserRole
NOWHERE = QModelIndex()


class ResultsModel(QAbstractItemModel):
    """Keeps its lines in place while a run fills them, so that selection and scrolling stay.

    Where rows are ``grouped``, the line of a target says what is fastest there of all that is asked for.
    """

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self.grouped = False
        self.groups = [Group()]
        self._searched: list[str] = []
        self._asked: list[str] = []
        self._told: dict[int, tuple[Row | None, str]] = {}
        """The fastest row of a group and the words about it, as far as they were asked for."""

    def show_rows(self, rows: Sequence[Row], grouped: bool = False) -> None:
        """Replace the rows, telling views only what changed."""
        self._told.clear()
        same = grouped == self.grouped
        whole = [Group(numbers=list(range(len(rows))))]
        groups = by_target(rows, self.groups if same else ()) if grouped else whole
        if not same or any(
            len(old.numbers) > len(new.numbers) for old, new in zip(self.groups, groups, strict=False)
        ):
            self.beginResetModel()
            self.rows, self.grouped, self._searched = list(rows), grouped, [""] * len(rows)
            self.groups = [group for group in groups if group.numbers or not grouped]
            self.endResetModel()
            return
        before, self.rows = self.rows, list(rows)
        changed = {i for i, row in enumerate(before) if row != rows[i]}
        self._searched += [""] * (len(rows) - len(before))
        for i in changed:
            self._searched[i] = ""
        for place, group in enumerate(groups):
            if place == len(self.groups):
                self.beginInsertRows(NOWHERE, place, place)
                self.groups.append(group)
                self.endInsertRows()
            else:
                self._fill(place, group.numbers, changed)

    def _fill(self, place: int, numbers: list[int], changed: set[int]) -> None:
        """Let a group have these rows."""
        own, line = self.groups[place], self._line(place)
        count = len(own.numbers)
        other = [
            i for i, old in enumerate(own.numbers) if old != numbers[i] or (changed and numbers[i] in changed)
        ]
        if len(numbers) > count:
            self.beginInsertRows(line, count, len(numbers) - 1)
            own.numbers = numbers
            self.endInsertRows()
        own.numbers = numbers
        last = len(COLUMNS) - 1
        if other:
            self.dataChanged.emit(self.index(other[0], 0, line), self.index(other[-1], last, line))
        if self.grouped and (other or len(numbers) > count):
            self.dataChanged.emit(line, self.index(place, last))

    def _line(self, place: int) -> QModelIndex:
        """The line of a group; nowhere where groups have none."""
        return self.index(place, 0) if self.grouped else NOWHERE

    def ask(self, asked: Sequence[str]) -> None:
        """Let lines of targets speak of the rows in which each of these words occurs."""
        self._asked = list(asked)
        self._told.clear()
        if self.grouped and self.groups:
            last = self.index(len(self.groups) - 1, len(COLUMNS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def passes(self, line: int, parent: Index) -> bool:
        """Whether a line has what is asked for: itself, or below it."""
        if not self._asked:
            return True
        if self.grouped and not parent.isValid():
            return any(map(self._row_passes, self.groups[line].numbers))
        return self._row_passes(self._numbers(parent)[line])

    def _row_passes(self, number: int) -> bool:
        """What words are looked for in is made when first asked for, since it takes long."""
        text = self._searched[number]
        if not text:
            text = self._searched[number] = searched(self.rows[number])
        return all(word in text for word in self._asked)

    def _numbers(self, parent: Index) -> list[int]:
        return self.groups[parent.row() if self.grouped else 0].numbers

    def is_group(self, index: Index) -> bool:
        """Whether it is the line of a target."""
        return self.grouped and index.isValid() and not index.internalId()

    def row(self, index: Index) -> Row | None:
        """The row of a line; of a target's the fastest there, if any is."""
        if self.is_group(index):
            return self._tell(index.row())[0]
        return self.rows[self._numbers(self.parent(index))[index.row()]]

    def place(self, number: int) -> QModelIndex:
        """The line of a row."""
        for place, group in enumerate(self.groups):
            if number in group.numbers:
                return self.index(group.numbers.index(number), 0, self._line(place))
        return NOWHERE

    def _tell(self, place: int) -> tuple[Row | None, str]:
        if place not in self._told:
            numbers = self.groups[place].numbers
            own = [self.rows[i] for i in numbers if not self._asked or self._row_passes(i)]
            best = fastest(own)
            self._told[place] = best, words(own, best)
        return self._told[place]

    def index(self, row: int, column: int, parent: Index = NOWHERE) -> QModelIndex:
        """The place of a cell; its number says below which target it is, 0 for a target's own."""
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    def parent(self, index: Index | None = None) -> Any:
        """The target of a line; without an index the model's own parent, as Qt has it."""
        if index is None:
            return super().parent()
        number = index.internalId() if index.isValid() else 0
        return self.createIndex(number - 1, 0, 0) if number else QModelIndex()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """A line per row, or per target and per row below it."""
        if not parent.isValid():
            return len(self.groups) if self.grouped else len(self._numbers(parent))
        return len(self._numbers(parent)) if self.is_group(parent) and not parent.column() else 0

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """The number of columns that are declared."""
        return len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """Titles, with what they mean as tooltips."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = COLUMNS[section]
        if role == Role.DisplayRole:
            return column.title
        if role == Role.ToolTipRole:
            return column.tip
        if role == Role.TextAlignmentRole:
            return _alignment(column)
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Text, alignment, colour and what to sort by."""
        if not index.isValid():
            return None
        column = COLUMNS[index.column()]
        if role == Role.TextAlignmentRole:
            return _alignment(column)
        if self.is_group(index):
            return self._of_group(index.row(), column, role)
        row = self.row(index)
        assert row is not None
        if role == Role.DisplayRole:
            return "" if self.grouped and column.title == "Target" else column.text(row)
        if role == Role.AccessibleTextRole and column.title == "Target":
            return column.text(row)
        if role == SORT:
            return column.key(row)
        if role == Role.ForegroundRole:
            return _ink(row)
        if role == Role.ToolTipRole:
            return plain(f"{column.tip}\n{row.measurement.reason}".strip())
        return None

    def _of_group(self, place: int, column: Column, role: int) -> Any:
        """A target speaks of the fastest row below it."""
        best, told = self._tell(place)
        texts = {"Target": self.groups[place].label, "Status": "", "Notes": told}
        if role == Role.DisplayRole:
            return texts.get(column.title, column.text(best) if best else "")
        if role == SORT:
            if column.title in texts:
                return texts[column.title].lower()
            return column.key(best) if best else (LAST if column.sort else "")
        if role == Role.FontRole:
            font = QFont()
            font.setBold(True)
            return font
        if role == Role.ToolTipRole:
            return plain(f"{column.tip}\n{self.groups[place].label}: {told}")
        return None


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.sort else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _ink(row: Row) -> QColor | None:
    colours = current()
    status = row.measurement.status
    if status is Status.OK:
        return None
    return QColor(colours.bad if status in (Status.WRONG, Status.FAILED) else colours.muted)
