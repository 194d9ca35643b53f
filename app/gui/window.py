"""The main window: puts panels into docks, actions into menus, and remembers where things stood."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, Qt
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QTabWidget, QVBoxLayout, QWidget

from app.core.series import Quantity
from app.gui import theme
from app.gui.actions import ENTRIES, dress, make_actions
from app.gui.charts.panel import ChartPanel
from app.gui.controller import Controller
from app.gui.export_dialog import ExportDialog
from app.gui.hardware_panel import HardwarePanel
from app.gui.help import show_about, show_keys
from app.gui.icons import icon
from app.gui.kernels_panel import KernelsPanel
from app.gui.log_panel import LogPanel
from app.gui.memory import Memory
from app.gui.message_bar import MessageBar
from app.gui.progress_bar import ProgressLine
from app.gui.results_panel import ResultsPanel
from app.gui.session_files import SessionFiles

VERSION = 1
"""Of the dock layout: a saved one of another version is not restored."""


class MainWindow(QMainWindow):
    """Chart and hardware in the middle, the plan at the left, results and log below."""

    def __init__(self, controller: Controller, memory: Memory) -> None:
        super().__init__()
        self.controller = controller
        self.memory = memory
        self.actions_ = make_actions(self)
        self.messages = MessageBar()
        self.chart = ChartPanel(controller)
        self.kernels = KernelsPanel(controller, memory)
        self.hardware = HardwarePanel(controller)
        self.results = ResultsPanel(controller)
        self.log = LogPanel()
        self.progress = ProgressLine()
        self.files = SessionFiles(controller, memory, self.messages.say, self)
        self._docks: list[QDockWidget] = []
        self._build()
        self._connect()
        self._default_layout = self.saveState(VERSION)
        self._restore()
        self._refresh()

    def _build(self) -> None:
        self.setObjectName("window")
        self.resize(1280, 800)
        self.setMinimumSize(720, 480)
        middle = QWidget()
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.messages)
        self.middle = _tabs({"Chart": self.chart, "Hardware": self.hardware})
        layout.addWidget(self.middle, 1)
        self.setCentralWidget(middle)
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        self.below = _tabs({"Results": self.results, "Log": self.log})
        self._dock("Kernels", self.kernels, Qt.DockWidgetArea.LeftDockWidgetArea)
        self._dock("Results and log", self.below, Qt.DockWidgetArea.BottomDockWidgetArea)
        left, below = self._docks
        self.resizeDocks([left], [350], Qt.Orientation.Horizontal)
        self.resizeDocks([below], [220], Qt.Orientation.Vertical)
        self.statusBar().addWidget(self.progress, 1)
        self.kernels.set_run_action(self.actions_["run"])
        self._build_menus()

    def _dock(self, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> None:
        """Tabs inside a dock instead of tabbed docks: one title less, and Qt leaves stray tab bars behind."""
        dock = QDockWidget(title, self)
        dock.setObjectName(title.lower().replace(" ", "-"))
        dock.setTitleBarWidget(QWidget())
        dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetClosable)
        dock.setWidget(widget)
        self.addDockWidget(area, dock)
        self._docks.append(dock)

    def _build_menus(self) -> None:
        menus = {name: self.menuBar().addMenu(name) for name in dict.fromkeys(e.menu for e in ENTRIES)}
        for entry in ENTRIES:
            if entry.name in ("quit", "restore", "about"):
                menus[entry.menu].addSeparator()
            menus[entry.menu].addAction(self.actions_[entry.name])
        self.actions_["quit"].setMenuRole(QAction.MenuRole.QuitRole)
        view = menus["&View"]
        view.addSeparator()
        for dock in self._docks:
            view.addAction(dock.toggleViewAction())
        view.addSeparator()
        self._themes = QActionGroup(self)
        chooser = view.addMenu("&Theme")
        for choice in theme.Theme:
            action = chooser.addAction(f"&{choice.value.capitalize()}")
            action.setCheckable(True)
            action.setData(choice.value)
            self._themes.addAction(action)
        bar = self.addToolBar("Tools")
        bar.setObjectName("tools")
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        bar.setMovable(False)
        for name in ("run", "stop", "", "open", "save", "export"):
            bar.addAction(self.actions_[name]) if name else bar.addSeparator()
        find = QAction("Filter results", self, shortcut="Ctrl+F")
        find.triggered.connect(self._find)
        self.addAction(find)

    def _connect(self) -> None:
        act, control = self.actions_, self.controller
        slots: dict[str, Callable[[], object]] = {
            "speedup": partial(self.chart.set_view, Quantity.SPEEDUP),
            "gflops": partial(self.chart.set_view, Quantity.GFLOPS),
            "gbytes": partial(self.chart.set_view, Quantity.GBYTES),
            "open": self.files.open,
            "save": self.files.save,
            "save_as": self.files.save_as,
            "export": self.export,
            "quit": self.close,
            "run": self.run,
            "stop": control.stop,
            "back": control.back,
            "search": control.find_hardware,
            "fit": self.chart.fit,
            "restore": self.restore_layout,
            "keys": lambda: show_keys(self),
            "about": lambda: show_about(self),
        }
        for name, slot in slots.items():
            act[name].triggered.connect(lambda _=False, s=slot: s())
        self._themes.triggered.connect(lambda action: self.set_theme(theme.Theme(action.data())))
        QApplication.styleHints().colorSchemeChanged.connect(self._on_system_theme)
        self.kernels.plan_changed.connect(self._on_plan)
        control.logged.connect(self.log.add)
        control.said.connect(self._say)
        control.progressed.connect(self.progress.show_progress)
        control.running_changed.connect(self._refresh)
        control.session_changed.connect(self._refresh)
        control.rows_changed.connect(self._refresh)
        control.hardware_changed.connect(self._on_hardware)

    def _restore(self) -> None:
        """Whatever the settings hold, the window comes up: what cannot be restored is left as it is."""
        self.restoreGeometry(self.memory.read_bytes("geometry"))
        self.restoreState(self.memory.read_bytes("state"), VERSION)
        self.middle.setCurrentIndex(self.memory.read("middle_tab", 0))
        self.below.setCurrentIndex(self.memory.read("below_tab", 0))
        found = {q.value: q for q in Quantity}.get(self.memory.read("view", ""))
        if found:
            self.chart.set_view(found)
        try:
            wanted = theme.Theme(self.memory.read("theme", "system"))
        except ValueError:
            wanted = theme.Theme.SYSTEM
        self.set_theme(wanted)

    def remember(self) -> None:
        """Keep layout and choices for the next start."""
        self.memory.write_bytes("geometry", self.saveGeometry())
        self.memory.write_bytes("state", self.saveState(VERSION))
        self.memory.write("middle_tab", self.middle.currentIndex())
        self.memory.write("below_tab", self.below.currentIndex())
        self.memory.write("view", self.chart.quantity.value)
        self.kernels.remember()
        self.memory.sync()

    def restore_layout(self) -> None:
        """Every panel where it was at first."""
        self.restoreState(QByteArray(self._default_layout), VERSION)
        for tabs in (self.middle, self.below):
            tabs.setCurrentIndex(0)

    def set_theme(self, wanted: theme.Theme) -> None:
        """Light, dark, or as the desktop has it."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._theme = wanted
        theme.apply(app, wanted)
        for action in self._themes.actions():
            action.setChecked(action.data() == wanted.value)
        self.memory.write("theme", wanted.value)
        dress(self.actions_, theme.current())

    def _on_system_theme(self) -> None:
        if self._theme is theme.Theme.SYSTEM:
            self.set_theme(self._theme)

    def run(self) -> None:
        """Start what the Kernels panel asks for, or say why not."""
        request = self.kernels.request()
        if request.problem:
            self.messages.say("warning", f"{request.problem}.")
            return
        self.messages.hide()
        self.controller.run(request)

    def export(self) -> None:
        """Chart or data, to a file or the clipboard."""
        if not self.controller.rows:
            self.messages.say("info", "There is nothing to export yet: press F5 to run.")
            return
        dialog = ExportDialog(self.chart.chart, self.controller.rows, self.chart.hidden, self.memory, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _find(self) -> None:
        self._docks[1].show()
        self.below.setCurrentWidget(self.results)
        self.results.filter.setFocus()

    def _say(self, level: str, text: str) -> None:
        self.messages.say(level, text)
        self.log.add(level, text)

    def _on_plan(self, words: str, ready: bool) -> None:
        self.chart.set_plan_words(words, ready)
        self._refresh()

    def _on_hardware(self) -> None:
        self._refresh()
        found = self.controller.found.get("webgpu")
        if not self.controller.searching and found and not found.targets:
            why = found.reason or "no GPU adapter was found"
            self._say("warning", f"{why[:1].upper()}{why[1:]}. Wasm and NumPy run all the same.")

    def _refresh(self) -> None:
        """Bring actions, title and status in line with what is going on."""
        control, act = self.controller, self.actions_
        act["run"].setEnabled(not control.running and not control.searching)
        act["stop"].setEnabled(control.running)
        act["search"].setEnabled(not control.running and not control.searching)
        act["back"].setEnabled(control.previous is not None and not control.running)
        some = bool(control.session and control.session.measurements)
        for name in ("save", "save_as", "export"):
            act[name].setEnabled(some)
        if not control.running:
            self.progress.rest("Looking for adapters…" if control.searching else self._rest_words())
        name = control.path.name if control.path else ("unsaved run" if control.session else "")
        star = "*" if control.modified and control.session else ""
        self.setWindowTitle(f"{name}{star} - Kernelscope" if name else "Kernelscope")

    def _rest_words(self) -> str:
        session = self.controller.session
        if session is None:
            return f"{len(self.controller.targets)} targets"
        statuses = [m.status.value for m in session.measurements]
        counts = {status: statuses.count(status) for status in dict.fromkeys(statuses)}
        return "  ·  ".join(f"{count} {status}" for status, count in counts.items())

    def showEvent(self, event: QShowEvent) -> None:
        """Icons wait until the window has a screen."""
        super().showEvent(event)
        self.setWindowIcon(icon("app", "#000000"))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "actions_"):
            dress(self.actions_, theme.current())

    def closeEvent(self, event: QCloseEvent) -> None:
        """A run is stopped first; then the user may save or stay."""
        if not self.files.settle():
            event.ignore()
            return
        self.remember()
        self.controller.close()
        event.accept()

    def open_path(self, path: Path) -> None:
        """Show a session named on the command line."""
        self.files.open(path)


def _tabs(pages: dict[str, QWidget]) -> QTabWidget:
    tabs = QTabWidget(documentMode=True)
    for title, page in pages.items():
        tabs.addTab(page, title)
    return tabs
