"""The title of a dock: a name to drag it by, and buttons that float and close it."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QToolButton, QWidget

from app.gui.parts.icons import icon
from app.gui.parts.theme import current


class DockTitle(QWidget):
    """Takes no room while ``set_folded``: where a tab says the title already."""

    def __init__(self, dock: QDockWidget) -> None:
        super().__init__(dock)
        self._dock = dock
        self._folded = False
        self._name = QLabel(dock.windowTitle())
        self._float = self._button("float", "Float", self.turn)
        self._close = self._button("close", "Close", dock.close)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 2, 2, 2)
        layout.setSpacing(0)
        layout.addWidget(self._name, 1)
        layout.addWidget(self._float)
        layout.addWidget(self._close)
        self._dress()

    def _button(self, name: str, verb: str, slot: object) -> QToolButton:
        title = self._dock.windowTitle()
        button = QToolButton(autoRaise=True, accessibleName=f"{verb} {title}", objectName=name)
        button.setIconSize(QSize(12, 12))
        button.setToolTip(
            "Close this panel; the menu Panels brings it back"
            if name == "close"
            else "Make this panel a window of its own, or put it back; drag the title to move it"
        )
        button.clicked.connect(slot)
        return button

    def turn(self) -> None:
        """Make the dock a window of its own, or put it back, in front of those that share its place."""
        self._dock.setFloating(not self._dock.isFloating())
        self._dock.raise_()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Float as the button does; Qt's own way leaves it behind the others."""
        self.turn()

    def set_folded(self, folded: bool) -> None:
        """Show or hide the whole title."""
        if folded == self._folded:
            return
        self._folded = folded
        for part in (self._name, self._float, self._close):
            part.setVisible(not folded)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """No size while folded."""
        return QSize(0, 0) if self._folded else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """No size while folded."""
        return QSize(0, 0) if self._folded else super().minimumSizeHint()

    def _dress(self) -> None:
        for button in (self._float, self._close):
            button.setIcon(icon(button.objectName(), current().muted))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_close"):
            self._dress()
