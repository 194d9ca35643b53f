"""The workspace: panels in docks that can be dragged, tabbed, floated, closed and put back."""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QByteArray, QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QTabBar, QTabWidget, QWidget

from app.gui.parts.actions import Action
from app.gui.parts.dock_title import DockTitle
from app.gui.parts.in_front import CatchesUp, in_front
from app.gui.window.panels import Panel, Place

VERSION = 4
"""The layout's version: a saved one of another version is not restored."""

AREAS = {
    Place.LEFT: Qt.DockWidgetArea.LeftDockWidgetArea,
    Place.MIDDLE: Qt.DockWidgetArea.RightDockWidgetArea,
    Place.BELOW: Qt.DockWidgetArea.RightDockWidgetArea,
    Place.BESIDE: Qt.DockWidgetArea.RightDockWidgetArea,
}

TABS = 26
"""Pixels of a tab bar, which Qt counts as part of a dock's height and a dock does not."""

MOST = 0.32
"""The part of the workspace that an outer dock gets unless it is pulled: the chart needs the room more."""


class Workspace(QMainWindow):
    """Docks all over, nothing fixed between them; a dock alone has a title, those that share a place tabs.

    ``brought`` carries a dock that is to be seen: who holds the workspace may have to scroll to it.
    ``pulled`` are the sizes that the user gave the outer docks, by name; 0 where there is none.
    """

    brought = Signal(QDockWidget)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Widget)
        options = QMainWindow.DockOption
        self.setDockOptions(options.AllowNestedDocks | options.AllowTabbedDocks | options.GroupedDragging)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.setDocumentMode(True)
        nothing = QWidget()
        self.setCentralWidget(nothing)
        nothing.hide()
        self.docks: dict[str, QDockWidget] = {}
        self._first: QByteArray | None = None
        self._first_sizes: dict[QDockWidget, int] = {}
        self.pulled: dict[str, int] = {}
        self._tidying = QTimer(self, singleShot=True, interval=0)
        self._tidying.timeout.connect(self._tidy)
        self._holding = QTimer(self, singleShot=True, interval=0)
        self._holding.timeout.connect(self._hold)
        self._seen: set[CatchesUp] = set()
        self._looking = QTimer(self, singleShot=True, interval=0)
        self._looking.timeout.connect(self._look)

    def fill(self, panels: Sequence[Panel], widgets: Sequence[QWidget]) -> None:
        """Put each panel's widget where it belongs; that is the layout that can be put back."""
        made = [
            (panel.place, self._dock(panel, widget)) for panel, widget in zip(panels, widgets, strict=True)
        ]
        heads = dict(reversed(made))
        # Apart first, then together: Qt cannot split what shares its place with others.
        for place, dock in heads.items():
            self.addDockWidget(AREAS[place], dock)
        self.splitDockWidget(heads[Place.MIDDLE], heads[Place.BELOW], Qt.Orientation.Vertical)
        self.splitDockWidget(heads[Place.BELOW], heads[Place.BESIDE], Qt.Orientation.Horizontal)
        last = dict(heads)
        for place, dock in made:
            if dock is not heads[place]:
                self.tabifyDockWidget(last[place], dock)
                last[place] = dock
        for dock in heads.values():
            dock.raise_()
        left, middle, below, beside = (heads[place] for place in Place)
        self.resizeDocks([left, middle], [350, 930], Qt.Orientation.Horizontal)
        self.resizeDocks([middle, below], [500, 220], Qt.Orientation.Vertical)
        self.resizeDocks([below, beside], [560, 370], Qt.Orientation.Horizontal)
        beside.hide()  # until somebody asks for it, what is below has the room
        self._first = self.saveState(VERSION)
        self._left, self._middle = left, middle
        self._first_sizes = {left: 350, below: 220}
        for dock in self._first_sizes:
            self.pulled[dock.objectName()] = 0
            dock.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Remember what the user makes of the outer docks with the mouse."""
        pulled = event.type() is QEvent.Type.Resize and QApplication.mouseButtons() != Qt.MouseButton.NoButton
        docked = isinstance(watched, QDockWidget) and not watched.isFloating()
        if pulled and docked and watched in self._first_sizes:
            tabs = TABS if self.tabifiedDockWidgets(watched) else 0
            size = watched.width() if watched is self._left else watched.height() + tabs
            self.pulled[watched.objectName()] = size
        return super().eventFilter(watched, event)

    def _dock(self, panel: Panel, widget: QWidget) -> QDockWidget:
        dock = QDockWidget(panel.title, self)
        dock.setObjectName(panel.name)
        dock.setWidget(widget)
        dock.setTitleBarWidget(DockTitle(dock))
        dock.topLevelChanged.connect(self._tidying.start)
        dock.visibilityChanged.connect(self._tidying.start)
        if isinstance(widget, CatchesUp):
            dock.visibilityChanged.connect(partial(self._on_visible, widget))
        dock.dockLocationChanged.connect(self._tidying.start)
        self.docks[panel.name] = dock
        return dock

    def _on_visible(self, panel: CatchesUp, visible: bool) -> None:
        """Look at once, and again when it has its place: Qt may say so before."""
        if not visible:
            self._seen.discard(panel)
        self._look()
        self.look()

    def look(self) -> None:
        """Let panels catch up that came into view, once all has its place."""
        self._looking.start()

    def _look(self) -> None:
        widgets = (dock.widget() for dock in self.docks.values())
        seen: set[CatchesUp] = {w for w in widgets if isinstance(w, CatchesUp) and in_front(w)}
        new, self._seen = seen - self._seen, seen
        for panel in new:
            panel.catch_up()

    def _tidy(self) -> None:
        """Fold titles that a tab says already, and hide the tab bars that Qt leaves behind.

        It makes new ones whenever it restores a layout and forgets the old: those that are over no dock, or
        under a newer one.
        """
        over: dict[str, QTabBar] = {}
        bars = self.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
        places = {dock.windowTitle(): dock.geometry() for dock in self.docks.values()}
        for bar in bars:
            title = bar.tabText(bar.currentIndex())
            place, below = places.get(title), bar.geometry().bottomLeft() + QPoint(0, 1)
            if place and bar.count() > 1 and place.topLeft() == below and place.width() == bar.width():
                over[title] = bar
        for bar in bars:
            bar.setVisible(bar in over.values())
        for dock in self.docks.values():
            head = dock.titleBarWidget()
            if isinstance(head, DockTitle):
                beside = [other for other in self.tabifiedDockWidgets(dock) if not other.isHidden()]
                head.set_folded(bool(beside))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The outer docks keep their size, so that the chart gets what a larger window brings."""
        super().resizeEvent(event)
        self._holding.start()
        self._tidying.start()

    def _hold(self) -> None:
        for dock, first in self._first_sizes.items():
            direction = Qt.Orientation.Horizontal if dock is self._left else Qt.Orientation.Vertical
            whole = self.width() if dock is self._left else self.height()
            size = self.pulled[dock.objectName()] or min(first, round(whole * MOST))
            if not dock.isFloating():
                self.resizeDocks([dock, self._middle], [size, whole - size], direction)

    def show_panel(self, name: str) -> None:
        """Bring a panel to the front, wherever it is, and go there."""
        self.bring(name)
        self.docks[name].widget().setFocus()

    def bring(self, name: str) -> None:
        """Let a panel be seen, wherever it is; the focus stays."""
        self.docks[name].show()
        self.docks[name].raise_()
        self.brought.emit(self.docks[name])

    def put_back(self) -> None:
        """Every panel where it was at first."""
        if self._first is not None:
            self.restoreState(self._first, VERSION)
        self.pulled = dict.fromkeys(self.pulled, 0)
        self._holding.start()
        # The last one that is raised is in front: the first of those that share a place.
        for dock in reversed(self.docks.values()):
            if not dock.isHidden():
                dock.raise_()
        self._tidying.start()

    def layout_state(self) -> QByteArray:
        """The places of all panels."""
        return self.saveState(VERSION)

    def restore(self, state: QByteArray, pulled: Mapping[str, int]) -> None:
        """Put everything where it stood; what cannot be read changes nothing."""
        self.restoreState(state, VERSION)
        self.pulled |= pulled
        self._tidying.start()

    def commands(self) -> list[Action]:
        """Actions that show each panel, and one that puts all back."""
        return [
            *(
                Action(
                    f"panel_{name}",
                    "&Panels",
                    dock.windowTitle(),
                    f"Alt+{number}" if number < 10 else "",
                    f"Show {dock.windowTitle()} and go there",
                    partial(self.show_panel, name),
                )
                for number, (name, dock) in enumerate(self.docks.items(), 1)
            ),
            Action(
                "restore",
                "&View",
                "&Restore default layout",
                "",
                "Put every panel back where it was at first",
                self.put_back,
            ),
        ]
