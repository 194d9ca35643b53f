"""Runs from the window: what the question asks for, once or live, and what can be done about a run."""

from collections.abc import Callable
from functools import partial

from msgspec.structs import replace

from app.catalog.named_plans import NAMED_PLANS
from app.catalog.request import problem
from app.core.plan import LIVE_ROUNDS
from app.gui.kernels.question import Question
from app.gui.parts.actions import Action
from app.gui.state.controller import Controller
from app.gui.state.session_files import shown_session


class Runner:
    """``say`` shows a line of a level and a text; an empty text takes the last one away."""

    def __init__(self, controller: Controller, kernels: Question, say: Callable[[str, str], None]) -> None:
        self._controller = controller
        self._kernels = kernels
        self._say = say

    def run(self) -> None:
        """Measure what is ticked, or say why that cannot be."""
        self._start(0)

    def run_live(self) -> None:
        """Measure what is ticked again and again until the run is stopped."""
        self._start(LIVE_ROUNDS)

    def run_again(self) -> None:
        """Measure what is shown once more, wherever it ran."""
        for name, session in shown_session(self._controller):
            self._say("", "")
            self._controller.run_again(name, session)

    def run_plan(self, name: str) -> None:
        """Measure what a named plan chooses, on the ticked targets."""
        self._kernels.choose_plan(name)
        self._start(0)

    def _start(self, rounds: int) -> None:
        request = self._kernels.request()
        request = replace(request, settings=replace(request.settings, rounds=rounds))
        why_not = problem(request, self._controller.targets)
        self._say("warning", f"{why_not}." if why_not else "")
        if not why_not:
            self._controller.run(request)

    def commands(self) -> list[Action]:
        """What the menu Run offers."""
        control = self._controller

        def idle() -> bool:
            return not control.busy

        plans = [
            Action(
                f"plan-{plan.name}",
                "&Run/&Named plan",
                plan.name.capitalize(),
                "",
                f"{plan.question[:1].upper()}{plan.question[1:]}",
                partial(self.run_plan, plan.name),
                when=idle,
            )
            for plan in NAMED_PLANS
        ]
        return [
            Action(
                "run",
                "&Run",
                "&Run",
                "F5",
                "Measure what is asked above",
                self.run,
                "run",
                when=idle,
            ),
            Action(
                "live",
                "&Run",
                "Run &live",
                "F6",
                "Measure it again and again until stopped, and watch intervals shrink",
                self.run_live,
                "live",
                when=idle,
            ),
            Action(
                "again",
                "&Run",
                "Run a&gain",
                "Ctrl+F5",
                "Run the plan of the session shown once more, on this machine, and compare",
                self.run_again,
                when=lambda: idle() and bool(control.session and control.session.plan.cases),
            ),
            Action(
                "stop",
                "&Run",
                "&Stop",
                "Shift+F5",
                "Stop measuring; what is measured stays",
                control.stop,
                "stop",
                when=lambda: control.running or control.jobs.running,
            ),
            Action(
                "back",
                "&Run",
                "Bac&k to the previous results",
                "Alt+Left",
                "Swap with what the last run replaced",
                control.back,
                when=lambda: control.previous is not None and not control.busy,
            ),
            Action(
                "search",
                "&Run",
                "L&ook for hardware again",
                "Ctrl+R",
                "Ask every engine what it finds now",
                control.find_hardware,
                when=idle,
            ),
            *plans,
        ]
