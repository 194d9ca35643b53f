"""A list to choose one of, each line with what it means below it; a line to search by stands above it."""

from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSizePolicy, QVBoxLayout, QWidget

from app.gui.parts.fuzzy import score
from app.gui.parts.note_delegate import ABOUT, NOTE, NoteDelegate
from app.gui.parts.plain import plain

DATA = Qt.ItemDataRole.UserRole
MOST = 14
"""Lines that show without scrolling."""

LETTERS = (30, 84)
"""The least and the most that a list is wide."""


class PickList(QWidget):
    """One of its lines is chosen; ``activated`` carries its number when the user chose it.

    Its methods have the names that a QComboBox gives them. Words on the way to a choice choose nothing.
    """

    activated = Signal(int)
    keys = "Enter chooses"

    def __init__(self, name: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self._chosen = -1
        self.list = _Lines(accessibleName=name)
        self.list.setItemDelegate(NoteDelegate(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        self.list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.list.itemClicked.connect(self._choose)
        self.list.itemActivated.connect(self._choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.list)
        self.setFocusProxy(self.list)

    def addItem(self, text: str, data: object, note: str = "", below: str = "") -> None:
        """Append a line; ``note`` stands beside its text, ``below`` under it."""
        item = QListWidgetItem(text, self.list)
        item.setData(DATA, data)
        item.setData(NOTE, note)
        item.setData(ABOUT, below)
        item.setToolTip(plain("\n".join(filter(None, (text, note, below)))))
        if self._chosen < 0:
            self.setCurrentIndex(0)

    def clear(self) -> None:
        """Offer nothing."""
        self.list.clear()
        self._chosen = -1

    def count(self) -> int:
        """How many lines there are."""
        return self.list.count()

    def itemData(self, index: int) -> Any:
        """What a line stands for."""
        item = self.list.item(index)
        return item.data(DATA) if item else None

    def itemText(self, index: int) -> str:
        """What a line says."""
        item = self.list.item(index)
        return item.text() if item else ""

    def findData(self, data: object) -> int:
        """The line that stands for ``data``; -1 where there is none."""
        return next((i for i in range(self.count()) if self.itemData(i) == data), -1)

    def currentIndex(self) -> int:
        """The chosen line; -1 where none is."""
        return self._chosen

    def currentData(self) -> Any:
        """What the chosen line stands for."""
        return self.itemData(self._chosen)

    def currentText(self) -> str:
        """What the chosen line says."""
        return self.itemText(self._chosen)

    def setCurrentIndex(self, index: int) -> None:
        """Choose a line without a word to anybody."""
        self._chosen = index if 0 <= index < self.count() else -1
        self._mark()
        self.list.setCurrentRow(self._chosen)

    def _mark(self) -> None:
        for i in range(self.count()):
            item = self.list.item(i)
            font = item.font()
            if font.bold() != (i == self._chosen):
                font.setBold(i == self._chosen)
                item.setFont(font)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is None or item.isHidden():
            return
        self.setCurrentIndex(self.list.row(item))
        self.activated.emit(self._chosen)
        self.window().close() if self.window().windowType() is Qt.WindowType.Popup else None

    def set_filter(self, text: str) -> None:
        """Show only the lines that answer what is typed, and go to the one that does best."""
        scores: dict[int, float] = {}
        for i in range(self.count()):
            item = self.list.item(i)
            words = " ".join(str(part or "") for part in (item.text(), item.data(NOTE), item.data(ABOUT)))
            found = score(text, words) if text.strip() else 0.0
            item.setHidden(found is None)
            if found is not None:
                scores[i] = found
        current = self.list.currentItem()
        if text.strip() and scores:
            self.list.setCurrentRow(max(scores, key=lambda i: scores[i]))
        elif current is None or not text.strip():
            self.list.setCurrentRow(self._chosen)

    def step(self, by: int) -> None:
        """Go to another of the lines shown, up or down."""
        shown = [i for i in range(self.count()) if not self.list.item(i).isHidden()]
        if shown:
            now = shown.index(self.list.currentRow()) if self.list.currentRow() in shown else -1
            self.list.setCurrentRow(shown[max(0, min(len(shown) - 1, now + by))])

    def enter(self) -> None:
        """Choose the line that is gone to."""
        self._choose(self.list.currentItem())

    def enter_all(self) -> None:
        """One is all that can be chosen."""
        self.enter()


class _Lines(QListWidget):
    """Asks for all of its lines, as far as they are few and short."""

    def sizeHint(self) -> QSize:
        """As wide as the longest line, as high as all."""
        metrics = self.fontMetrics()
        shown = [self.item(i) for i in range(self.count())]
        texts = [f"{item.text()}  {item.data(NOTE) or ''}" for item in shown]
        texts += [str(item.data(ABOUT) or "") for item in shown]
        wide = max((metrics.horizontalAdvance(text) for text in texts), default=0) + 48
        least, most = (letters * metrics.averageCharWidth() for letters in LETTERS)
        heights = [self.sizeHintForRow(i) for i in range(min(self.count(), MOST))]
        return QSize(max(least, min(most, wide)), sum(heights) + 8)
