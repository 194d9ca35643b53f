"""The hardware matrix as a tree model: branches are groups, lines features and limits, columns targets."""

from collections.abc import Sequence
from functools import cache
from itertools import groupby

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, QSortFilterProxyModel, Qt
from PySide6.QtGui import QColor, QFontMetrics, QIcon, QPixmap, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication

from app.core.limits import Standing
from app.core.target import FeatureState, Runtime
from app.findings.matrix import Cell, Column, Line, LineKind
from app.gui.parts.icons import icon, state_icon
from app.gui.parts.plain import plain
from app.gui.parts.theme import Colours

Role = Qt.ItemDataRole
LINE = Role.UserRole
"""A line's place in ``MatrixModel.lines``; None on the branches."""

FIXED = 2
"""Columns before the first target: the name and what the standard says."""

MEANINGS = {
    FeatureState.SUPPORTED: "runs natively",
    FeatureState.EMULATED: "runs, by software or polyfill",
    FeatureState.MISSING: "the target lacks it",
    FeatureState.BLOCKED: "the hardware has it, the binding refuses it",
    FeatureState.UNKNOWN: "nothing here can tell",
}
STANDINGS = {
    Standing.BETTER: ("▲ ", "allows more than WebGPU's default"),
    Standing.WORSE: ("▼ ", "allows less than WebGPU's default"),
    Standing.DEFAULT: ("", "WebGPU's default"),
    Standing.UNKNOWN: ("", ""),
}

Index = QModelIndex | QPersistentModelIndex


class MatrixModel(QStandardItemModel):
    """Filled anew by ``show``; what a cell means stands in its tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self.columns: list[Column] = []
        self.lines: list[Line] = []

    def show(self, columns: Sequence[Column], lines: Sequence[Line], colours: Colours) -> None:
        """List these lines for these targets, which are all of one runtime."""
        self.clear()
        self.columns, self.lines = list(columns), list(lines)
        runtime = columns[0].target.runtime if columns else Runtime.NUMPY
        self.setHorizontalHeaderLabels(["", runtime.about.standard, *(c.title for c in columns)])
        self.setHeaderData(1, Qt.Orientation.Horizontal, runtime.about.promise, Role.ToolTipRole)
        for i, column in enumerate(columns):
            words = (
                column.target.name,
                column.target.backend,
                column.target.driver,
                column.note,
                column.target.note,
            )
            self.setHeaderData(
                FIXED + i,
                Qt.Orientation.Horizontal,
                plain("\n".join(dict.fromkeys((column.title, *filter(None, words))))),
                Role.ToolTipRole,
            )
        height = QFontMetrics(QApplication.font()).height() + 6
        for group, found in groupby(enumerate(self.lines), key=lambda pair: pair[1].group):
            own = list(found)
            differing = sum(line.differs for _, line in own)
            branch = _item(group, height)
            branch.setToolTip(f"{len(own)} lines; targets differ in {differing}")
            font = branch.font()
            font.setBold(True)
            branch.setFont(font)
            for place, line in own:
                branch.appendRow(_row(place, line, colours, height))
            self.appendRow(branch)


def _row(place: int, line: Line, colours: Colours, height: int) -> list[QStandardItem]:
    name = _item(line.name, height)
    name.setIcon(icon("differs", colours.accent, selected=colours.selected) if line.differs else _blank())
    name.setToolTip(plain("\n".join(filter(None, (line.name, line.use, "Targets differ" * line.differs)))))
    name.setData(f"{line.name}{', targets differ' * line.differs}", Role.AccessibleTextRole)
    default = _item(line.default, height)
    default.setForeground(QColor(colours.muted))
    row = [name, default, *(_cell(cell, line, colours, height) for cell in line.cells)]
    for item in row:
        item.setData(place, LINE)
    return row


def _cell(cell: Cell, line: Line, colours: Colours, height: int) -> QStandardItem:
    if cell.state:
        item = _item(cell.text, height)
        item.setIcon(state_icon(cell.state, colours))
        inks = {
            FeatureState.MISSING: colours.muted,
            FeatureState.UNKNOWN: colours.muted,
            FeatureState.EMULATED: colours.warn,
            FeatureState.BLOCKED: colours.bad,
        }
        if cell.state in inks:
            item.setForeground(QColor(inks[cell.state]))
        unlock = f"To unlock it: {cell.unlock}" if cell.unlock else ""
        words = f"{cell.text}: {MEANINGS[cell.state]}"
        item.setToolTip(plain("\n".join(filter(None, (words, cell.reason, unlock)))))
    elif line.kind is LineKind.LIMIT and cell.value is not None and cell.standing:
        mark, words = STANDINGS[cell.standing]
        item = _item(f"{mark}{cell.text}", height)
        if cell.standing is Standing.WORSE:
            item.setForeground(QColor(colours.bad))
        if cell.standing is Standing.UNKNOWN or cell.value == 0:
            item.setForeground(QColor(colours.muted))
        item.setToolTip(plain(f"{line.name}: {cell.value}\n{words}".strip()))
        item.setData(f"{cell.text}, {words}".removesuffix(", "), Role.AccessibleTextRole)
    else:
        item = _item(cell.text, height)
        item.setToolTip(plain(cell.text))
    return item


@cache
def _blank() -> QIcon:
    """Keeps names aligned."""
    pixmap = QPixmap(16, 16)
    pixmap.fill(Qt.GlobalColor.transparent)
    return QIcon(pixmap)


def _item(text: str, height: int) -> QStandardItem:
    item = QStandardItem(text)
    item.setEditable(False)
    item.setSizeHint(QSize(-1, height))
    return item


class MatrixProxy(QSortFilterProxyModel):
    """Shows lines in which every word occurs, reasons included; at will only those that differ."""

    def __init__(self, model: MatrixModel) -> None:
        super().__init__()
        self._model = model
        self._words: list[str] = []
        self._only_differences = False
        self.setRecursiveFilteringEnabled(True)
        self.setSourceModel(model)

    def set_filter(self, text: str, only_differences: bool) -> None:
        """Show what matches."""
        self._words, self._only_differences = text.lower().split(), only_differences
        self.invalidate()

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        """Whether the line matches; branches follow what stands on them."""
        place = self._model.index(source_row, 0, source_parent).data(LINE)
        if place is None:
            return False
        line = self._model.lines[place]
        if self._only_differences and not line.differs:
            return False
        text = " ".join(
            [line.group, line.name, line.default, line.use]
            + [f"{cell.text} {cell.reason} {cell.unlock}" for cell in line.cells]
        ).lower()
        return all(word in text for word in self._words)

    def shown(self) -> list[Line]:
        """The lines that match, in order."""
        found = []
        for branch in range(self.rowCount()):
            parent = self.index(branch, 0)
            places = (self.index(i, 0, parent).data(LINE) for i in range(self.rowCount(parent)))
            found += [self._model.lines[place] for place in places]
        return found
