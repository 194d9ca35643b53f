"""The table of verdicts as a tree model: a branch per variant and target, a line per size."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSize, QSortFilterProxyModel, Qt
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtWidgets import QApplication

from app.figures.statistics import Ratio
from app.figures.verdict import Verdict, verdict, wording
from app.findings.across import Across, Beside, Means
from app.findings.compare import Comparison
from app.gui.parts.lines_model import Branch, Cell, Index, LinesModel, Role
from app.gui.parts.theme import Colours
from app.storage.comparisons import median, over

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

RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class VerdictsModel(LinesModel):
    """First what it is, then the first session's median, then each other one's with its verdict."""

    def show(self, across: Across, margin: float, colours: Colours) -> None:
        """Fill the table anew."""
        first, *others = across.names
        heads = ["", first, *(head for name in others for head in (name, VERDICT))]
        tips = ["", f"Medians of {first}", *(f"{name} against {first}" for name in others for _ in range(2))]
        branches = [_branch(group, margin, colours) for group in across.groups]
        self.fill(
            [{Role.DisplayRole: head, Role.ToolTipRole: tip} for head, tip in zip(heads, tips, strict=True)],
            branches,
        )


def count_words(across: Across, margin: float) -> str:
    """``new: 3 faster, 1 same``, for each session but the first."""
    parts = []
    for i, name in enumerate(across.names[1:]):
        found = [one for group in across.groups for size in group.sizes if (one := size.comparisons[i])]
        counts = {v: sum(one.verdict(margin) is v for one in found) for v in Verdict}
        words = ", ".join(f"{count} {v.value}" for v, count in counts.items() if count)
        parts.append(f"{name}: {words or 'nothing in common'}")
    return "  ·  ".join(parts)


def _branch(group: Means, margin: float, colours: Colours) -> Branch:
    title = f"{group.workload} {group.variant} · {group.target.label}"
    if len(group.sizes) == 1:
        return Branch(_line(f"{title}, {group.sizes[0].name}", title, group.sizes[0], margin, colours))
    below = [_line(size.name, title, size, margin, colours) for size in group.sizes]
    changed = any(line[0].get(CHANGED) for line in below)
    row: list[Cell] = [_cell(title) | {TEXT: title.lower(), CHANGED: changed}, _cell("")]
    for i, mean in enumerate(group.means):
        count = over(group, i)
        row.append(_cell(count, right=True) | {Role.ToolTipRole: f"Geometric {count} sizes" if mean else ""})
        row.append(_verdict(mean, "", margin, colours))
    bold = QApplication.font()
    bold.setBold(True)
    return Branch([{**cell, Role.FontRole: bold} for cell in row], below)


def _line(name: str, title: str, size: Beside, margin: float, colours: Colours) -> list[dict[int, Any]]:
    row = [_cell(name), _cell(median(size.summaries[0]), right=True)]
    for own, one in zip(size.summaries[1:], size.comparisons, strict=True):
        row.append(_cell(median(own), right=True))
        row.append(_verdict(one.ratio if one else None, _reason(one, margin), margin, colours))
        if one and one.broken:
            row[-1][Role.ForegroundRole] = QColor(colours.bad)
    words = (cell[Role.DisplayRole] for cell in row)
    row[0][TEXT] = f"{title} {' '.join(words)}".lower()
    row[0][CHANGED] = any(_changed(one, margin) for one in size.comparisons)
    return row


def _reason(one: Comparison | None, margin: float) -> str:
    return "\n".join(filter(None, (one.reason, one.hint(margin)))) if one else "in neither session"


def _changed(one: Comparison | None, margin: float) -> bool:
    return one is not None and (one.broken or one.verdict(margin) in (Verdict.FASTER, Verdict.SLOWER))


def _verdict(ratio: Ratio | None, reason: str, margin: float, colours: Colours) -> dict[int, Any]:
    found = verdict(ratio, margin)
    words = wording(ratio, margin) if ratio else reason or found.value
    cell = _cell(f"{MARKS[found]} {words}".strip())
    inks = {
        Verdict.FASTER: colours.good,
        Verdict.SLOWER: colours.bad,
        Verdict.NOT_SURE: colours.muted,
        Verdict.NO_DATA: colours.muted,
    }
    if found in inks:
        cell[Role.ForegroundRole] = QColor(inks[found])
    cell[Role.ToolTipRole] = "\n".join(filter(None, (words, reason if ratio else "")))
    cell[Role.AccessibleTextRole] = words
    return cell


def _cell(text: str, right: bool = False) -> dict[int, Any]:
    size = QSize(-1, QFontMetrics(QApplication.font()).height() + 6)
    cell: dict[int, Any] = {Role.DisplayRole: text, Role.ToolTipRole: text, Role.SizeHintRole: size}
    return cell | {Role.TextAlignmentRole: RIGHT} if right else cell


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
