"""The hardware matrix as a tree model: branches are groups, lines features and limits, columns targets."""

from collections.abc import Sequence
from functools import cache
from itertools import groupby
from typing import Any

from PySide6.QtCore import QSize, QSortFilterProxyModel, Qt
from PySide6.QtGui import QColor, QFontMetrics, QIcon, QPixmap
from PySide6.QtWidgets import QApplication

from app.core.limits import Standing
from app.core.target import FeatureState, Runtime
from app.findings import matrix
from app.findings.matrix import Column, Line, LineKind
from app.gui.parts.icons import icon, state_icon
from app.gui.parts.lines_model import Branch, Cell, Index, LinesModel, Role
from app.gui.parts.theme import Colours

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


class MatrixModel(LinesModel):
    """Filled anew by ``show``; what a cell means stands in its tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self.columns: list[Column] = []
        self.lines: list[Line] = []

    def show(self, columns: Sequence[Column], lines: Sequence[Line], colours: Colours) -> None:
        """List these lines for these targets, which are all of one runtime."""
        self.columns, self.lines = list(columns), list(lines)
        runtime = columns[0].target.runtime if columns else Runtime.NUMPY
        about = runtime.about
        heads: list[Cell] = [
            {Role.DisplayRole: ""},
            {Role.DisplayRole: about.standard, Role.ToolTipRole: about.promise},
        ]
        heads += [{Role.DisplayRole: c.title, Role.ToolTipRole: _about(c)} for c in columns]
        self.fill(
            heads,
            [
                _branch(group, list(found), colours)
                for group, found in groupby(enumerate(self.lines), key=lambda pair: pair[1].group)
            ],
        )


def _about(column: Column) -> str:
    target = column.target
    words = (target.name, target.backend, target.driver, column.note, target.note)
    return "\n".join(dict.fromkeys((column.title, *filter(None, words))))


def _branch(group: str, own: list[tuple[int, Line]], colours: Colours) -> Branch:
    differing = sum(line.differs for _, line in own)
    bold = QApplication.font()
    bold.setBold(True)
    tip = f"{len(own)} lines; targets differ in {differing}"
    head = _cell(group) | {Role.ToolTipRole: tip, Role.FontRole: bold}
    return Branch([head], [_row(place, line, colours) for place, line in own])


def _row(place: int, line: Line, colours: Colours) -> list[Cell]:
    name = _cell(line.name) | {
        Role.DecorationRole: icon("differs", colours.accent, selected=colours.selected)
        if line.differs
        else _blank(),
        Role.ToolTipRole: "\n".join(filter(None, (line.name, line.use, "Targets differ" * line.differs))),
        Role.AccessibleTextRole: f"{line.name}{', targets differ' * line.differs}",
    }
    default = _cell(line.default) | {Role.ForegroundRole: QColor(colours.muted)}
    row = [name, default, *(_of_target(cell, line, colours) for cell in line.cells)]
    return [{**cell, LINE: place} for cell in row]


def _of_target(cell: matrix.Cell, line: Line, colours: Colours) -> dict[int, Any]:
    if cell.state:
        inks = {
            FeatureState.MISSING: colours.muted,
            FeatureState.UNKNOWN: colours.muted,
            FeatureState.EMULATED: colours.warn,
            FeatureState.BLOCKED: colours.bad,
        }
        unlock = f"To unlock it: {cell.unlock}" if cell.unlock else ""
        words = f"{cell.text}: {MEANINGS[cell.state]}"
        shown = _cell(cell.text) | {
            Role.DecorationRole: state_icon(cell.state, colours),
            Role.ToolTipRole: "\n".join(filter(None, (words, cell.reason, unlock))),
        }
        return shown | ({Role.ForegroundRole: QColor(inks[cell.state])} if cell.state in inks else {})
    if line.kind is LineKind.LIMIT and cell.value is not None and cell.standing:
        mark, words = STANDINGS[cell.standing]
        shown = _cell(f"{mark}{cell.text}")
        if cell.standing is Standing.WORSE:
            shown[Role.ForegroundRole] = QColor(colours.bad)
        if cell.standing is Standing.UNKNOWN or cell.value == 0:
            shown[Role.ForegroundRole] = QColor(colours.muted)
        shown[Role.ToolTipRole] = f"{line.name}: {cell.value}\n{words}".strip()
        shown[Role.AccessibleTextRole] = f"{cell.text}, {words}".removesuffix(", ")
        return shown
    return _cell(cell.text) | {Role.ToolTipRole: cell.text}


@cache
def _blank() -> QIcon:
    """Keeps names aligned."""
    pixmap = QPixmap(16, 16)
    pixmap.fill(Qt.GlobalColor.transparent)
    return QIcon(pixmap)


def _cell(text: str) -> dict[int, Any]:
    height = QFontMetrics(QApplication.font()).height() + 6
    return {Role.DisplayRole: text, Role.SizeHintRole: QSize(-1, height)}


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
