"""The room that the window has for its panels; where they need more, it scrolls."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from app.gui.window.workspace import Workspace


class Scrolling(QScrollArea):
    """Large type in a small window would make panels overlap without it."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent, widgetResizable=True, frameShape=QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(workspace)
        # What was hidden until now gets its place first.
        workspace.brought.connect(self._scroll_to, Qt.ConnectionType.QueuedConnection)
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.valueChanged.connect(workspace.look)
            bar.rangeChanged.connect(workspace.look)

    def _scroll_to(self, dock: QWidget) -> None:
        """Scroll until the whole dock is seen, or its beginning if it is larger; with the tabs above."""
        for corner in (dock.geometry().bottomRight(), dock.geometry().topLeft()):
            self.ensureVisible(corner.x(), corner.y())
