"""The table of verdicts as a tree model: a branch per variant and target, a line per size."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, QSortFilterProxyModel, Qt
from PySide6.QtGui import QColor, QFontMetrics, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication

from app.figures.statistics import Ratio
from app.figures.verdict import Verdict, verdict, wording
from app.findings.across import Across, Beside, Means
from app.findings.compare import Comparison
from app.gui.parts.plain import plain
from app.gui.parts.theme import Colours
from app.storage.comparisons import median, over

Role = Qt.ItemDataRole
TEXT, CHANGED = Role.UserRole, Role.UserRole + 1
"""What a filter looks through, and whether something became faster or slower or broke; on the first cell."""

VERDICT = "Verdict"
"""The title of the columns that hold them."""

MARKS = {
    Verdict.FASTER: "▲",
    Verdict.SLOWER: "▼",
    Verdict.SAME: "=",
    Verdict.NOT_SURE: "?",
    Verdict.NO_DATA: "",
}

Index = QModelIndex | QPersistentModelIndex


class VerdictsModel(QStandardItemModel):
    """First what it is, then the first session's median, then each other one's with its verdict."""

    def show(self, across: Across, margin: float, colours: Colours) -> None:
        """Fill the table anew."""
        self.clear()
        first, *others = across.names
        heads = ["", first, *(head for name in others for head in (name, VERDICT))]
        self.setHorizontalHeaderLabels(heads)
        tips = ["", f"Medians of {first}", *(f"{name} against {first}" for name in others for _ in range(2))]
        for column, tip in enumerate(tips):
            self.setHeaderData(column, Qt.Orientation.Horizontal, plain(tip), Role.ToolTipRole)
        for group in across.groups:
            self.appendRow(_branch(group, margin, colours))
        if first_line := self.item(0):
            # Rows are of one height, that of the first.
            first_line.setSizeHint(QSize(-1, QFontMetrics(QApplication.font()).height() + 6))


def count_words(across: Across, margin: float) -> str:
    """``new: 3 faster, 1 same``, for each session but the first."""
    parts = []
    for i, name in enumerate(across.names[1:]):
        found = [one for group in across.groups for size in group.sizes if (one := size.comparisons[i])]
        counts = {v: sum(one.verdict(margin) is v for one in found) for v in Verdict}
        words = ", ".join(f"{count} {v.value}" for v, count in counts.items() if count)
        parts.append(f"{name}: {words or 'nothing in common'}")
    return "  ·  ".join(parts)


def _branch(group: Means, margin: float, colours: Colours) -> list[QStandardItem]:
    title = f"{group.workload} {group.variant} · {group.target.label}"
    if len(group.sizes) == 1:
        return _line(f"{title}, {group.sizes[0].name}", title, group.sizes[0], margin, colours)
    children = [_line(size.name, title, size, margin, colours) for size in group.sizes]
    row = [_item(title), _item("")]
    for i, mean in enumerate(group.means):
        row += [_item(over(group, i), right=True), _verdict(mean, "", margin, colours)]
        row[-2].setToolTip(f"Geometric {over(group, i)} sizes" if mean else "")
    font = row[0].font()
    font.setBold(True)
    for item in row:
        item.setFont(font)
    for child in children:
        row[0].appendRow(child)
    row[0].setData(title.lower(), TEXT)
    row[0].setData(any(child[0].data(CHANGED) for child in children), CHANGED)
    return row


def _line(name: str, title: str, size: Beside, margin: float, colours: Colours) -> list[QStandardItem]:
    row = [_item(name), _item(median(size.summaries[0]), right=True)]
    for own, one in zip(size.summaries[1:], size.comparisons, strict=True):
        row.append(_item(median(own), right=True))
        row.append(_verdict(one.ratio if one else None, _reason(one, margin), margin, colours))
        if one and one.broken:
            row[-1].setForeground(QColor(colours.bad))
    words = (item.text() for item in row)
    row[0].setData(f"{title} {' '.join(words)}".lower(), TEXT)
    row[0].setData(any(_changed(one, margin) for one in size.comparisons), CHANGED)
    return row


def _reason(one: Comparison | None, margin: float) -> str:
    return "\n".join(filter(None, (one.reason, one.hint(margin)))) if one else "in neither session"


def _changed(one: Comparison | None, margin: float) -> bool:
    return one is not None and (one.broken or one.verdict(margin) in (Verdict.FASTER, Verdict.SLOWER))


def _verdict(ratio: Ratio | None, reason: str, margin: float, colours: Colours) -> QStandardItem:
    found = verdict(ratio, margin)
    words = wording(ratio, margin) if ratio else reason or found.value
    item = _item(f"{MARKS[found]} {words}".strip())
    inks = {
        Verdict.FASTER: colours.good,
        Verdict.SLOWER: colours.bad,
        Verdict.NOT_SURE: colours.muted,
        Verdict.NO_DATA: colours.muted,
    }
    if found in inks:
        item.setForeground(QColor(inks[found]))
    item.setToolTip(plain("\n".join(filter(None, (words, reason if ratio else "")))))
    item.setData(words, Role.AccessibleTextRole)
    return item


def _item(text: str, right: bool = False) -> QStandardItem:
    item = QStandardItem(text)
    item.setEditable(False)
    item.setToolTip(plain(text))
    if right:
        item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return item


class VerdictsProxy(QSortFilterProxyModel):
    """Shows lines in which every word occurs; at will only those that changed."""

    def __init__(self, model: VerdictsModel) -> None:
        super().__init__()
        self._words: Sequence[str] = ()
        self._only_changes = False
        self.setRecursiveFilteringEnabled(True)
        self.setSourceModel(model)

    def set_filter(self, text: str, only_changes: bool) -> None:
        """Show what matches."""
        self._words, self._only_changes = text.lower().split(), only_changes
        self.invalidate()

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        """Whether a line matches; a branch with lines follows them."""
        model = self.sourceModel()
        index = model.index(source_row, 0, source_parent)
        if model.hasChildren(index):
            return False
        if self._only_changes and not index.data(CHANGED):
            return False
        return all(word in index.data(TEXT) for word in self._words)
