"""A list of things to tick, one by one or by group, each with a note, and a reason where it cannot be."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QTreeWidget, QTreeWidgetItem, QWidget

from app.gui.parts.entry import Entry
from app.gui.parts.note_delegate import NOTE, REASON, NoteDelegate
from app.gui.parts.plain import plain

KEY = Qt.ItemDataRole.UserRole
GROUP = Qt.ItemDataRole.UserRole + 3
MOST_LINES = 5


class TickList(QTreeWidget):
    """Remembers only what differs from each entry's default, so that something new starts as it should.

    ``opened`` carries the key of an entry that was double-clicked, or chosen with Enter.
    """

    changed = Signal()
    opened = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(NoteDelegate(self))
        self.setAccessibleName(name)
        self.setSelectionMode(self.SelectionMode.ExtendedSelection)
        self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToContents)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.itemChanged.connect(self._on_changed)
        self.itemActivated.connect(self._on_activated)
        self.toggled: set[str] = set()
        self._entries: list[Entry] = []

    def _on_activated(self, item: QTreeWidgetItem) -> None:
        if item.data(0, KEY):
            self.opened.emit(item.data(0, KEY))

    def show_entries(self, entries: list[Entry]) -> None:
        """Fill the list anew, unless it says this already."""
        if entries == self._entries:
            return
        self._entries = entries
        self.blockSignals(True)
        scroll = self.verticalScrollBar().value()
        self.clear()
        group = ""
        for entry in entries:
            if entry.group != group:
                group = entry.group
                self._add_heading(group)
            self._add(entry)
        self._tick_headings()
        self.verticalScrollBar().setValue(scroll)
        self.blockSignals(False)
        self.updateGeometry()

    def _add_heading(self, text: str) -> None:
        item = QTreeWidgetItem(self, [text])
        font = item.font(0)
        font.setBold(True)
        item.setFont(0, font)
        item.setData(0, GROUP, text)
        item.setToolTip(0, "Tick or untick all of this group")

    def _tick_headings(self) -> None:
        """A heading is ticked, half ticked or not, as what stands under it; over nothing it has no box."""
        for i in range(self.topLevelItemCount()):
            item = self.topLevelItem(i)
            group = item.data(0, GROUP) if item else None
            if item is None or group is None:
                continue
            own = [self._wanted(e) for e in self._entries if e.group == group and e.enabled]
            if not own:
                item.setData(0, Qt.ItemDataRole.CheckStateRole, None)
                item.setFlags(Qt.ItemFlag.ItemIsEnabled)
                continue
            some = Qt.CheckState.PartiallyChecked if any(own) else Qt.CheckState.Unchecked
            item.setCheckState(0, Qt.CheckState.Checked if all(own) else some)

    def _add(self, entry: Entry) -> None:
        item = QTreeWidgetItem(self, [entry.text])
        item.setData(0, KEY, entry.key)
        item.setData(0, NOTE, entry.note)
        item.setData(0, REASON, entry.reason)
        item.setToolTip(0, plain(entry.tip))
        item.setData(0, Qt.ItemDataRole.AccessibleDescriptionRole, f"{entry.note} {entry.reason}".strip())
        ticked = entry.enabled and self._wanted(entry)
        item.setCheckState(0, Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        if not entry.enabled:
            item.setFlags(item.flags() & ~(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable))

    def ticked(self) -> list[str]:
        """Keys of what is ticked and can be chosen, in order."""
        return [entry.key for entry in self._entries if entry.enabled and self._wanted(entry)]

    def _wanted(self, entry: Entry) -> bool:
        return entry.default != (entry.key in self.toggled)

    @property
    def entries(self) -> list[Entry]:
        """All lines, in order."""
        return list(self._entries)

    def entry(self, key: str) -> Entry | None:
        """The line with that key."""
        return next((entry for entry in self._entries if entry.key == key), None)

    def set_ticked(self, key: str, ticked: bool) -> None:
        """Tick or untick by key, as a click would."""
        for i in range(self.topLevelItemCount()):
            item = self.topLevelItem(i)
            if item and item.data(0, KEY) == key:
                item.setCheckState(0, Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)

    def point_at(self, keys: Sequence[str]) -> None:
        """Select these lines, as far as they are listed, and bring the first into view."""
        items = (self.topLevelItem(i) for i in range(self.topLevelItemCount()))
        found = [item for item in items if item and item.data(0, KEY) in keys]
        self.clearSelection()
        for item in found[:1]:
            self.setCurrentItem(item)
            self.scrollToItem(item, self.ScrollHint.PositionAtCenter)
        for item in found:
            item.setSelected(True)
        self.setFocus()

    def set_toggled(self, keys: Iterable[str]) -> None:
        """Tick everything as by default, save for these; ``changed`` is not emitted."""
        self.toggled = set(keys)
        self.blockSignals(True)
        for i in range(self.topLevelItemCount()):
            item = self.topLevelItem(i)
            entry = self.entry(item.data(0, KEY)) if item and item.data(0, KEY) else None
            if item and entry:
                ticked = entry.enabled and self._wanted(entry)
                item.setCheckState(0, Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self._tick_headings()
        self.blockSignals(False)

    def _on_changed(self, item: QTreeWidgetItem) -> None:
        group = item.data(0, GROUP)
        keys = {e.key for e in self._entries if e.enabled and e.group == group}
        if group is None:
            keys = {item.data(0, KEY)}
        ticked = item.checkState(0) is Qt.CheckState.Checked
        for entry in self._entries:
            if entry.key in keys and self._wanted(entry) != ticked:
                self.toggled ^= {entry.key}
        self.blockSignals(True)
        for i in range(self.topLevelItemCount()):
            other = self.topLevelItem(i)
            if other and other.data(0, KEY) in keys:
                other.setCheckState(0, item.checkState(0))
        self._tick_headings()
        self.blockSignals(False)
        self.changed.emit()

    def sizeHint(self) -> QSize:
        """A size as tall as the lines, up to five without a reason below."""
        heights = [self.sizeHintForRow(i) for i in range(self.topLevelItemCount())]
        lines = min(heights, default=0) * MOST_LINES
        return QSize(280, min(sum(heights), lines) + 2 * self.frameWidth() + 2)

    def sizeHintForRow(self, row: int) -> int:
        """The height of one line, reason included."""
        return self.sizeHintForIndex(self.model().index(row, 0)).height()

    def minimumSizeHint(self) -> QSize:
        """Three lines must show; the rest can scroll."""
        return QSize(160, 3 * (self.fontMetrics().height() + 6))
