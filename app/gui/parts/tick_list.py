"""A list of things to tick, each with a note, and a reason where it cannot be."""

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QTreeWidget, QTreeWidgetItem, QWidget

from app.gui.parts.entry import Entry
from app.gui.parts.fuzzy import score
from app.gui.parts.note_delegate import NOTE, REASON, NoteDelegate
from app.gui.parts.plain import plain
from app.gui.parts.ticking import Ticking

KEY = Qt.ItemDataRole.UserRole
MOST_LINES = 12
"""Lines that show without scrolling."""


class TickList(QTreeWidget, Ticking):
    """Lines to tick, by click or Space; what is ticked stays so while lines come and go."""

    changed = Signal()
    keys = "Enter ticks, Ctrl+Enter ticks all"

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(NoteDelegate(self))
        self.setAccessibleName(name)
        self.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.itemChanged.connect(self._on_changed)
        self.toggled: set[str] = set()
        self._entries: list[Entry] = []

    def show_entries(self, entries: list[Entry]) -> None:
        """Fill the list anew, unless it says this already."""
        if entries == self._entries:
            return
        self._entries = entries
        self.blockSignals(True)
        scroll = self.verticalScrollBar().value()
        self.clear()
        for entry in entries:
            self._add(entry)
        self.verticalScrollBar().setValue(scroll)
        self.blockSignals(False)
        self.updateGeometry()

    def _add(self, entry: Entry) -> None:
        item = QTreeWidgetItem(self, [entry.text])
        item.setData(0, KEY, entry.key)
        item.setData(0, NOTE, entry.note)
        item.setData(0, REASON, entry.reason)
        item.setToolTip(0, plain(entry.tip))
        item.setData(0, Qt.ItemDataRole.AccessibleDescriptionRole, f"{entry.note} {entry.reason}".strip())
        if entry.heading:
            font = item.font(0)
            font.setBold(True)
            item.setFont(0, font)
        else:
            self._show_tick(item, entry)
        if not entry.enabled:
            item.setFlags(item.flags() & ~(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable))

    def _show_tick(self, item: QTreeWidgetItem, entry: Entry) -> None:
        ticked = entry.enabled and self._wanted(entry)
        item.setCheckState(0, Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)

    def _items(self) -> list[QTreeWidgetItem]:
        found = (self.topLevelItem(i) for i in range(self.topLevelItemCount()))
        return [item for item in found if item]

    def set_ticked(self, key: str, ticked: bool) -> None:
        """Tick or untick by key, as a click would."""
        for item in self._items():
            if item.data(0, KEY) == key:
                item.setCheckState(0, Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)

    def set_toggled(self, keys: Iterable[str]) -> None:
        """Tick everything as by default, save for these; ``changed`` is not emitted."""
        self.toggled = set(keys)
        self.blockSignals(True)
        for item, entry in zip(self._items(), self._entries, strict=True):
            if not entry.heading:
                self._show_tick(item, entry)
        self.blockSignals(False)

    def _on_changed(self, item: QTreeWidgetItem) -> None:
        self._note({item.data(0, KEY)}, item.checkState(0) is Qt.CheckState.Checked)
        self.changed.emit()

    def set_filter(self, text: str) -> None:
        """Show only the lines that answer what is typed, and go to the first."""
        for item, entry in zip(self._items(), self._entries, strict=True):
            words = f"{entry.text} {entry.note} {entry.tip}"
            item.setHidden(bool(text.strip()) and score(text, words) is None)
        if text.strip():
            for item in [item for item in self._items() if not item.isHidden()][:1]:
                self.setCurrentItem(item)

    def step(self, by: int) -> None:
        """Go to another of the lines shown, up or down."""
        shown = [item for item in self._items() if not item.isHidden()]
        now = next((i for i, item in enumerate(shown) if item is self.currentItem()), -1)
        if shown:
            self.setCurrentItem(shown[max(0, min(len(shown) - 1, now + by))])

    def enter(self) -> None:
        """Tick or untick the line that is gone to."""
        item = self.currentItem()
        if item and item.flags() & Qt.ItemFlag.ItemIsUserCheckable and not item.isHidden():
            unticked = item.checkState(0) is not Qt.CheckState.Checked
            item.setCheckState(0, Qt.CheckState.Checked if unticked else Qt.CheckState.Unchecked)

    def enter_all(self) -> None:
        """Tick all lines shown, or untick them where all are ticked."""
        shown = [item for item in self._items() if not item.isHidden()]
        own = [item for item in shown if item.flags() & Qt.ItemFlag.ItemIsUserCheckable]
        every = all(item.checkState(0) is Qt.CheckState.Checked for item in own)
        for item in own:
            item.setCheckState(0, Qt.CheckState.Unchecked if every else Qt.CheckState.Checked)

    def sizeHint(self) -> QSize:
        """A size as tall as the lines, as far as they are few, and wide enough for a name and its note."""
        metrics = self.fontMetrics()
        heights = [self.sizeHintForIndex(self.indexFromItem(item)).height() for item in self._items()]
        texts = [metrics.horizontalAdvance(f"{e.text}  {e.note}") for e in self._entries]
        widest = max([*texts, 24 * metrics.averageCharWidth()])
        return QSize(widest + 80, sum(heights[:MOST_LINES]) + 2 * self.frameWidth() + 8)

    def minimumSizeHint(self) -> QSize:
        """Three lines must show; the rest can scroll."""
        return QSize(160, 3 * (self.fontMetrics().height() + 6))
