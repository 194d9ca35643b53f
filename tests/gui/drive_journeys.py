"""Goes nine ways through the window, by mouse and by keys alone, and prints the steps of each as JSON.

Where a way ends is looked at: a figure on the clipboard, a sentence in the inspector, sessions side by side.
"""

import faulthandler
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from PySide6.QtCore import QPoint, QSettings
from PySide6.QtWidgets import QApplication, QLineEdit, QToolButton

from app.core.events import TargetsFound
from app.core.target import Runtime
from app.engines.browser.find import CHROMIUM, Browser
from app.gui.hardware import browser_dialog
from app.gui.parts.memory import Memory
from app.gui.state import hardware_search
from app.gui.state.controller import Controller
from app.gui.window.app import make_application
from app.gui.window.window import MainWindow
from app.storage.files import save
from tests.gui.crowded import TARGETS
from tests.gui.drive_window import HUNG, pause, wait
from tests.gui.hand import Hand
from tests.gui.made import NATIVE, WASM, FakeSupervisor, session, target

GPUS = TARGETS[:2]
PAGE = target("chromium", "WGSL (Chromium)", Runtime.WGSL)


def opened(folder: Path) -> MainWindow:
    """A window as at the first start, over targets that measure by arithmetic."""
    supervisor: Any = FakeSupervisor((*GPUS, WASM, NATIVE))
    supervisor.browsers = SimpleNamespace(ticket=lambda: "http://127.0.0.1:1/ticket")
    memory = Memory(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
    memory.write("folder", str(folder))
    window = MainWindow(Controller(supervisor), memory)
    window.resize(1280, 800)
    window.show()
    window.activateWindow()
    window.controller.find_hardware()
    window.chart.load_plot()
    wait(lambda: not window.controller.searching and window.isActiveWindow(), "the window")
    return window


class Journeys:
    """Each method is a way, by mouse or by keys, and raises where it does not end where it should."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.hand = folder, Hand()
        self.window = opened(folder)
        self.control = self.window.controller

    def over(self) -> bool:
        """Whether the run is over and all is shown."""
        control = self.control
        rows = tuple(row.measurement for row in control.rows)
        return not control.running and control.session is not None and rows == control.session.measurements

    def away(self) -> None:
        """The focus is nowhere in particular, and the chart is seen, as after a start."""
        self.window.workspace.bring("chart")
        self.control.choose(None)
        if widget := QApplication.focusWidget():
            widget.clearFocus()
        self.window.activateWindow()
        pause(0.1)

    def first_run(self, keys: bool) -> None:
        self.hand.key("F5") if keys else self.hand.click(
            self.window.kernels.run_button, "Run", QPoint(12, 10)
        )
        wait(self.control_ran, "the first run")
        assert "faster than" in self.window.chart.head.answer.whole, self.window.chart.head.answer.whole

    def control_ran(self) -> bool:
        """Whether a run began and is over."""
        return bool(self.control.rows) and self.over()

    def best_variant(self, keys: bool) -> None:
        hand, kernels = self.hand, self.window.kernels
        before = len(kernels.variants.ticked())
        if keys:
            hand.key("Alt+Shift+V")
            hand.key("Ctrl+Return")
            hand.key("F5")
        else:
            hand.click(kernels.chips["variants"], "Variants")
            for title, section in kernels.variants.sections.items():
                if "WGSL" in title or "WebGPU" in title:
                    every = [b for b in section.findChildren(QToolButton) if b.text() == "All"]
                    hand.click(every[0], "All") if every and every[0].visibleRegion().boundingRect() else None
            hand.click(kernels.run_button, "Run", QPoint(12, 10))
        assert len(kernels.variants.ticked()) > before, "nothing was ticked"
        wait(lambda: self.control.running or len(self.control.session.plan.cases) > 200, "a run")
        wait(self.over, "the run of all variants")
        names = {row.name for row in self.control.rows}
        assert len(names) > 90, f"{len(names)} variants ran"
        assert "faster than" in self.window.chart.head.answer.whole

    def why_faster(self, keys: bool) -> None:
        details = self.window.details
        if keys:
            self.hand.key("Alt+1")
            self.hand.key("Return")
        else:
            self.hand.click(self.window.chart.head.answer, "the finding", QPoint(40, 12))
        wait(lambda: details.row and details.why.text(), "the reason")
        assert self.window.chart.head.answer.whole.startswith(details.row.name)

    def compare_yesterday(self, keys: bool) -> None:
        hand, history = self.hand, self.window.history
        if keys:
            hand.key("Alt+4")
            wait(lambda: len(history.model.entries) > 1, "the history")
            hand.key("Down")
            hand.key("Down")
            hand.key("Ctrl+Return")
        else:
            hand.click(self.window.rail.buttons["history"], "History")
            wait(lambda: len(history.model.entries) > 1, "the history")
            table = history.table
            place = table.visualRect(history.model.index(1, 1)).center()
            hand.click(table.viewport(), "yesterday's run", place)
            deed = next(action for one, action in table.deeds if one.text == "Compare")
            button = next(b for b in history.findChildren(QToolButton) if b.defaultAction() is deed)
            hand.click(button, "Compare")
        self.compared()

    def compared(self) -> None:
        """Two sessions stand side by side, and what changed is drawn."""
        wait(lambda: len(self.control.comparing.named) == 2, "two sessions")
        wait(self.window.compare.isVisible, "Compare")
        wait(lambda: self.window.compare.dots.picture or self.window.compare.dots.placeholder.text, "dots")
        self.control.comparing.clear()

    def colleague(self, keys: bool) -> None:
        hand, window = self.hand, self.window
        path = self.folder / "colleague.kernelscope.json"

        def choose() -> None:
            wait(lambda: isinstance(QApplication.focusWidget(), QLineEdit), "the line for a name")
            hand.type(path.name)
            hand.key("Return")

        hand.in_dialog(choose)
        if keys:
            hand.key("Ctrl+O")
            wait(lambda: self.control.path == path, "the session")
            hand.key("Ctrl+F5")
        else:
            self.menu("&File", "open")
            wait(lambda: self.control.path == path, "the session")
            self.menu("&Run", "again")
        wait(lambda: self.control.running or len(self.control.comparing.named) == 2, "a run")
        wait(self.over, "the run")
        self.compared()
        assert window.controller.rows

    def menu(self, name: str, action: str) -> None:
        """Choose from the menu bar, by mouse: two clicks."""
        bar, made = self.window.menuBar(), self.window.actions_[action]
        menu = self.window.actions_.menu(name)
        self.hand.click(bar, name.replace("&", ""), bar.actionGeometry(menu.menuAction()).center())
        wait(menu.isVisible, "the menu")
        self.hand.click(menu, made.text().replace("&", ""), menu.actionGeometry(made).center())

    def edit_kernel(self, keys: bool) -> None:
        hand, window = self.hand, self.window
        code, table = window.source.code, window.results.table
        if keys:
            hand.key("Alt+8")
            hand.key("Down")
            hand.key("Ctrl+Shift+E")
        else:
            hand.click(table.viewport(), "a result", QPoint(80, 30))
            hand.click(window.details.buttons["Edit"], "Edit")
        wait(lambda: not code.isReadOnly() and code.hasFocus(), "the editor")
        hand.type("// mine ")
        hand.key("F5")
        wait(lambda: self.control.running or self.over(), "a run")
        wait(self.over, "the run of the kernel")
        wait(lambda: any(row.name.endswith("mine") for row in self.control.rows), "a row of one's own")

    def add_browser(self, keys: bool) -> None:
        hand = self.hand
        if keys:
            hand.key("Ctrl+B")
            wait(QApplication.activeModalWidget, "the dialog")
            hand.key("Return")
        else:
            self.menu("&Run", "add_browser")
            dialog = self.window.browsers.dialog
            assert dialog is not None
            hand.click(dialog.add_button, "Add")
        wait(lambda: PAGE in self.control.targets, "the browser")
        self.control.find_hardware()
        wait(lambda: not self.control.searching, "the hardware")

    def slide(self, keys: bool) -> None:
        clipboard = QApplication.clipboard()
        clipboard.clear()
        if keys:
            self.hand.key("Ctrl+Alt+C")
        else:
            action = self.window.actions_["copy-figure"]
            own = self.window.kernels.findChildren(QToolButton)
            self.hand.click(next(b for b in own if b.defaultAction() is action), "Copy figure")
        wait(lambda: clipboard.mimeData().hasImage(), "a picture")

    def stop_and_resume(self, keys: bool) -> None:
        """The run that is stopped is there before: only stopping and going on are steps."""
        hand, control, supervisor = self.hand, self.control, self.control.supervisor
        self.window.kernels.set_state({"variants": [], "sizes": "64, 128"})
        supervisor.pace = 0.01  # type: ignore[attr-defined]
        self.window.runner.run()
        wait(lambda: control.rows and control.running, "a run under way")
        hand.key("Shift+F5") if keys else hand.click(self.window.kernels.stop_button, "Stop")
        wait(self.over, "the run to stop")
        left, done = control.left, len(control.rows)
        assert left
        supervisor.pace = 0.0  # type: ignore[attr-defined]
        if keys:
            hand.key("Ctrl+Shift+F5")
        else:
            wait(self.window.chart.head.resume.isVisible, "Resume")
            hand.click(self.window.chart.head.resume, "Resume")
        wait(lambda: self.over() and not control.left, "all that was left")
        assert len(control.rows) >= done


def main(folder: Path) -> None:
    faulthandler.dump_traceback_later(HUNG, exit=True)
    app = make_application()
    save(session(GPUS), folder / "colleague.kernelscope.json")
    browser_dialog.find_browsers = lambda: [Browser("Chromium", "/nowhere", CHROMIUM)]

    def came(*_: object) -> Iterator[TargetsFound]:
        yield TargetsFound("browser", (PAGE,))

    hardware_search.add_browser = came  # type: ignore[assignment]
    journeys = Journeys(folder)
    ways: dict[str, Callable[[bool], None]] = {
        "first run": journeys.first_run,
        "best variant": journeys.best_variant,
        "why faster": journeys.why_faster,
        "compare yesterday": journeys.compare_yesterday,
        "edit a kernel": journeys.edit_kernel,
        "colleague's session": journeys.colleague,
        "add a browser": journeys.add_browser,
        "a slide": journeys.slide,
        "stop and resume": journeys.stop_and_resume,
    }
    seen: dict[str, dict[str, list[str] | str]] = {}
    for name, go in ways.items():
        seen[name] = {}
        for keys in (False, True):
            journeys.away()
            journeys.hand.begin()
            try:
                go(keys)
                seen[name]["keys" if keys else "mouse"] = journeys.hand.steps
            except (AssertionError, SystemExit) as problem:
                at = " ".join(journeys.hand.steps)
                seen[name]["keys" if keys else "mouse"] = f"cannot: {problem} after {at}"
            print(name, keys, seen[name]["keys" if keys else "mouse"], file=sys.stderr, flush=True)
            journeys.window.grab().save(str(folder / f"{name.replace(' ', '-')}-{keys}.png"))
    print(json.dumps({"platform": app.platformName(), "ways": seen}))
    journeys.control.modified = False
    journeys.window.close()
    QApplication.processEvents()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
