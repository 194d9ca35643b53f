"""One line for what the user should know now, over the lower edge; never a traceback, never a dialog."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from app.gui.parts.actions import always
from app.gui.parts.flow import Flow
from app.gui.parts.icons import icon
from app.gui.parts.theme import current

INFO_MS = 8000
EDGE = 8
"""Pixels between it and the edges of what it lies over."""

ASKING = 0.73
"""The part of the width that a message with buttons takes: it stays, and the inspector is beside it."""

Holds = Callable[[], bool]
"""Whether what a message says is still true."""

Ways = Mapping[str, Callable[[], object]]
"""What leads on from a message, by the words of its buttons."""

NO_WAYS: Ways = {}


class MessageBar(QFrame):
    """Hidden until there is something to say; warnings and errors stay while they hold, until closed or
    replaced.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.level = ""
        self._holds: Holds = always
        self._icon = QLabel()
        self._text = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._close = QToolButton(
            autoRaise=True, toolTip="Close this message", accessibleName="Close message"
        )
        self._close.clicked.connect(self.hide)
        self._close.setIconSize(QSize(12, 12))
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        line = QHBoxLayout()
        line.addWidget(self._icon)
        line.addWidget(self._text, 1)
        line.addWidget(self._close)
        self._ways = QWidget()
        self._flow = Flow(self._ways)
        self._flow.setContentsMargins(0, 0, 0, 0)
        self.buttons: dict[str, QPushButton] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(8, 4, 4, 4)
        self._layout.addLayout(line)
        self._layout.addWidget(self._ways)
        self._timer = QTimer(self, singleShot=True, interval=INFO_MS)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def lie_over(self, host: QWidget) -> None:
        """Stand at the lower edge of ``host``, over what is there: nothing moves when something is said."""
        self.setParent(host)
        host.installEventFilter(self)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the room that it lies over."""
        if event.type() is QEvent.Type.Resize:
            self._place()
        return False

    def _place(self) -> None:
        if isinstance(host := self.parent(), QWidget):
            wide = host.width() - 2 * EDGE
            if self.buttons:
                wide = min(wide, round(ASKING * host.width()))
            for layout in (self._flow, self._layout):
                layout.invalidate()
            high = self._layout.totalHeightForWidth(wide)
            self.setGeometry(EDGE, host.height() - high - EDGE, wide, high)
            self.raise_()

    def say(self, level: str, text: str, holds: Holds = always, ways: Ways = NO_WAYS) -> None:
        """Show a line of level info, warning or error; an empty text hides what was said.

        ``holds`` is asked by ``review`` from then on. What leads on in several ``ways`` stays until it is
        closed or replaced.
        """
        if not text:
            self.hide()
            return
        self.level, self._holds = level, holds
        self._text.setText(text)
        self.setAccessibleName(f"{level}: {text}")
        self._offer(ways)
        self._dress()
        self._place()
        self.show()
        self._timer.start() if level == "info" and not ways else self._timer.stop()

    def _offer(self, ways: Ways) -> None:
        while (item := self._flow.takeAt(0)) and (old := item.widget()):
            old.hide()
            old.deleteLater()
        self.buttons = {}
        for words, slot in ways.items():
            self.buttons[words] = button = QPushButton(words)
            button.setMinimumWidth(button.fontMetrics().horizontalAdvance(words) + 16)
            button.clicked.connect(slot)
            self._flow.add(button)
            button.show()  # what is hidden takes no room
        self._ways.setVisible(bool(ways))

    def review(self) -> None:
        """Hide what is no longer true."""
        if self.isVisible() and not self._holds():
            self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def _dress(self) -> None:
        colours = current()
        inks = {"warning": colours.warn, "error": colours.bad}
        name = self.level if self.level in ("info", "warning", "error") else "info"
        self._icon.setPixmap(icon(name, inks.get(self.level, colours.accent)).pixmap(16, 16))
        self._close.setIcon(icon("close", colours.muted))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self.level:
            self._dress()
