"""The results as a table model: one declaration per column, read by view, sorting and tests."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QColor

from app.core.measurement import NOT_FINITE, Status
from app.figures import units
from app.findings.rows import Row
from app.gui.parts.plain import plain
from app.gui.parts.theme import current
from app.gui.state.focus import searched

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
SORT = Role.UserRole
LAST = float("inf")
Order = tuple[float, tuple[int, ...]]
"""What shapes are sorted by."""

NOWHERE = QModelIndex()


CPU_TIME, OF_PEER = "CPU time", "Of best peer"
"""The titles of columns that are only shown where any row has a figure for them."""


@dataclass(frozen=True)
class Column:
    """``sort`` gives what to sort by; figures stand to the right and lines without one come last."""

    title: str
    text: Callable[[Row], str]
    tip: str
    sort: Callable[[Row], float | Order] | None = None


def _speedup(row: Row) -> str:
    if row.is_baseline and row.speedup:
        return "baseline"
    ratio = row.speedup
    return units.speedup(ratio.value, ratio.low, ratio.high) if ratio else units.NO_VALUE


def _interval(row: Row) -> str:
    summary = row.summary
    if summary is None or summary.low is None or summary.high is None:
        return units.NO_VALUE
    return f"{units.seconds(summary.low)} - {units.seconds(summary.high)}"


def _quartiles(row: Row) -> str:
    summary = row.summary
    if summary is None:
        return units.NO_VALUE
    return f"{units.seconds(summary.lower_quartile)} - {units.seconds(summary.upper_quartile)}"


def _cpu(row: Row) -> str:
    if row.cpu is None:
        return units.NO_VALUE
    ratio = row.cpu_speedup
    against = "" if row.is_baseline or ratio is None else f", {units.times(ratio.value)}"
    return f"{units.seconds(row.cpu.median)}{against}"


def _relative(row: Row) -> str:
    error = row.measurement.error
    return error.words if error else units.NO_VALUE


def _largest(row: Row) -> str:
    error = row.measurement.error
    if error is None:
        return units.NO_VALUE
    return NOT_FINITE if error.max_abs is None else units.digits(error.max_abs, 2)


def _or_last(value: float | None) -> float:
    return LAST if value is None else value


COLUMNS = (
    Column("Target", lambda r: r.target.label, "Where it ran"),
    Column("Variant", lambda r: r.name, "Which implementation"),
    Column(
        "Size",
        lambda r: r.size,
        "512 is a square; otherwise rows x columns",
        lambda r: r.measurement.case.shape.order,
    ),
    Column("Status", lambda r: r.measurement.status.value, "How the case ended; only ok has figures"),
    Column(
        "Median",
        lambda r: units.seconds(r.summary.median if r.summary else None),
        "The median time of one run",
        lambda r: _or_last(r.summary.median if r.summary else None),
    ),
    Column(
        "Speedup",
        _speedup,
        "How many times faster than the baseline, with its 95 % interval",
        lambda r: _or_last(r.speedup.value if r.speedup else None),
    ),
    Column(
        "Rel. error",
        _relative,
        "Distance from the float64 answer, relative (L2 norm); what the storage type costs is included",
        lambda r: _or_last(r.measurement.error.relative_l2 if r.measurement.error else None),
    ),
    Column(
        "Notes",
        lambda r: r.note,
        "Why sampling stopped, what looks odd about the samples, or what went wrong",
    ),
    Column("Bound by", lambda r: r.reason.cause.value if r.reason else "–", "What its time goes into"),
    Column(
        "95 % interval",
        _interval,
        "Where the true median lies, 19 times out of 20",
        lambda r: _or_last(r.summary.low if r.summary else None),
    ),
    Column(
        "Quartiles",
        _quartiles,
        "The middle half of the samples lies between these (interquartile range)",
        lambda r: _or_last(r.summary.lower_quartile if r.summary else None),
    ),
    Column(
        CPU_TIME,
        _cpu,
        "The processor's seconds for one run, all threads taken together, and how many times fewer these are",
        lambda r: _or_last(r.cpu.median if r.cpu else None),
    ),
    Column(
        OF_PEER,
        lambda r: r.peer_words,
        "How fast it is beside the library that does best at the same, in per cent, and which that is",
        lambda r: _or_last(r.of_peer.value if r.of_peer else None),
    ),
    Column(
        "GFLOP/s",
        lambda r: units.giga(r.flops),
        "Multiplications and additions per second, in thousand millions",
        lambda r: _or_last(r.flops),
    ),
    Column(
        "GB/s",
        lambda r: units.giga(r.bytes),
        "Memory traffic per second when every operand is read once",
        lambda r: _or_last(r.bytes),
    ),
    Column(
        "Max. error",
        _largest,
        "The largest absolute deviation of one element from the float64 answer",
        lambda r: _or_last(r.measurement.error.max_abs if r.measurement.error else None),
    ),
    Column(
        "Samples",
        lambda r: str(len(r.measurement.samples)),
        "How many batches were timed",
        lambda r: len(r.measurement.samples),
    ),
    Column(
        "Timer", lambda r: r.measurement.timer, "Which clock: GPU time stamps, or the wall clock over batches"
    ),
)


class ResultsModel(QAbstractTableModel):
    """Keeps its lines in place while a run fills them, so that selection and scrolling stay."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self._searched: list[str] = []

    def show_rows(self, rows: list[Row]) -> None:
        """Replace the rows, telling views only what changed."""
        if len(rows) < len(self.rows):
            self.beginResetModel()
            self.rows = list(rows)
            self._searched = [""] * len(rows)
            self.endResetModel()
            return
        old = self.rows
        changed = [i for i, row in enumerate(old) if row != rows[i]]
        for i in changed:
            self._searched[i] = ""
        self._searched += [""] * (len(rows) - len(old))
        if len(rows) > len(old):
            self.beginInsertRows(NOWHERE, len(old), len(rows) - 1)
            self.rows = list(rows)
            self.endInsertRows()
        else:
            self.rows = list(rows)
        if changed:
            last = len(COLUMNS) - 1
            self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], last))

    def searched(self, number: int) -> str:
        """What a filter looks for words in, in lower case; made when first asked for, since it takes long."""
        text = self._searched[number]
        if not text:
            row = self.rows[number]
            text = self._searched[number] = searched(row)
        return text

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """One line per measurement."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """The number of columns that are declared."""
        return 0 if parent.isValid() else len(COLUMNS)

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
        row, column = self.rows[index.row()], COLUMNS[index.column()]
        if role == Role.DisplayRole:
            return column.text(row)
        if role == Role.TextAlignmentRole:
            return _alignment(column)
        if role == SORT:
            return column.sort(row) if column.sort else column.text(row).lower()
        if role == Role.ForegroundRole:
            return _ink(row)
        if role == Role.ToolTipRole:
            return plain(f"{column.tip}\n{row.measurement.reason}".strip())
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


class ResultsProxy(QSortFilterProxyModel):
    """Sorts figures as figures, lines without one last either way; every word of the filter must occur."""

    def __init__(self, model: ResultsModel) -> None:
        super().__init__()
        self._words: list[str] = []
        self.setSourceModel(model)
        self.setSortRole(SORT)
        self._model = model

    def set_filter(self, text: str) -> None:
        """Show lines in which each of these words occurs."""
        begin = getattr(self, "beginFilterChange", None)  # since Qt 6.10, which deprecates the other way
        if begin:
            begin()
        self._words = text.lower().split()
        self.endFilterChange() if begin else self.invalidateRowsFilter()

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        """Whether all words occur somewhere in the line."""
        if not self._words:
            return True
        text = self._model.searched(source_row)
        return all(word in text for word in self._words)

    def lessThan(self, left: Index, right: Index) -> bool:
        """Compare figures; what has none is never the smaller, nor the larger when sorting downwards."""
        a, b = left.data(SORT), right.data(SORT)
        if (
            isinstance(a, float)
            and isinstance(b, (int, float))
            and self.sortOrder() is Qt.SortOrder.DescendingOrder
        ):
            a, b = (-LAST if a == LAST else a), (-LAST if b == LAST else b)
        return bool(a < b)
