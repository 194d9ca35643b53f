"""A chip of a sentence, and the pop-over that it opens: a line to search by, and what can be chosen."""

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.gui.parts.in_front import CatchesUp
from app.gui.parts.theme import current

EDGE = 8
"""Pixels that a pop-over keeps from the edges of the screen, and has around its contents."""

AROUND = QSize(20, 10)
"""Pixels around the text of a chip, both sides together."""

LEAST = QSize(260, 40)
LOWEST = 240
"""Pixels of height that a pop-over may take in any case."""

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


@runtime_checkable
class Searched(Protocol):
    """Contents that show only what answers the words typed, and that keys walk while these are typed.

    ``keys`` says what Enter does.
    """

    keys: str

    def set_filter(self, text: str) -> None: ...
    def step(self, by: int) -> None: ...
    def enter(self) -> None: ...
    def enter_all(self) -> None: ...


class PopOver(QDialog):
    """Keeps its contents between openings; Esc or a click elsewhere closes it.

    Keys of the window that write nothing, such as F5 or one that opens another, close it and do their own.
    """

    closed = Signal()

    def __init__(self, name: str, contents: QWidget, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAccessibleName(name)
        self.contents = contents
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)
        self.line: QLineEdit | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(EDGE, EDGE, EDGE, EDGE)
        if isinstance(contents, Searched):
            self.line = QLineEdit(clearButtonEnabled=True)
            self.line.setPlaceholderText(f"Type to search; {contents.keys}")
            self.line.setAccessibleName(f"{name}: search")
            self.line.textChanged.connect(contents.set_filter)
            self.line.installEventFilter(self)
            layout.addWidget(self.line)
        layout.addWidget(contents, 1)

    def open_below(self, chip: QWidget, window: QWidget) -> None:
        """Show it under ``chip``, as large as its contents want to be and the screen allows."""
        if isinstance(self.contents, CatchesUp):
            self.contents.catch_up()
        screen = chip.screen().availableGeometry().adjusted(EDGE, EDGE, -EDGE, -EDGE)
        corner = chip.mapToGlobal(QPoint(0, chip.height() + 2))
        wanted = self.sizeHint().expandedTo(LEAST)
        room = QSize(max(LEAST.width(), min(window.width() - 2 * EDGE, screen.width())), 0)
        bottom = max(window.mapToGlobal(QPoint(0, window.height())).y() - EDGE, corner.y() + LOWEST)
        room.setHeight(max(LOWEST, min(bottom, screen.bottom()) - corner.y()))
        box = QRect(corner, wanted.boundedTo(room))
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            box.moveRight(chip.mapToGlobal(QPoint(chip.width(), 0)).x())
        box.moveLeft(max(screen.left(), min(box.left(), screen.right() - box.width())))
        box.moveTop(max(screen.top(), min(box.top(), screen.bottom() - box.height())))
        self.setGeometry(box)
        if self.line:
            self.line.clear()
        self.show()
        (self.line or self.contents).setFocus(Qt.FocusReason.PopupFocusReason)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press elsewhere closes it, and is still that of a button of the window where it is on one.

        Most window systems would keep it.
        """
        super().mousePressEvent(event)
        at, chip = event.globalPosition(), self.parentWidget()
        below = QApplication.widgetAt(at.toPoint())
        if self.isVisible() or not isinstance(below, QAbstractButton) or chip in (None, below):
            return
        if chip and below.window() is chip.window():
            place = below.mapFromGlobal(at)
            left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
            for kind, held in ((QEvent.Type.MouseButtonPress, left), (QEvent.Type.MouseButtonRelease, none)):
                QApplication.sendEvent(below, QMouseEvent(kind, place, at, left, held, event.modifiers()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While the line has the focus, up, down and Enter are for what stands below it."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            contents = self.contents
            assert isinstance(contents, Searched)
            if self._enter(event) or self._hand_on(event):
                return True
            if event.key() in ENTER:
                contents.enter()
                return True
            if by := STEPS.get(Qt.Key(event.key())):
                contents.step(by)
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes it; Enter is for what has the focus, not for a button."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif not self._enter(event):
            self._hand_on(event)

    def _enter(self, event: QKeyEvent) -> bool:
        """Ctrl+Enter is for all that is found, wherever the focus is."""
        wanted = event.key() in ENTER and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if wanted and isinstance(self.contents, Searched):
            self.contents.enter_all()
        return wanted

    def _hand_on(self, event: QKeyEvent) -> bool:
        """Do what the window does at that key: a pop-over keeps keys from it."""
        writes = not event.modifiers() & Qt.KeyboardModifier.AltModifier
        if writes and not Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35:
            return False
        pressed, chip = QKeySequence(event.keyCombination()), self.parentWidget()
        known = chip.window().findChildren(QAction) if chip else []
        for action in known:
            if action.isEnabled() and pressed in action.shortcuts():
                self.close()
                action.trigger()
                return True
        return False

    def done(self, result: int) -> None:
        """Say that it is closed, however that came."""
        super().done(result)
        self.closed.emit()


class Chip(QToolButton):
    """A word of a sentence that can be changed: opens a pop-over by click, Space, Enter or Down."""

    def __init__(self, name: str, tip: str, contents: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = name
        self._wrong = False
        self.setToolTip(tip)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.pop_over = PopOver(name, contents, self)
        self.clicked.connect(self.open)
        self.pop_over.closed.connect(lambda: self.setFocus(Qt.FocusReason.PopupFocusReason))
        self.say("")

    def say(self, words: str, wrong: bool = False) -> None:
        """Show these words; what is ``wrong`` stands out."""
        self.setText(words)
        self.setAccessibleName(f"{self._name}: {words}" if words else self._name)
        self._wrong = wrong
        self.updateGeometry()
        self.update()

    def open(self) -> None:
        """Let the user choose."""
        self.pop_over.open_below(self, self.window())

    def sizeHint(self) -> QSize:
        """Room for the words and the arrow behind them."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text()) + metrics.height(), metrics.height()) + AROUND

    def minimumSizeHint(self) -> QSize:
        """As the hint: a word that is cut says nothing."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down and Enter open it as Space does."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A rounded box, the words, and an arrow that says that there is more to choose."""
        colours = current()
        near = self.isEnabled() and (self.underMouse() or self.pop_over.isVisible())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = colours.bad if self._wrong else colours.accent if self.hasFocus() or near else colours.border
        painter.setPen(QPen(QColor(edge), 1.5 if self.hasFocus() or self._wrong else 1))
        painter.setBrush(QColor(colours.base if self.isEnabled() else colours.window))
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(box, 5, 5)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        wide = self.fontMetrics().height()
        words = QRectF(box.adjusted(wide if mirrored else 8, 0, -8 if mirrored else -wide, 0))
        painter.setPen(QColor(colours.text if self.isEnabled() else colours.muted))
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # the words are English
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.text())
        if self.isEnabled():
            middle = QPoint(wide // 2 if mirrored else self.width() - wide // 2 - 2, self.height() // 2)
            side = max(3, wide // 5)
            painter.setPen(QPen(QColor(colours.muted), 1.5))
            below = middle + QPoint(0, side // 2)
            painter.drawLine(below, below + QPoint(-side, -side))
            painter.drawLine(below, below + QPoint(side, -side))
        painter.end()
