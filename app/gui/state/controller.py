"""The controller: what is shown, what runs, and the hardware, behind every panel. No widgets."""

from functools import partial

from msgspec import structs
from PySide6.QtCore import QObject, QTimer, Signal

from app.catalog.index import variants
from app.catalog.request import Request, known
from app.core.events import TargetsFound
from app.core.plan import Plan
from app.core.session import Session
from app.core.target import Target
from app.core.variant import Variant
from app.findings.merge import takes_more
from app.findings.naming import run_name
from app.findings.rerun import missing, plan_here, rest_of
from app.fleet.plans import split
from app.fleet.together import Source
from app.gui.state.comparing import Comparing
from app.gui.state.deeds import Deeds
from app.gui.state.fleet_run import FleetRuns
from app.gui.state.focus import Focus
from app.gui.state.hardware_search import HardwareSearch
from app.gui.state.jobs import Jobs
from app.gui.state.keeping import Keeping
from app.gui.state.own_kernels import OwnKernels
from app.gui.state.problems import Problems
from app.gui.state.run import Run
from app.gui.state.shown import Shown
from app.problems import registry
from app.storage.journal import Recovered
from app.worker.supervisor import Supervisor

TICK_MS = 100
STOP_SECONDS = 2.0


class Controller(Shown):
    """What panels share besides what is shown: runs, jobs and hardware. None of them knows another panel.

    ``case_failed`` carries a case and what is to be said of it, ``remembered`` says that a run is in the
    history, ``closing`` that threads are to end.
    """

    hardware_changed = Signal()
    running_changed = Signal(bool)
    progressed = Signal(object)
    logged = Signal(str, str)
    case_failed = Signal(object, str)
    remembered = Signal()
    closing = Signal()

    def __init__(self, supervisor: Supervisor | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.supervisor = supervisor or Supervisor()
        self.jobs = Jobs(self)
        self.jobs.changed.connect(lambda: self.running_changed.emit(self.running))
        self.jobs.progressed.connect(self.progressed)
        self.jobs.logged.connect(self.logged)
        self.hardware = HardwareSearch(self.supervisor, lambda: not self.busy, self)
        self.hardware.changed.connect(self.hardware_changed)
        self.hardware.logged.connect(self.logged)
        self.hardware.said.connect(self.said)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self.comparing = Comparing(self)
        self.comparing.said.connect(self.said)
        self.closing.connect(self.comparing.close)
        self._keeping = Keeping(self)
        self._keeping.said.connect(self.said)
        self._keeping.refused.connect(self._on_refused)
        self._keeping.remembered.connect(self.remembered)
        self._keeping.recovered.connect(self._on_recovered)
        self.closing.connect(self._keeping.close)
        self._before: tuple[str, Session] | None = None
        self.fleet_runs = FleetRuns(self)
        self.fleet_runs.said.connect(self.said)
        self.fleet_runs.changed.connect(lambda: self.running_changed.emit(self.running))
        self.closing.connect(self.fleet_runs.close)
        self.own = OwnKernels(self)
        self.problems = Problems(self)
        self.problems.said.connect(self.said)
        self.focus = Focus(self)
        self.deeds = Deeds(self)

    @property
    def searching(self) -> bool:
        """Whether some engine has yet to answer."""
        return self.hardware.searching

    @property
    def found(self) -> dict[str, TargetsFound]:
        """What each engine answered."""
        return self.hardware.found

    @property
    def targets(self) -> tuple[Target, ...]:
        """What was found on this machine."""
        return self.hardware.targets

    def find_hardware(self) -> None:
        """Ask every engine what it finds; does nothing while there is something to do."""
        self.hardware.find()

    @property
    def busy(self) -> bool:
        """Whether the supervisor has something to do."""
        return self.searching or self.running or self.jobs.running or self.fleet_runs.planning

    @property
    def live(self) -> bool:
        """Whether what runs goes on until it is stopped."""
        return self._run is not None and self._run.live

    def recover(self) -> None:
        """Say which runs a crash interrupted, and show one where there is nothing to see yet."""
        self._keeping.look()

    def _on_refused(self) -> None:
        self.unkept = True

    def _on_recovered(self, run: Recovered) -> None:
        if self.session is None:
            self.show_session(run.session, modified=False, title=f"session {run.id} of the history")

    def run(self, request: Request) -> None:
        """Start the request's plan; its session replaces the present one.

        If it asks to be added, and the session on screen is of this very machine, it goes on with that.
        """
        if self.busy:
            return
        from app.machine.planned import planned

        here, there = split(request, self.targets)
        own = planned(here, self.targets, self.hardware.store()) if here else None
        if there and (fleet := self.hardware.fleet):
            all_known = known(request)
            self.fleet_runs.ask(
                fleet, there, own, partial(self._here, all_known), partial(self._begin_with, all_known)
            )
        elif own:
            self._begin(own, known(request), request.added)

    def _here(self, known: tuple[Variant, ...], plan: Plan) -> Source:
        """What measures a plan on this machine."""
        from app.machine.ceilings import checked

        recorder = self.hardware.recorder(plan, known)
        return partial(checked, self.supervisor, self.hardware.store(), recorder)

    def _begin_with(self, known: tuple[Variant, ...], plan: Plan, start: Source) -> None:
        self._begin(plan, known, start=start)

    def run_again(self, name: str, session: Session) -> None:
        """Run the plan of a session here and now, as far as that goes; both are compared when it is over."""
        if self.busy:
            return
        plan, left_out = plan_here(session, self.hardware.here, variants(), opened=registry.opened_here())
        for reason, count in left_out.items():
            self.logged.emit("warning", f"left out: {count} {'case' if count == 1 else 'cases'}: {reason}")
        if not plan.cases:
            why = "; ".join(left_out) or "it has no cases"
            self.said.emit("warning", f"Nothing of {name} can run here: {why}.")
            return
        if left_out:
            count = sum(left_out.values())
            self.said.emit(
                "info", f"{count} of {len(session.plan.cases)} cases unsupported here; see the log."
            )
        self._begin(plan, variants())
        self._before = (name, session)

    @property
    def left(self) -> int:
        """How many cases of the session shown were stopped before they came to anything."""
        return len(missing(self.session)) if self.session and not self.running else 0

    def resume(self) -> None:
        """Measure what a stopped run left, and add it; rows that are there stay as they are."""
        session = self.kept()
        if self.busy or session is None or not self.left:
            return
        if not takes_more(session, self.hardware.recorder(session.plan, ()).session().host, self.targets):
            self.said.emit("warning", "This session ran elsewhere or with other drivers: use Run again.")
            return
        rest = structs.replace(session, plan=rest_of(session))
        plan, left_out = plan_here(rest, self.hardware.here, variants(), opened=registry.opened_here())
        if not plan.cases:
            self.said.emit("warning", f"Nothing that is left can run here: {'; '.join(left_out)}.")
            return
        self._begin(plan, variants(), resumed=True)

    def _begin(
        self,
        plan: Plan,
        known: tuple[Variant, ...],
        added: tuple[str, ...] = (),
        resumed: bool = False,
        start: Source | None = None,
    ) -> None:
        from app.machine.ceilings import checked

        recorder = self.hardware.recorder(plan, known)
        self._keep_previous()
        onto = self.kept() if added or resumed else None
        if onto and not takes_more(onto, recorder.session().host, self.targets):
            onto = None
        self._before = None
        self.baseline = plan.baseline
        store = self.hardware.store()
        start = start or partial(checked, self.supervisor, store, recorder)
        self._run = Run(recorder, start, onto, added)
        session = self._run.session()
        stay = {(case.group, case.name) for case in session.plan.cases}
        rows = [r for r in self.rows if onto and (r.measurement.case.group, r.name) in stay]
        self._show(session, rows, self.path if onto else None, modified=True, title=run_name(session))
        self._timer.start()
        self._keeping.look()
        self.logged.emit("info", self._run.beginning)
        self.running_changed.emit(True)
        self.progressed.emit(self._run.progress)

    def begin_session(self, plan: Plan, known: tuple[Variant, ...]) -> Session:
        """Show a session in which nothing was measured yet; the one before can be gone back to."""
        self._keep_previous()
        session = self.hardware.recorder(plan, known).session()
        self._show(session, [], path=None, modified=True)
        return session

    def stop(self) -> None:
        """Ask the run to end; it does within half a second."""
        self.jobs.stop()
        if self._run:
            self._run.stop()
            self.progressed.emit(self._run.progress)

    def finish_now(self) -> None:
        """Stop and wait until what was measured is in the session; well under a second."""
        run = self._run
        if run is None:
            return
        run.stop()
        run.wait(STOP_SECONDS)
        self._follow_run(run, last=True)

    def close(self) -> None:
        """End everything; children included."""
        self.closing.emit()
        self._timer.stop()
        if self._run:
            self._run.stop()
        self.jobs.close()
        self.hardware.close()
        self.supervisor.close()
        self._deriver.close()

    def _tick(self) -> None:
        if self._run:
            self._follow_run(self._run)
        else:
            self._timer.stop()

    def _follow_run(self, run: Run, last: bool = False) -> None:
        done = run.done or last
        for line in run.take():
            if line.case:
                self.case_failed.emit(line.case, line.text)
                continue
            (self.said if line.level == "warning" else self.logged).emit(line.level, line.text)
        self.progressed.emit(run.progress)
        if done:
            self._finish(run)
        elif run.fresh and self._deriver.rested:
            run.fresh = False
            self._deriver.ask(run.session(), self.baseline)

    def _finish(self, run: Run) -> None:
        self._run = None
        self._keeping.keep(run)
        self.session = run.session()
        self._deriver.ask(self.session, self.baseline)
        if run.error:
            self.said.emit("error", f"The run ended early: {run.error}")
        self.logged.emit("info", run.words)
        self.running_changed.emit(False)
        if self._before and self.session.measurements:
            self.comparing.show([self._before, ("now", self.session)])
