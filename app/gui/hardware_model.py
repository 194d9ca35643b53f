"""The hardware tree's contents: targets, and under each what it has, lacks and allows, group by group."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QIcon, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication

from app.core import units
from app.core.target import Feature, FeatureState, Target
from app.gui.icons import state_icon
from app.gui.theme import Colours

HEADERS = ("Name", "State", "Why, and what would change it")
MEANINGS = {
    FeatureState.SUPPORTED: "runs natively",
    FeatureState.EMULATED: "runs, by software or polyfill",
    FeatureState.MISSING: "the target lacks it",
    FeatureState.BLOCKED: "the hardware has it, the binding refuses it",
    FeatureState.UNKNOWN: "nothing here can tell",
}


class HardwareModel(QStandardItemModel):
    """Three columns: name; state or value; reason."""

    def __init__(self) -> None:
        super().__init__(0, len(HEADERS))
        self.setHorizontalHeaderLabels(list(HEADERS))

    def show_targets(self, targets: list[tuple[Target, str]], colours: Colours) -> None:
        """List targets, each with a note such as ``from the session``."""
        self.removeRows(0, self.rowCount())
        icons = {state: state_icon(state, colours) for state in FeatureState}
        for target, note in targets:
            self.appendRow(self._target(target, note, icons))

    def _target(self, target: Target, note: str, icons: dict[FeatureState, QIcon]) -> list[QStandardItem]:
        usable = sum(feature.state.usable for feature in target.features)
        state = f"{usable} of {len(target.features)} features" if target.features else ""
        row = _row(target.label, state, note or _about(target))
        font = row[0].font()
        font.setBold(True)
        row[0].setFont(font)
        facts = {
            "id": target.id,
            "device": target.name,
            "backend": target.backend,
            "driver": target.driver,
            "type": target.kind,
            **target.properties,
        }
        row[0].appendRow(_group("Identity", [_row(k, v) for k, v in facts.items() if v]))
        for group in dict.fromkeys(feature.group for feature in target.features):
            own = [f for f in target.features if f.group == group]
            row[0].appendRow(_group(group, [_feature(f, icons) for f in own]))
        if target.limits:
            limits = [_row(name, limit(name, value)) for name, value in target.limits.items()]
            row[0].appendRow(_group("Limits", limits))
        return row


def limit(name: str, value: int) -> str:
    """A limit as WebGPU gives it, sizes in bytes also in units people read."""
    if name.endswith(("size", "Size")) and value >= 1024:
        return f"{value} ({units.bytes_(value)})"
    return str(value)


def _about(target: Target) -> str:
    parts = dict.fromkeys((target.kind, target.backend, target.driver))
    return " · ".join(part for part in parts if part)


def _feature(feature: Feature, icons: dict[FeatureState, QIcon]) -> list[QStandardItem]:
    words = feature.reason or MEANINGS[feature.state]
    if feature.unlock:
        words = f"{words}; unlocked by {feature.unlock}"
    row = _row(feature.name, feature.state.value, words)
    row[1].setIcon(icons[feature.state])
    return row


def _group(name: str, rows: list[list[QStandardItem]]) -> list[QStandardItem]:
    group = _row(name, str(len(rows)))
    for row in rows:
        group[0].appendRow(row)
    return group


def _row(*texts: str) -> list[QStandardItem]:
    items = []
    height = QFontMetrics(QApplication.font()).height() + 6
    for text in (*texts, "", "")[: len(HEADERS)]:
        item = QStandardItem(text)
        item.setEditable(False)
        item.setSizeHint(QSize(-1, height))
        item.setToolTip(text)
        item.setData(
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, Qt.ItemDataRole.TextAlignmentRole
        )
        items.append(item)
    return items
