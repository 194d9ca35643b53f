"""The variants of a workload to tick: a grid of techniques and types for each runtime."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget

from app.gui.kernels.grid_cells import Cells
from app.gui.parts.elided import ElidedLabel
from app.gui.parts.entry import Entry
from app.gui.parts.ticking import Ticking

FEW = 4
"""Lines of type that are seen of it at least."""


class VariantGrid(QWidget, Ticking):
    """``opened`` carries the key of a variant whose text is asked for: by double click, or with Enter.

    Its tables are made when somebody looks.
    """

    changed = Signal()
    opened = Signal(str)
    keys = "Enter ticks, Ctrl+Enter ticks all that is found"

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.toggled: set[str] = set()
        self._entries: list[Entry] = []
        self._drawn: list[Entry] | None = None
        self._typed = ""
        self.sections: dict[str, Section] = {}
        self._scroll = QScrollArea(widgetResizable=True, frameShape=QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.name, self.reason = ElidedLabel(), ElidedLabel()
        self.reason.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self.name)
        layout.addWidget(self.reason)

    def show_entries(self, entries: list[Entry]) -> None:
        """Offer these, group by group."""
        if entries != self._entries:
            self._entries = entries
            if self.isVisible():
                self.catch_up()

    def catch_up(self) -> None:
        """Draw what there is to tick."""
        if self._entries != self._drawn:
            self._drawn = list(self._entries)
            self._build()
        self._show_ticks()
        self._describe("")

    def _build(self) -> None:
        folded = {title: section.folded for title, section in self.sections.items()}
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(4)
        self.sections = {}
        for group, own in groupby(self._entries, key=lambda entry: entry.group):
            entries = list(own)
            section = Section(group, entries)
            section.cells.flipped.connect(self.tick)
            section.cells.pointed.connect(self._describe)
            section.cells.opened.connect(self._open)
            section.tick_asked.connect(self._tick_group)
            some = any(entry.enabled and (entry.default or self._wanted(entry)) for entry in entries)
            section.fold(folded.get(group, not some))
            self.sections[group] = section
            column.addWidget(section)
        column.addStretch(1)
        self._scroll.setWidget(inside)
        self._search()

    def _show_ticks(self) -> None:
        ticked = {entry.key: entry.enabled and self._wanted(entry) for entry in self._entries}
        for section in self.sections.values():
            section.show_ticks(ticked)

    def set_ticked(self, key: str, ticked: bool) -> None:
        """Tick or untick by key, as a click would."""
        self.tick([key], ticked)

    def tick(self, keys: Sequence[str], ticked: bool) -> None:
        """Tick or untick all of these, as far as they can be."""
        if self._note(keys, ticked):
            self._show_ticks()
            self.changed.emit()

    def _tick_group(self, keys: list[str], which: str) -> None:
        """All, none or the usual ones of a group; ``changed`` once."""
        usual = {entry.key for entry in self._entries if entry.default}
        wanted = {"All": set(keys), "None": set(), "Usual": usual}[which]
        changes = [self._note([key], key in wanted) for key in keys]
        if any(changes):
            self._show_ticks()
            self.changed.emit()

    def set_toggled(self, keys: Iterable[str]) -> None:
        """Tick everything as by default, save for these; ``changed`` is not emitted."""
        self.toggled = set(keys)
        self._show_ticks()

    def point_at(self, keys: Sequence[str]) -> None:
        """Select these, as far as there are such, and bring the first into view."""
        self.catch_up()
        for section in self.sections.values():
            own = [key for key in section.cells.keys if key in keys]
            section.cells.go_to(own)
            if own:
                section.fold(False)
                self._show(section, own[0])

    def _show(self, section: "Section", key: str) -> None:
        cells = section.cells
        inside = self._scroll.widget()
        if inside:
            corner = cells.mapTo(
                inside, cells.box(key).center() + QPoint(0, cells.horizontalHeader().height())
            )
            self._scroll.ensureVisible(corner.x(), corner.y())

    def selected(self) -> list[str]:
        """Keys of what is selected."""
        return [key for section in self.sections.values() for key in section.cells.picked()]

    def _describe(self, key: str) -> None:
        """Say of a cell what it is, and why no target or not every one runs it."""
        entry = self.entry(key)
        if entry is None:
            self.name.set_whole("Space or a click ticks, a heading its row or column, Enter shows the text.")
            self.reason.set_whole("–: no ticked target runs it; a dot: not every one does")
            return
        self.name.set_whole(f"{entry.text}: {entry.note}")
        self.reason.set_whole(entry.reason or ("" if entry.enabled else entry.tip.splitlines()[-1]))

    def _open(self, key: str) -> None:
        self.window().close() if self.window().windowType() is Qt.WindowType.Popup else None
        self.opened.emit(key)

    def set_filter(self, text: str) -> None:
        """Let only what answers the words typed stand out."""
        self._typed = text
        self._search()
        self.step(0)

    def _found(self) -> list[str]:
        words = self._typed.lower().split()
        return [e.key for e in self._entries if all(w in f"{e.text} {e.group}".lower() for w in words)]

    def _search(self) -> None:
        found = self._found()
        for section in self.sections.values():
            section.search(found, searching=bool(self._typed.strip()))

    def step(self, by: int) -> None:
        """Go to another of the cells found."""
        shown = [s for s in self.sections.values() if s.isVisibleTo(self) and not s.folded]
        every = [(section, key) for section in shown for key in section.cells.keys if key in self._found()]
        if not every:
            return
        now = next((i for i, (s, key) in enumerate(every) if key in s.cells.picked()), 0 if by == 0 else -by)
        section, key = every[max(0, min(len(every) - 1, now + by))]
        for other in shown:
            other.cells.go_to([key] if other is section else [])
        self._show(section, key)

    def enter(self) -> None:
        """Turn the cell that is gone to."""
        for section in self.sections.values():
            if section.cells.picked():
                section.cells.flip_selected()
                return

    def enter_all(self) -> None:
        """Tick all that answers what is typed, or untick it where all is ticked; folded groups as well."""
        found, ticked = set(self._found()), set(self.ticked())
        able = [entry.key for entry in self._entries if entry.enabled and entry.key in found]
        self.tick(able, not ticked.issuperset(able))

    def sizeHint(self) -> QSize:
        """All that is not folded."""
        lines = 2 * self.fontMetrics().height() + 12
        inside = self._scroll.widget()
        wanted = inside.sizeHint() if inside else QSize(320, 120)
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        return wanted + QSize(bar + 4, lines)

    def minimumSizeHint(self) -> QSize:
        """A few lines; the rest scrolls."""
        return QSize(200, (FEW + 2) * self.fontMetrics().height())


class Section(QWidget):
    """A group: its title folds it, beside how many are ticked and ways to tick many; ``tick_asked`` carries
    the keys that can be ticked and one of ``WAYS``.
    """

    tick_asked = Signal(list, str)
    WAYS = ("Usual", "All", "None")

    def __init__(self, title: str, entries: Sequence[Entry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.folded = False
        self._entries = {entry.key: entry for entry in entries}
        self._shown = list(self._entries)
        self.cells = Cells(f"Variants: {title}", entries)
        self.title = QToolButton(text=title, autoRaise=True)
        self.title.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.title.setToolTip("Fold or unfold this group")
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.title.clicked.connect(lambda: self.fold(not self.folded))
        self.count = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.count.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self.title)
        head.addWidget(self.count)
        head.addStretch(1)
        usable = any(entry.enabled for entry in entries)
        for way in self.WAYS if usable else ():
            button = QToolButton(text=way, autoRaise=True, accessibleName=f"{title}: tick {way.lower()}")
            button.setToolTip(f"Tick {way.lower()} of this group")
            button.clicked.connect(lambda _=False, way=way: self.tick_asked.emit(self._shown, way))
            head.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(head)
        layout.addWidget(self.cells, 0, Qt.AlignmentFlag.AlignLeading)

    def fold(self, folded: bool) -> None:
        """Show the title alone, or all."""
        self.folded = folded
        arrow = Qt.ArrowType.RightArrow if folded else Qt.ArrowType.DownArrow
        self.title.setArrowType(arrow)
        self.cells.setVisible(not folded)

    def show_ticks(self, ticked: dict[str, bool]) -> None:
        """Tick what is ticked, and count it."""
        self.cells.show_ticks(ticked)
        self.count.setText(f"{sum(ticked[key] for key in self._entries)} of {len(self._entries)}")

    def search(self, keys: Iterable[str], searching: bool) -> None:
        """Show what is among ``keys``; nothing of the group where none is."""
        self._shown = [key for key in keys if key in self._entries]
        self.setVisible(self.cells.show_found(self._shown))
        if searching and self._shown:
            self.fold(False)
