"""The command palette: type a few letters of anything that can be done, Enter does it."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.gui.parts.actions import Action
from app.gui.parts.fuzzy import best
from app.gui.parts.note_delegate import Index

KEYS = Qt.ItemDataRole.UserRole
ACTION = Qt.ItemDataRole.UserRole + 1
LINES = 12


class Palette(QDialog):
    """A line and a list below it; closes when something was chosen, or when it loses the focus."""

    def __init__(self, actions: Iterable[Action], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("Command palette")
        self._actions = [action for action in actions if action.when()]
        self.line = QLineEdit(placeholderText="Type what you want: live, u8 dot4, dark, roofline…")
        self.line.setAccessibleName("Command to look for")
        self.list = QListWidget(accessibleName="Commands found")
        self.list.setItemDelegate(_KeysDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addWidget(self.line)
        layout.addWidget(self.list)
        self.line.textChanged.connect(self._search)
        self.line.installEventFilter(self)
        self.list.itemClicked.connect(self._choose)
        self._search("")

    def open_over(self, window: QWidget) -> None:
        """Show it at the top of ``window``, ready to type."""
        letter = self.fontMetrics().averageCharWidth()
        width = min(window.width() - 40, 84 * letter)
        row = self.list.sizeHintForRow(0) if self.list.count() else 20
        self.resize(width, self.line.sizeHint().height() + LINES * row + 24)
        at = window.mapToGlobal(window.rect().topLeft())
        self.move(at.x() + (window.width() - width) // 2, at.y() + 60)
        self.show()
        self.line.setFocus()

    def _search(self, typed: str) -> None:
        self.list.clear()
        for action in best(typed, self._actions, _words):
            item = QListWidgetItem(_words(action))
            item.setData(KEYS, action.keys.split(", ")[0])
            item.setData(ACTION, action)
            item.setToolTip(action.tip)
            self.list.addItem(item)
        if self.list.count():
            self.list.setCurrentRow(0)
        else:
            nothing = QListWidgetItem("Nothing is called that. Fewer letters find more.")
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(nothing)

    def _choose(self, item: QListWidgetItem | None) -> None:
        action = item.data(ACTION) if item else None
        if action is None:
            return
        self.close()
        action.slot()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up, down, Page Up and Page Down walk through the list while the line has the focus."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(self.list.currentItem())
                return True
            steps = {
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_Up: -1,
                Qt.Key.Key_PageDown: LINES,
                Qt.Key.Key_PageUp: -LINES,
            }
            if step := steps.get(Qt.Key(event.key())):
                row = self.list.currentRow() + step
                self.list.setCurrentRow(max(0, min(self.list.count() - 1, row)))
                return True
        return super().eventFilter(watched, event)


class _KeysDelegate(QStyledItemDelegate):
    """The text at the left, its keys muted at the right."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        keys = str(index.data(KEYS) or "")
        box = QRect(option.rect)
        wide = option.fontMetrics.horizontalAdvance(keys) + 12 if keys else 0
        super().paint(painter, option, index)
        if not keys:
            return
        chosen = option.state & QStyle.StateFlag.State_Selected
        role = QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.PlaceholderText
        painter.setPen(option.palette.color(role))
        box.setLeft(box.right() - wide)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), keys)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """A little air."""
        size = super().sizeHint(option, index)
        return QSize(size.width(), option.fontMetrics.height() + 8)


def _words(action: Action) -> str:
    """``View: Dark``: where it stands, and what it is called."""
    where = action.menu.replace("&", "").replace("/", ", ")
    text = action.text.replace("&", "")
    return f"{where}: {text}" if where else text
