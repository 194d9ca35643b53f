"""Tuning from the window: the session keeps the search as it goes on, the chart draws it."""

from collections.abc import Callable

from msgspec import structs
from PySide6.QtWidgets import QWidget

from app.catalog.index import variants
from app.catalog.request import key
from app.core.events import AnyEvent, CandidateFinished, TuningFinished
from app.core.plan import Case, Plan
from app.core.searches import Search, follow
from app.core.shape import in_order
from app.core.tuning import TuneSettings, best_first, describe
from app.figures import units
from app.figures.verdict import wording
from app.findings.merge import same_target
from app.gui.charts.panel import ChartPanel
from app.gui.kernels.question import Question
from app.gui.kernels.tune_dialog import TuneDialog
from app.gui.parts.actions import Action
from app.gui.state.controller import Controller
from app.machine.tuned import tune_and_keep


class Tuner:
    """``say`` shows a line of a level and a text."""

    def __init__(
        self,
        controller: Controller,
        kernels: Question,
        chart: ChartPanel,
        say: Callable[[str, str], None],
        parent: QWidget,
    ) -> None:
        self._controller, self._kernels, self._chart = controller, kernels, chart
        self._say = say
        self._parent = parent

    def ask(self) -> None:
        """Ask what to tune: the chosen case, where it can run here, else what the question has ticked."""
        panel, control = self._kernels, self._controller
        targets, shapes = panel.targets_here(), panel.sizes.shapes
        workload = str(panel.workload.currentData())
        first, names = targets[0].id if targets else "", panel.variants.ticked()
        row = control.chosen
        if row is not None and row.target in control.hardware.here:
            case = row.measurement.case
            if case.workload != workload:
                shapes = ()
            shapes = in_order(dict.fromkeys((*shapes, case.shape)))
            targets = (row.target, *(t for t in targets if t.id != row.target.id))
            workload, first, names = case.workload, case.target, [key(row.variant)]
        store = control.hardware.store()
        self.dialog = TuneDialog(targets, workload, shapes, store, self._parent)
        self.dialog.prefer(first, names)
        if row is not None and row.measurement.case.shape in shapes:
            self.dialog.shape.setCurrentIndex(self.dialog.shape.findData(row.measurement.case.shape))
        self.dialog.accepted.connect(self._on_accepted)
        self.dialog.open()

    def _on_accepted(self) -> None:
        case = self.dialog.case
        if case is not None and not self._controller.busy:
            self.start(case, self.dialog.settings)

    def start(self, case: Case, settings: TuneSettings) -> None:
        """Tune ``case``, whose parameters are the defaults, and show it."""
        control, store = self._controller, self._controller.hardware.store()
        search = Search(case)
        self._keep(search)
        self._show(search)

        def note(event: AnyEvent) -> str:
            nonlocal search
            search = follow(search, event)
            if isinstance(event, CandidateFinished | TuningFinished):
                self._keep(search)
            if isinstance(event, CandidateFinished):
                best = next((c.seconds for c in best_first(search.candidates) if c.seconds), None)
                fastest = f", the best {units.seconds(best)}" if best else ""
                return f"{event.number} of {event.space} tried{fastest}"
            return ""

        def end(error: str) -> None:
            level, words = ("error", f"The tuning ended early: {error}") if error else _outcome(search)
            self._say(level, words)

        title = f"tuning {case}"
        control.jobs.start(
            title, lambda stop: tune_and_keep(control.supervisor, store, case, settings, stop), note, end
        )

    def _keep(self, search: Search) -> None:
        """Put it into the session; into one of its own, if this one is of something else."""
        control, case = self._controller, search.case
        session = control.session
        target = next(t for t in control.targets if t.id == case.target)
        workloads = {c.workload for c in session.plan.cases} if session else set()
        known_there = session and any(same_target(target, own) for own in session.targets)
        if session is None or not known_there or case.workload not in workloads:
            known = tuple(v for v in variants() if v.workload == case.workload)
            session = control.begin_session(Plan((case,), control.baseline), known)
        others = tuple(s for s in session.searches if s.case != case)
        control.amend(structs.replace(session, searches=(*others, search)))

    def _show(self, search: Search) -> None:
        view = structs.replace(
            self._chart.view, mode="tune", workload=search.case.workload, search=str(search), parameters=""
        )
        self._chart.set_view(view)

    def commands(self) -> list[Action]:
        """The action that asks what to tune."""
        return [
            Action(
                "tune",
                "&Run",
                "&Tune…",
                "Ctrl+T",
                "Find the parameters with which a variant is fastest on a target, and keep them",
                self.ask,
                when=lambda: not self._controller.busy,
            )
        ]


def _outcome(search: Search) -> tuple[str, str]:
    found = search.tuning
    if found is None:
        return "warning", f"Nothing was found: {search.reason or 'stopped'}."
    if found.parameters == found.defaults:
        return "info", f"The defaults are best: {describe(found.defaults)} ({len(search.candidates)} tried)."
    gain = f"{wording(found.speedup, than='the defaults')}: " if found.speedup else ""
    return "info", f"{gain}{describe(found.parameters)}. Kept: runs of this size class use it."
