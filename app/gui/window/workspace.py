"""The workspace: panels in docks that can be dragged, tabbed, floated, closed and put back."""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QByteArray, QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFontInfo, QResizeEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QTabBar, QTabWidget, QWidget

from app.gui.parts.actions import Action
from app.gui.parts.dock_title import DockTitle
from app.gui.parts.elided import USUAL
from app.gui.parts.in_front import CatchesUp, in_front
from app.gui.window.panels import Panel, Place

VERSION = 5
"""The layout's version: a saved one of another version is not restored."""

FIRST_SIZES = {"details": 300, "results": 220}
"""Pixels that the inspector is wide and the table high in usual type, where the user did not pull them."""

TABS = 26
"""Pixels of a tab bar, which Qt counts as part of a dock's height and a dock does not."""

MOST, MOST_OF_SHORT = 0.29, 0.2
"""The part of the workspace that an outer dock gets unless it is pulled: the chart needs the room more. In a
short one the table gets less.
"""

SHORT = 25
"""Lines of text below which it is short: then titles of docks give their room to what is in them."""


class Workspace(QMainWindow):
    """Docks all over, nothing fixed between them; of those in the middle one is seen at a time.

    ``brought`` carries a dock that is to be seen: who holds the workspace may have to scroll to it.
    ``pulled`` are the sizes that the user gave the outer docks, by name; 0 where there is none.
    ``fronted`` carries the name of the panel that is seen in the middle now, ``tightened`` whether it is
    short now.
    """

    tightened = Signal(bool)
    brought = Signal(QDockWidget)
    fronted = Signal(str)

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
        self.names: dict[str, str] = {}
        self._first: QByteArray | None = None
        self._pages: list[str] = []
        self.pulled: dict[str, int] = {}
        self.short = False
        self._tidying = QTimer(self, singleShot=True, interval=0)
        self._tidying.timeout.connect(self._tidy)
        self._holding = QTimer(self, singleShot=True, interval=0)
        self._holding.timeout.connect(self._hold)
        self._seen: set[CatchesUp] = set()
        self._looking = QTimer(self, singleShot=True, interval=0)
        self._looking.timeout.connect(self._look)

    def fill(self, panels: Sequence[Panel], widgets: Sequence[QWidget]) -> None:
        """Put each panel's widget where it belongs; that is the layout that can be put back."""
        self._pages = [panel.name for panel in panels if panel.place is Place.MIDDLE]
        for panel, widget in zip(panels, widgets, strict=True):
            self._dock(panel, widget)
        first, *others = (self.docks[name] for name in self._pages)
        below, beside = self.docks["results"], self.docks["details"]
        area = Qt.DockWidgetArea.RightDockWidgetArea
        # Apart first, then together: Qt cannot split what shares its place with others.
        for dock in (first, beside):
            self.addDockWidget(area, dock)
        self.splitDockWidget(first, beside, Qt.Orientation.Horizontal)
        self.splitDockWidget(first, below, Qt.Orientation.Vertical)
        for dock in others:
            self.tabifyDockWidget(first, dock)
        for dock in others:
            dock.hide()
        first.raise_()
        self.resizeDocks([first, beside], [900, FIRST_SIZES["details"]], Qt.Orientation.Horizontal)
        self.resizeDocks([first, below], [500, FIRST_SIZES["results"]], Qt.Orientation.Vertical)
        self._first = self.saveState(VERSION)
        for name in FIRST_SIZES:
            self.pulled[name] = 0
            self.docks[name].installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Remember what the user makes of the outer docks with the mouse."""
        pulled = event.type() is QEvent.Type.Resize and QApplication.mouseButtons() != Qt.MouseButton.NoButton
        docked = isinstance(watched, QDockWidget) and not watched.isFloating()
        if pulled and docked and isinstance(watched, QDockWidget):
            tabs = TABS if self.tabifiedDockWidgets(watched) else 0
            beside = watched.objectName() == "details"
            self.pulled[watched.objectName()] = watched.width() if beside else watched.height() + tabs
        return super().eventFilter(watched, event)

    def _dock(self, panel: Panel, widget: QWidget) -> QDockWidget:
        dock = QDockWidget(panel.title, self)
        dock.setObjectName(panel.name)
        dock.setWidget(widget)
        dock.setTitleBarWidget(DockTitle(dock))
        dock.topLevelChanged.connect(self._tidying.start)
        dock.topLevelChanged.connect(self._on_floated)
        dock.visibilityChanged.connect(self._tidying.start)
        if isinstance(widget, CatchesUp):
            dock.visibilityChanged.connect(partial(self._on_visible, widget))
        dock.dockLocationChanged.connect(self._tidying.start)
        self.docks[panel.name] = dock
        self.names[panel.name] = panel.rail or panel.title
        return dock

    def _on_visible(self, panel: CatchesUp, visible: bool) -> None:
        """Look at once, and again when it has its place: Qt may say so before."""
        if visible:
            self._look()
        else:
            self._seen.discard(panel)
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
                head.set_folded(bool(beside) or (self.short and not dock.isFloating()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The outer docks keep their size, so that the chart gets what a larger window brings."""
        super().resizeEvent(event)
        short = self.height() < SHORT * self.fontMetrics().height()
        if short != self.short:
            self.short = short
            self.tightened.emit(short)
        self._holding.start()
        self._tidying.start()

    def _hold(self) -> None:
        middle = self.docks[self.page]
        for name, first in FIRST_SIZES.items():
            dock = self.docks[name]
            beside = name == "details"
            direction = Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical
            whole = self.width() if beside else self.height()
            larger = QFontInfo(self.font()).pointSizeF() / USUAL
            part = MOST_OF_SHORT if self.short and not beside else MOST
            size = self.pulled[name] or min(round(first * larger), round(whole * part))
            size = max(1, min(size, whole - 1))  # pulled in a larger window, or before there is any room
            if not dock.isFloating() and not dock.isHidden() and whole > 1:
                self.resizeDocks([dock, middle], [size, whole - size], direction)

    def _on_floated(self, floats: bool) -> None:
        """What leaves the middle leaves it to another."""
        docked = [name for name in self._pages if not self.docks[name].isFloating()]
        if floats and docked and all(self.docks[name].isHidden() for name in docked):
            self.bring(docked[0])

    @property
    def page(self) -> str:
        """The panel that is seen in the middle."""
        docked = [name for name in self._pages if not self.docks[name].isFloating()]
        return next((name for name in docked if not self.docks[name].isHidden()), self._pages[0])

    def show_panel(self, name: str) -> None:
        """Bring a panel to the front, wherever it is, and go there."""
        self.bring(name)
        _enter(self.docks[name].widget())

    def bring(self, name: str) -> None:
        """Let a panel be seen, wherever it is; the focus stays.

        Others that share its place make room; the table of results stands under the chart alone.
        """
        dock, chart, table = self.docks[name], self.docks[self._pages[0]], self.docks["results"]
        if dock is table and chart.isHidden() and not table.isFloating():
            self.bring(self._pages[0])
        gone = chart.isHidden()
        dock.show()
        dock.raise_()
        together = self.tabifiedDockWidgets(dock) if name in self._pages else []
        for other in self._pages:
            if self.docks[other] in together:
                self.docks[other].hide()
        if chart.isHidden() != gone and not table.isFloating():
            table.setVisible(gone)
            self._holding.start()
        if name in self._pages:
            self.fronted.emit(name)
        self.brought.emit(dock)

    def put_back(self) -> None:
        """Every panel where it was at first."""
        if self._first is not None:
            self.restoreState(self._first, VERSION)
        self.pulled = dict.fromkeys(self.pulled, 0)
        self._holding.start()
        self._tidying.start()
        self.fronted.emit(self.page)

    def layout_state(self) -> QByteArray:
        """The places of all panels."""
        return self.saveState(VERSION)

    def restore(self, state: QByteArray, pulled: Mapping[str, int]) -> bool:
        """Put everything where it stood; what cannot be read changes nothing. Whether that could be."""
        done = self.restoreState(state, VERSION)
        self.pulled |= pulled
        self._tidying.start()
        self.fronted.emit(self.page)
        return done

    def commands(self) -> list[Action]:
        """Actions that show each panel, and one that puts all back."""
        return [
            *(
                Action(
                    f"panel_{name}",
                    "&Panels",
                    self.names[name],
                    f"Alt+{number}" if number < 10 else "",
                    f"Show {self.names[name]} and go there",
                    partial(self.show_panel, name),
                )
                for number, name in enumerate(self.docks, 1)
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


def _enter(panel: QWidget) -> None:
    """Give a panel the focus: what usually takes it there, or, where that is not seen now, what is."""
    entrance = panel.focusProxy() or panel
    if not entrance.isVisibleTo(panel.window()):
        takes = Qt.FocusPolicy.TabFocus.value
        own = (child for child in panel.findChildren(QWidget) if child.isEnabled())
        seen = (child for child in own if child.isVisibleTo(panel.window()))
        entrance = next((child for child in seen if child.focusPolicy().value & takes), panel)
    entrance.setFocus()
