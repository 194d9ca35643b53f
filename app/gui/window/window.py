"""The main window: menus, question, rail, messages and status around the workspace with its panels."""

from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from app.catalog.request import key
from app.charts.scene import read_view, write_view
from app.core.plan import Case
from app.findings.rows import Row
from app.gui.charts.panel import ChartPanel
from app.gui.compare.panel import ComparePanel
from app.gui.hardware.browser_dialog import AddBrowser
from app.gui.hardware.fleet_dialog import AddFleet
from app.gui.hardware.panel import HardwarePanel
from app.gui.history.panel import HistoryPanel
from app.gui.kernels.ceilings_job import CeilingsJob
from app.gui.kernels.problem_files import ProblemFiles
from app.gui.kernels.publishing import Publishing
from app.gui.kernels.question import Question
from app.gui.kernels.runner import Runner
from app.gui.kernels.tuner import Tuner
from app.gui.parts import theme
from app.gui.parts.actions import Action, ActionSet, HasOffers, always
from app.gui.parts.icons import icon
from app.gui.parts.memory import Memory
from app.gui.parts.message_bar import Holds, MessageBar
from app.gui.parts.palette import Palette
from app.gui.results.details_panel import DetailsPanel
from app.gui.results.log_panel import LogPanel
from app.gui.results.results_panel import ResultsPanel
from app.gui.source.panel import SourcePanel
from app.gui.state.controller import Controller
from app.gui.state.run import fails
from app.gui.state.session_files import SessionFiles
from app.gui.state.undo import Undo
from app.gui.window.commands import window_commands
from app.gui.window.deeds import case_deeds
from app.gui.window.diagnostics import Diagnostics
from app.gui.window.drops import Drops
from app.gui.window.export_dialog import Exporting
from app.gui.window.guide import Guide
from app.gui.window.menus import fill_menus
from app.gui.window.panels import PANELS
from app.gui.window.progress_bar import ProgressLine, rest_words
from app.gui.window.rail import Rail
from app.gui.window.saved_views import MENU, SavedViews
from app.gui.window.scrolling import Scrolling
from app.gui.window.theme_choice import ThemeChoice
from app.gui.window.workspace import Workspace

Widget = TypeVar("Widget", bound=QWidget)


class MainWindow(QMainWindow):
    """What panels share. Which there are stands in ``panels.py``, their actions in their own modules."""

    def __init__(self, controller: Controller, memory: Memory) -> None:
        super().__init__()
        self.controller = controller
        self.memory = memory
        self.messages = MessageBar()
        self.progress = ProgressLine()
        self.workspace = Workspace()
        self.kernels = Question(controller, memory)
        self.rail = Rail(PANELS)
        self.panels: dict[str, QWidget] = {p.name: p.make(controller, memory) for p in PANELS}
        self.files = SessionFiles(controller, memory, self.messages.say, self)
        self.theme = ThemeChoice(memory, self._dress)
        self.actions_ = ActionSet(self)
        self.chart = self.panel(ChartPanel)
        self.results = self.panel(ResultsPanel)
        self.hardware = self.panel(HardwarePanel)
        self.compare = self.panel(ComparePanel)
        self.history = self.panel(HistoryPanel)
        self.details = self.panel(DetailsPanel)
        self.source = self.panel(SourcePanel)
        self.log = self.panel(LogPanel)
        self.undo = Undo(
            {"kernels": self.kernels, **self.panels}, lambda: controller.session and controller.session.plan
        )
        self.views = SavedViews(self.undo, memory, self)
        self.browsers = AddBrowser(controller, self)
        self.problems = ProblemFiles(controller, memory, self)
        self.drops = Drops(controller, self.files, self.problems, self)
        self.fleets = AddFleet(controller, memory, self)
        self.publishing = Publishing(self.kernels, self._say, self)
        self.runner = Runner(controller, self.kernels, self.messages.say)
        self.ceilings = CeilingsJob(controller, self.kernels.targets_here, self.messages.say)
        self.tuner = Tuner(controller, self.kernels, self.chart, self.messages.say, self)
        self.exporting = Exporting(controller, self.chart, memory, self)
        self.guide = Guide(self)
        self._build()
        self._connect()
        self._restore()
        self.undo.restart()
        self._refresh()

    def panel(self, kind: type[Widget]) -> Widget:
        """The panel of that class."""
        return next(panel for panel in self.panels.values() if isinstance(panel, kind))

    def _build(self) -> None:
        self.setObjectName("window")
        self.resize(1280, 800)
        self.setMinimumSize(720, 480)
        middle = QWidget()
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.kernels)
        room = QHBoxLayout()
        room.setSpacing(0)
        room.addWidget(self.rail)
        room.addWidget(Scrolling(self.workspace), 1)
        layout.addLayout(room, 1)
        self.messages.lie_over(middle)
        self.setCentralWidget(middle)
        self.workspace.fill(PANELS, list(self.panels.values()))
        self.statusBar().addWidget(self.progress, 1)
        diagnostics = Diagnostics(self.controller, self.memory, self.messages.say, self)
        files = (self.files, self.exporting, self.undo, self)
        work = (self.runner, self.browsers, self.problems, self.fleets, self.publishing, self.ceilings)
        docked = (self.tuner, self.kernels, *self.panels.values())
        others = (self.views, self.workspace, self.theme, self.guide, diagnostics)
        fill_menus(self, self.actions_, (*files, *work, *docked, *others))
        self.kernels.take_actions(self.actions_)

    def commands(self) -> list[Action]:
        """What belongs to the window as a whole."""
        return window_commands(self)

    def _connect(self) -> None:
        control = self.controller
        self.kernels.plan_changed.connect(self._on_plan)
        self.chart.action_asked.connect(self._on_asked)
        self.undo.changed.connect(self.actions_.refresh)
        saved = self.actions_.menu(MENU)
        saved.aboutToShow.connect(lambda: self.views.fill(saved))
        self.hardware.view.variants_wanted.connect(self.kernels.point_at)
        self.history.opened.connect(self.files.show)
        control.comparing.asked.connect(lambda: self.workspace.show_panel("compare"))
        self.rail.chosen.connect(self.workspace.show_panel)
        self.workspace.fronted.connect(self._on_page)
        self.workspace.tightened.connect(self.chart.read_out.set_short)
        self.chart.row_chosen.connect(self.show_case)
        self.results.opened.connect(lambda: self.workspace.bring("details"))
        control.deeds.known = case_deeds(self)
        control.deeds.export_asked.connect(self.exporting.show)
        self.details.offer_deeds()
        control.comparing.opened.connect(self.files.show)
        self.source.wanted.connect(lambda: self.workspace.bring("source"))
        self.kernels.variants.opened.connect(self._show_source)
        control.logged.connect(self.log.add)
        self.log.unread.connect(self.rail.buttons["log"].set_count)
        control.said.connect(self._say)
        control.case_failed.connect(self._on_failed)
        control.progressed.connect(self.progress.show_progress)
        control.running_changed.connect(self._on_running)
        for changed in (control.session_changed, control.rows_changed, control.row_chosen):
            changed.connect(self._refresh)
        control.hardware_changed.connect(self._on_hardware)

    def _restore(self) -> None:
        """Whatever the settings hold, the window comes up: what cannot be restored is left as it is."""
        self.restoreGeometry(self.memory.read_bytes("geometry"))
        pulled = {name: self.memory.read(f"pulled/{name}", 0) for name in self.workspace.pulled}
        layout = self.memory.read_bytes("layout")
        if not self.workspace.restore(layout, pulled) and layout:
            self.log.add("info", "The saved places of panels are of an earlier window, and are left out")
        self.chart.set_view(read_view(self.memory.read("view", "")))
        self.theme.restore()

    def remember(self) -> None:
        """Keep layout and choices for the next start."""
        self.memory.write_bytes("geometry", self.saveGeometry())
        self.memory.write_bytes("layout", self.workspace.layout_state())
        for name, size in self.workspace.pulled.items():
            self.memory.write(f"pulled/{name}", size)
        self.memory.write("view", write_view(self.chart.view))
        self.kernels.remember()
        self.memory.sync()

    def _dress(self) -> None:
        self.actions_.dress(theme.current())

    def present(self) -> None:
        """The chart alone on the whole screen."""
        from app.gui.window.presentation import (
            Presentation,  # brings the plotting library, which takes a while
        )

        self.presentation = Presentation(self.controller, self.chart, self.views, self.undo)
        screen = self.screen()
        if screen:
            self.presentation.setGeometry(screen.geometry())
        self.presentation.destroyed.connect(self.activateWindow)
        self.presentation.showFullScreen()

    def open_palette(self) -> None:
        """Everything that can be done now, by name."""
        known = [action for action, _ in self.actions_ if action.name != "palette"]
        for source in (self.views, self.kernels, *self.panels.values()):
            if isinstance(source, HasOffers):
                known += source.offers()
        Palette(known, self).open_over(self)

    def find_results(self) -> None:
        """Show the results and let the user type a filter."""
        self.workspace.show_panel("results")
        self.results.filter.setFocus()

    def _on_page(self, name: str) -> None:
        self.rail.show_page(name)
        self.log.set_read(name == "log")

    def _show_source(self, name: str) -> None:
        self.source.show_variant(next(v for v in self.kernels.known if key(v) == name))

    def show_case(self, row: Row) -> None:
        """One click from a point to all that is known of it."""
        self.controller.choose(row)
        self.workspace.bring("details")

    def _say(self, level: str, text: str, holds: Holds = always) -> None:
        self.messages.say(level, text, holds)
        self.log.add(level, text)

    def _on_failed(self, case: Case, text: str) -> None:
        self._say("warning", text, lambda: fails(self.controller.kept(), case))

    def _on_running(self) -> None:
        if self.controller.live:
            self.chart.set_mode("live")
        self._refresh()

    def _on_asked(self, name: str) -> None:
        """The button on an empty chart."""
        self.actions_[name].trigger()

    def _on_plan(self, words: str, ready: bool) -> None:
        self.chart.set_plan_words(words, ready)
        self._refresh()

    def _on_hardware(self) -> None:
        self._refresh()
        found = self.controller.found.get("webgpu")
        if not self.controller.searching and found and not found.targets:
            why = found.reason or "no GPU adapter was found"
            self._say(
                "warning",
                f"{why[:1].upper()}{why[1:]}. Wasm and NumPy run all the same.",
                lambda: self.controller.found.get("webgpu") is found,
            )

    def _refresh(self) -> None:
        """Bring actions, title and status in line with what is going on."""
        control = self.controller
        self.messages.review()
        self.actions_.refresh()
        if not control.running and not control.jobs.running:
            rest = rest_words(control.session, control.targets)
            self.progress.rest("Looking for adapters…" if control.searching else rest)
        untitled = control.title or ("unsaved run" if control.session else "")
        name = control.path.name if control.path else untitled
        star = "*" if control.modified and control.session else ""
        self.setWindowTitle(f"{name}{star} - Kernelscope" if name else "Kernelscope")

    def showEvent(self, event: QShowEvent) -> None:
        """Icons wait until the window has a screen."""
        super().showEvent(event)
        self.setWindowIcon(icon("app", "#000000"))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "actions_"):
            self._dress()

    def closeEvent(self, event: QCloseEvent) -> None:
        """A run is stopped first; then the user may save or stay."""
        if not self.files.settle():
            event.ignore()
            return
        self.remember()
        self.publishing.close()
        self.controller.close()
        event.accept()

    def open_path(self, path: Path) -> None:
        """Show a session, or a problem's folder, named on the command line."""
        self.problems.open(path) if self.problems.is_one(path) else self.files.open(path)
