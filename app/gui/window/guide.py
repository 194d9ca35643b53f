"""The guide: a first run, what came out, and three questions that lead on from there, one line at a time."""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject

from app.charts.headline import foremost, headline
from app.charts.modes.size import article_figure
from app.charts.picture import Picture
from app.charts.scene import View
from app.core.target import Runtime
from app.engines.browser.find import find_browsers
from app.engines.browser.launch import How
from app.findings.rows import Row
from app.gui.charts.panel import ChartPanel
from app.gui.kernels.question import Question
from app.gui.kernels.runner import Runner
from app.gui.parts.actions import Action
from app.gui.parts.memory import Memory
from app.gui.parts.message_bar import MessageBar
from app.gui.results.why import baseline_of, why
from app.gui.state.controller import Controller
from app.storage.shipped import articles

PLAN = "chart1"
GUIDED = "guided"
"""Whether somebody was led on before: a newcomer is, after a first run."""

WHY, ELSEWHERE, BROWSER = "Why?", "On other hardware?", "In my browser?"


class Window(Protocol):
    """What the guide shows things in."""

    controller: Controller
    memory: Memory
    messages: MessageBar
    kernels: Question
    chart: ChartPanel
    runner: Runner

    def show_case(self, row: Row) -> None: ...


class Guide(QObject):
    """Nothing of it stands in the way: a line over the lower edge, with the questions that are left."""

    def __init__(self, window: Window) -> None:
        super().__init__()
        self._window, self._controller = window, window.controller
        self._guiding = False
        self._left: list[str] = []
        self._before: set[str] | None = None
        """The targets that were there before a browser was asked for; None where none was."""
        self._new: set[str] = set()
        self._controller.rows_changed.connect(self._on_rows)
        self._controller.running_changed.connect(self._on_running)
        self._controller.hardware_changed.connect(self._on_hardware)

    def start(self) -> None:
        """Run what the article's first chart shows."""
        window = self._window
        self._need_gpu()
        window.kernels.choose_plan(PLAN)
        window.chart.set_view(View("bars", articles=True))
        window.runner.run()
        if self._controller.running:
            self._begin()
            window.messages.say(
                "info",
                "Chart 1 of the article, on your machine: 8-bit weights over 16-bit ones. "
                "Each result is checked first; the bars settle as rounds come in.",
            )

    def _begin(self) -> None:
        self._guiding, self._left = True, [WHY, ELSEWHERE, BROWSER]

    def _need_gpu(self) -> None:
        """Tick them all where none is: the chart is of GPUs, and who is guided has nothing to look for."""
        kernels = self._window.kernels
        if not any(target.runtime is Runtime.WGSL for target in kernels.chosen_targets()):
            for target in self._controller.targets:
                if target.runtime is Runtime.WGSL:
                    kernels.targets.set_ticked(target.id, True)

    def _on_running(self, running: bool) -> None:
        """Lead a newcomer on from what ran first; who runs a kernel of their own is none."""
        control, session = self._controller, self._controller.session
        newcomer = not self._window.memory.read(GUIDED, False)
        if newcomer and control.running and not control.live and session and not session.plan.edits:
            self._begin()

    def _on_rows(self) -> None:
        """Say what came out, once all that was measured is drawn; what went wrong has the word before."""
        control, picture = self._controller, self._window.chart.picture
        if not self._guiding or control.running or not control.session or not picture:
            return
        if tuple(row.measurement for row in control.rows) != control.session.measurements:
            return
        self._guiding = False
        messages = self._window.messages
        trouble = messages.isVisible() and messages.level in ("warning", "error")
        if foremost(picture) is None or trouble:
            return
        self._window.memory.write(GUIDED, True)
        told = " Grey: what the article reports." if self._window.chart.view.articles else ""
        self._say(f"{headline(self._of_the_new(picture))}.{told} Ctrl+1: over size. F11: full-screen.")

    def _of_the_new(self, picture: Picture) -> Picture:
        """What of it ran in a browser that was asked for, if one did."""
        others = frozenset(key for key in picture.keys if key[0] not in self._new)
        new = picture.without(others) if self._new else picture
        return new if new.spots and foremost(new) else picture

    def _say(self, words: str, asked: str = "") -> None:
        """A line, with what is left to ask."""
        if asked in self._left:
            self._left.remove(asked)
        answers: dict[str, Callable[[Row], str]] = {
            WHY: self._why,
            ELSEWHERE: self._elsewhere,
            BROWSER: self._in_a_browser,
        }
        ways = {question: partial(self._ask, question, answers[question]) for question in self._left}
        self._window.messages.say("info", words, ways=ways)

    def _ask(self, question: str, answer: Callable[[Row], str]) -> None:
        picture = self._window.chart.picture
        row = foremost(picture) if picture else None
        if row is None:
            self._say("Nothing is shown any more that is surely faster: press F5 to run.")
        else:
            self._say(answer(row), question)

    def _why(self, row: Row) -> str:
        """In the inspector, whose sentence it is."""
        self._window.show_case(row)
        session = self._controller.session
        ceilings = session.ceilings.get(row.target.id) if session else None
        told = why(row, baseline_of(row, self._controller.rows), ceilings)
        more = (
            ""
            if ceilings
            else " Ctrl+L measures the ceilings of this machine, which tell what holds it back."
        )
        return f"{row.name} at {row.size}: {told} Source has its text.{more}"

    def _elsewhere(self, row: Row) -> str:
        """By what the articles report, and by sessions of other machines."""
        control = self._controller
        there = (
            "An address for others: File ▸ Publish as a page. Their sessions: Ctrl+D sets them beside yours."
        )
        figure = control.session and article_figure(control.session, row, control.baseline, articles())
        if not figure:
            return f"The articles report nothing of {row.name} over this baseline. {there}"
        self._window.chart.set_view(View("bars", row.measurement.case.workload, articles=True))
        return f"Grey: {row.name} on the GPUs of the articles, {figure.words}. {there}"

    def _in_a_browser(self, row: Row) -> str:
        """In the first that is installed, beside what ran."""
        browser = next(iter(find_browsers()), None)
        if browser is None:
            return "No browser was found here: Run ▸ Add browser gives an address to open in any."
        self._before = {target.id for target in self._controller.targets}
        self._controller.hardware.add_browser(browser, How())
        return f"{browser.name} opens a page of this computer's own; then the same runs there and here."

    def _on_hardware(self) -> None:
        """Run the same once more when the browser has come."""
        control, window = self._controller, self._window
        if self._before is None or control.searching:
            return
        self._new = {target.id for target in control.targets} - self._before
        self._before = None
        for id in self._new:
            window.kernels.targets.set_ticked(id, True)
        if self._new:
            window.runner.run()
            self._guiding = control.running

    def commands(self) -> list[Action]:
        """The action that starts the guide."""
        control = self._controller
        return [
            Action(
                PLAN,
                "&Help",
                "&Chrome's f16 / u8 / dot4 chart",
                "",
                "A guided first run: the article's first chart on your machine, in under a minute",
                self.start,
                when=lambda: (
                    not control.busy and any(target.runtime is Runtime.WGSL for target in control.targets)
                ),
            )
        ]
