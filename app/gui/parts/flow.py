"""A layout of widgets one after the other that goes on in the next line where a line is full."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QStyle, QWidget, QWidgetItem

SPACING = 4


class Flow(QLayout):
    """Large type in a narrow window clips nothing. What is added after ``push`` ends its line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._pushed: int | None = None
        self.setSpacing(SPACING)

    def addItem(self, item: QLayoutItem) -> None:
        """Take one more."""
        self._items.append(item)

    def add(self, widget: QWidget) -> None:
        """Put a widget after the others."""
        self.addChildWidget(widget)
        self._items.append(QWidgetItem(widget))

    def push(self) -> None:
        """Let what comes from here on stand at the end of its line."""
        self._pushed = len(self._items)

    def count(self) -> int:
        """How many there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """One of them; None beyond the last."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Give one up."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """No direction: it takes the height that its lines need."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Narrower is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of all lines."""
        return self._place(QRect(0, 0, width, 0), dry=True)

    def setGeometry(self, rect: QRect) -> None:
        """Put everything in its place."""
        super().setGeometry(rect)
        self._place(rect, dry=False)

    def sizeHint(self) -> QSize:
        """All in one line."""
        hints = [item.sizeHint() for item in self._shown()]
        margins = self.contentsMargins()
        width = sum(hint.width() for hint in hints) + self.spacing() * max(0, len(hints) - 1)
        height = max((hint.height() for hint in hints), default=0)
        around = QSize(margins.left() + margins.right(), margins.top() + margins.bottom())
        return QSize(width, height) + around

    def minimumSize(self) -> QSize:
        """Wide enough for the widest of them."""
        size = QSize()
        for item in self._shown():
            size = size.expandedTo(item.minimumSize())
        margins = self.contentsMargins()
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = [[]]
        used = 0
        for item in self._shown():
            wide = min(width, item.sizeHint().width())
            if lines[-1] and used + wide > width:
                lines.append([])
                used = 0
            lines[-1].append(item)
            used += wide + self.spacing()
        return lines

    def _place(self, whole: QRect, dry: bool) -> int:
        """Lay out from the top of ``whole``; the height that this takes."""
        rect = whole.marginsRemoved(self.contentsMargins())
        parent = self.parentWidget()
        direction = parent.layoutDirection() if parent else Qt.LayoutDirection.LeftToRight
        pushed = self._items[self._pushed :] if self._pushed is not None else []
        y = rect.y()
        for line in self._lines(rect.width()):
            sizes = [item.sizeHint().boundedTo(QSize(rect.width(), 1 << 14)) for item in line]
            high = max((size.height() for size in sizes), default=0)
            left = rect.width() - sum(s.width() for s in sizes) - self.spacing() * max(0, len(line) - 1)
            x = rect.x()
            for item, size in zip(line, sizes, strict=True):
                if item in pushed and left > 0:
                    x, left = x + left, 0
                box = QRect(QPoint(x, y + (high - size.height()) // 2), size)
                if not dry:
                    item.setGeometry(QStyle.visualRect(direction, rect, box))
                x += size.width() + self.spacing()
            y += high + self.spacing()
        return y - self.spacing() - rect.y() + self.contentsMargins().top() + self.contentsMargins().bottom()
