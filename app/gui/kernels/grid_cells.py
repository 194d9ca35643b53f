"""The cells of a grid of variants: a box to tick where a type and a technique cross in a kernel."""

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHeaderView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from app.gui.parts.entry import Entry
from app.gui.parts.note_delegate import Index
from app.gui.parts.plain import plain
from app.gui.parts.theme import current

KEY = Qt.ItemDataRole.UserRole
ABLE = Qt.ItemDataRole.UserRole + 1
"""Whether some ticked target runs it."""
PARTLY = Qt.ItemDataRole.UserRole + 2
"""Whether some ticked target does not."""
FOUND = Qt.ItemDataRole.UserRole + 3
"""Whether it answers what was searched for."""

PLAIN = "plain"
"""What the row of kernels without a technique is called."""


class Cells(QTableWidget):
    """Techniques below each other, types side by side.

    ``flipped`` carries keys and whether they are to be ticked; ``pointed`` the key of the cell that the
    keyboard or the mouse is at, ``opened`` that of one whose text is asked for.
    """

    flipped = Signal(list, bool)
    pointed = Signal(str)
    opened = Signal(str)

    def __init__(self, name: str, entries: Sequence[Entry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._rows = list(dict.fromkeys(entry.row for entry in entries))
        self._columns = list(dict.fromkeys(entry.column for entry in entries))
        self._places = {e.key: (self._rows.index(e.row), self._columns.index(e.column)) for e in entries}
        self._cells: dict[str, QTableWidgetItem] = {}
        self.setRowCount(len(self._rows))
        self.setColumnCount(len(self._columns))
        self.setVerticalHeaderLabels([row or PLAIN for row in self._rows])
        self.setHorizontalHeaderLabels(self._columns)
        self.setItemDelegate(_Box(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        for scroll in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            scroll(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for header, what in ((self.verticalHeader(), "technique"), (self.horizontalHeader(), "type")):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setSectionsClickable(True)
            header.setHighlightSections(True)
            header.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            header.setToolTip(f"Tick or untick all of this {what}")
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setCornerButtonEnabled(False)
        self._fill(entries)
        self._fit()
        self.cellClicked.connect(self._on_clicked)
        self.cellEntered.connect(self._on_entered)
        self.itemActivated.connect(lambda item: self.opened.emit(item.data(KEY)))
        self.currentItemChanged.connect(self._on_current)
        self.verticalHeader().sectionClicked.connect(lambda row: self._flip(self._line(row, None)))
        self.horizontalHeader().sectionClicked.connect(lambda column: self._flip(self._line(None, column)))

    def _fill(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            item = QTableWidgetItem()
            item.setData(KEY, entry.key)
            item.setData(ABLE, entry.enabled)
            item.setData(PARTLY, entry.enabled and bool(entry.reason))
            item.setData(FOUND, True)
            item.setCheckState(Qt.CheckState.Unchecked)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, entry.text)
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, f"{entry.note} {entry.reason}".strip())
            item.setToolTip(plain(f"{entry.text}\n{entry.tip}"))
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            self.setItem(*self._places[entry.key], item)
            self._cells[entry.key] = item
        for row in range(self.rowCount()):
            for column in range(self.columnCount()):
                if self.item(row, column) is None:
                    nothing = QTableWidgetItem()
                    nothing.setFlags(Qt.ItemFlag.NoItemFlags)
                    self.setItem(row, column, nothing)

    def _fit(self) -> None:
        """As wide and high as what stands in it."""
        metrics, high = self.fontMetrics(), self.fontMetrics().height() + 6
        self.verticalHeader().setDefaultSectionSize(high)
        names = [metrics.horizontalAdvance(row or PLAIN) for row in self._rows]
        self._head = max(names) + 20
        self.verticalHeader().setFixedWidth(self._head)
        for column, name in enumerate(self._columns):
            self.setColumnWidth(column, max(metrics.horizontalAdvance(name) + 16, 3 * high))

    def sizeHint(self) -> QSize:
        """As large as its cells and their headings."""
        wide = self._head + self.horizontalHeader().length()
        return QSize(
            wide + 2, self.horizontalHeader().sizeHint().height() + self.verticalHeader().length() + 2
        )

    def minimumSizeHint(self) -> QSize:
        """As the hint: what is around it scrolls."""
        return self.sizeHint()

    def show_ticks(self, ticked: Mapping[str, bool]) -> None:
        """Tick what ``ticked`` says of each key."""
        for key, item in self._cells.items():
            state = Qt.CheckState.Checked if ticked.get(key) else Qt.CheckState.Unchecked
            if item.checkState() is not state:
                item.setCheckState(state)

    def show_found(self, keys: Iterable[str]) -> bool:
        """Leave out rows and columns without one of ``keys``; other cells step back. Whether there is one."""
        found = set(keys) & self._places.keys()
        for key, item in self._cells.items():
            item.setData(FOUND, key in found)
        rows, columns = {self._places[key][0] for key in found}, {self._places[key][1] for key in found}
        for row in range(self.rowCount()):
            self.setRowHidden(row, row not in rows)
        for column in range(self.columnCount()):
            self.setColumnHidden(column, column not in columns)
        self.updateGeometry()
        return bool(found)

    def go_to(self, keys: Sequence[str]) -> None:
        """Select these cells, the first as the one that is gone to."""
        self.clearSelection()
        there = [self._cells[key] for key in keys if key in self._cells]
        for item in there[:1]:
            self.setCurrentItem(item)
        for item in there:
            item.setSelected(True)

    def picked(self) -> list[str]:
        """The keys of what is selected."""
        return [item.data(KEY) for item in self.selectedItems() if item.data(KEY)]

    @property
    def keys(self) -> list[str]:
        """The keys of all cells, row by row."""
        return sorted(self._places, key=lambda key: self._places[key])

    def box(self, key: str) -> QRect:
        """Where the cell with that key stands."""
        return self.visualItemRect(self._cells[key])

    def _line(self, row: int | None, column: int | None) -> list[str]:
        return [
            key
            for key, (r, c) in self._places.items()
            if (row is None or r == row) and (column is None or c == column) and self._open_to(key)
        ]

    def _open_to(self, key: str) -> bool:
        item = self._cells[key]
        return bool(item.data(ABLE) and item.data(FOUND))

    def _flip(self, keys: list[str]) -> None:
        """Tick them all, or untick them where all are ticked."""
        keys = [key for key in keys if self._open_to(key)]
        states = [self._cells[key].checkState() for key in keys]
        if keys:
            self.flipped.emit(keys, any(state is not Qt.CheckState.Checked for state in states))

    def flip_selected(self) -> None:
        """Turn what is selected; else the cell that is gone to."""
        items = self.selectedItems() or [self.currentItem()]
        self._flip([item.data(KEY) for item in items if item and item.data(KEY)])

    def _on_clicked(self, row: int, column: int) -> None:
        item = self.item(row, column)
        if item and item.data(KEY) and not QApplication.keyboardModifiers() & _MORE:
            self._flip([item.data(KEY)])

    def _on_entered(self, row: int, column: int) -> None:
        self._on_current(self.item(row, column))

    def _on_current(self, item: QTableWidgetItem | None) -> None:
        if item and item.data(KEY):
            self.pointed.emit(item.data(KEY))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space turns what is selected."""
        if event.key() == Qt.Key.Key_Space:
            self.flip_selected()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of type."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange and hasattr(self, "_places"):
            self._fit()


_MORE = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class _Box(QStyledItemDelegate):
    """A box in the middle of a cell; a dash where nothing runs it, and a dot where not every target does."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours = current()
        cell = QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            ground = QColor(colours.accent)
            ground.setAlpha(60)
            painter.fillRect(cell, ground)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(colours.accent), 1.5))
            painter.drawRect(cell.adjusted(1, 1, -2, -2))
        if index.data(KEY):
            painter.setOpacity(1.0 if index.data(FOUND) else 0.25)
            self._paint_box(painter, option, index, cell)
        painter.restore()

    def _paint_box(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, cell: QRect) -> None:
        colours, middle = current(), cell.center()
        if not index.data(ABLE):
            painter.setPen(QPen(QColor(colours.muted), 1.5))
            painter.drawLine(middle - QPoint(4, 0), middle + QPoint(4, 0))
            return
        side = min(cell.height() - 6, option.fontMetrics.height())
        box = QRect(middle.x() - side // 2, middle.y() - side // 2, side, side)
        ticked = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) is Qt.CheckState.Checked
        painter.setPen(QPen(QColor(colours.accent if ticked else colours.muted), 1))
        painter.setBrush(QColor(colours.accent if ticked else colours.base))
        painter.drawRoundedRect(box, 3, 3)
        if ticked:
            painter.setPen(QPen(QColor(colours.selected), max(1.5, side / 8)))
            corner = box.topLeft() + QPoint(side * 5 // 12, side * 3 // 4)
            painter.drawLine(box.topLeft() + QPoint(side // 5, side // 2), corner)
            painter.drawLine(corner, box.topLeft() + QPoint(side * 5 // 6, side // 4))
        if index.data(PARTLY):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.warn))
            painter.drawEllipse(QPoint(box.right() + 8, middle.y()), 2, 2)
