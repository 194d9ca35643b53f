"""The controller: the run, the session and the hardware behind every panel. No widgets."""

from functools import partial
from pathlib import Path

from msgspec import structs
from PySide6.QtCore import QObject, QTimer, Signal

from app.catalog.request import Request, known
from app.catalog.variants import variants
from app.core.events import TargetsFound
from app.core.plan import Plan
from app.core.session import Session
from app.core.target import Target
from app.core.variant import Variant
from app.findings.merge import takes_more
from app.findings.rerun import plan_here
from app.findings.rows import Row
from app.gui.state.comparing import Comparing
from app.gui.state.deriver import Deriver
from app.gui.state.hardware_search import HardwareSearch
from app.gui.state.jobs import Jobs
from app.gui.state.keeping import Keeping
from app.gui.state.own_kernels import OwnKernels
from app.gui.state.run import Run
from app.storage.journal import Recovered
from app.worker.supervisor import Supervisor

TICK_MS = 100
STOP_SECONDS = 2.0


class Controller(QObject):
    """Panels read its attributes and listen to its signals; none of them knows another panel.

    ``case_failed`` carries a case and what is to be said of it, ``remembered`` says that a run is in the
    history, ``closing`` that threads are to end.
    """

    hardware_changed = Signal()
    session_changed = Signal()
    rows_changed = Signal()
    running_changed = Signal(bool)
    progressed = Signal(object)
    logged = Signal(str, str)
    said = Signal(str, str)
    case_failed = Signal(object, str)
    remembered = Signal()
    closing = Signal()
    row_chosen = Signal(object)
    row_updated = Signal(object)

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
        self._deriver = Deriver(self)
        self._deriver.derived.connect(self._on_derived)
        self._deriver.failed.connect(lambda text: self.said.emit("error", text))
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self.comparing = Comparing(self)
        self.comparing.said.connect(self.said)
        self.closing.connect(self.comparing.close)
        self._keeping = Keeping(self)
        self._keeping.said.connect(self.said)
        self._keeping.remembered.connect(self.remembered)
        self._keeping.recovered.connect(self._on_recovered)
        self.closing.connect(self._keeping.close)
        self._run: Run | None = None
        self._before: tuple[str, Session] | None = None
        self.session: Session | None = None
        self.previous: Session | None = None
        self.rows: list[Row] = []
        self.chosen: Row | None = None
        self.own = OwnKernels(self)
        self.baseline = "f32"
        self.path: Path | None = None
        self.title = ""
        self.modified = False

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
    def running(self) -> bool:
        """Whether a plan is under way."""
        return self._run is not None

    @property
    def busy(self) -> bool:
        """Whether the supervisor has something to do."""
        return self.searching or self.running or self.jobs.running

    @property
    def something(self) -> bool:
        """Whether there is anything to save, export or go back to."""
        return bool(self.session and (self.session.measurements or self.session.searches))

    @property
    def live(self) -> bool:
        """Whether what runs goes on until it is stopped."""
        return self._run is not None and self._run.live

    def recover(self) -> None:
        """Say which runs a crash interrupted, and show one where there is nothing to see yet."""
        self._keeping.look()

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

        plan = planned(request, self.targets, self.hardware.store())
        self._begin(plan, known(request), request.added)

    def run_again(self, name: str, session: Session) -> None:
        """Run the plan of a session here and now, as far as that goes; both are compared when it is over."""
        if self.busy:
            return
        plan, left_out = plan_here(session, self.targets, variants())
        for reason, count in left_out.items():
            self.logged.emit("warning", f"left out: {count} {'case' if count == 1 else 'cases'}: {reason}")
        if not plan.cases:
            why = "; ".join(left_out) or "it has no cases"
            self.said.emit("warning", f"Nothing of {name} can run here: {why}.")
            return
        if left_out:
            count = sum(left_out.values())
            self.said.emit(
                "info", f"{count} of {len(session.plan.cases)} cases cannot run here; see the log."
            )
        self._begin(plan, variants())
        self._before = (name, session)

    def _begin(self, plan: Plan, known: tuple[Variant, ...], added: tuple[str, ...] = ()) -> None:
        from app.machine.ceilings import checked

        recorder = self.hardware.recorder(plan, known)
        self._keep_previous()
        onto = self.kept() if added else None
        if onto and not takes_more(onto, recorder.session().host, self.targets):
            onto = None
        self._before = None
        self.baseline = plan.baseline
        store = self.hardware.store()
        self._run = Run(recorder, partial(checked, self.supervisor, store, recorder), onto, added)
        session = self._run.session()
        stay = {(case.group, case.name) for case in session.plan.cases}
        rows = [r for r in self.rows if onto and (r.measurement.case.group, r.name) in stay]
        self._show(session, rows, self.path if onto else None, modified=True)
        self._timer.start()
        self._keeping.look()
        self.logged.emit("info", self._run.beginning)
        self.running_changed.emit(True)
        self.progressed.emit(self._run.progress)

    def amend(self, session: Session) -> None:
        """Show the same session with something more in it, such as ceilings or a tuning."""
        self.session, self.modified = session, True
        self._deriver.ask(session, self.baseline)
        self.session_changed.emit()

    def begin_session(self, plan: Plan, known: tuple[Variant, ...]) -> Session:
        """Show a session in which nothing was measured yet; the one before can be gone back to."""
        self._keep_previous()
        session = self.hardware.recorder(plan, known).session()
        self._show(session, [], path=None, modified=True)
        return session

    def _keep_previous(self) -> None:
        if self.something:
            self.previous = self.kept()

    def back(self) -> None:
        """Swap with the results that the last run replaced: one key pressed too many loses nothing."""
        session = self.previous
        if session is None or self._run:
            return
        self._keep_previous()
        self.show_session(session)

    def show_session(
        self, session: Session, path: Path | None = None, modified: bool = True, title: str = ""
    ) -> None:
        """Show a session from elsewhere, with the base line that it was kept with.

        ``title`` is what to call one that is no file.
        """
        self.baseline = session.plan.baseline
        self._show(session, [], path, modified, title)
        self._deriver.ask(session, self.baseline)

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

    def set_baseline(self, baseline: str) -> None:
        """Compare with another base line: derived from the samples, nothing runs again."""
        if baseline == self.baseline:
            return
        self.baseline = baseline
        if self.session and self.session.measurements:
            self.modified = True
            self._deriver.ask(self.session, baseline)
            self.session_changed.emit()

    def saved(self, path: Path) -> None:
        """What is shown is in that file now."""
        self.path, self.modified = path, False
        self.session_changed.emit()

    def kept(self) -> Session | None:
        """The session as it is saved and exported: with the base line that is on screen."""
        session = self._run.session() if self._run else self.session
        if session is None:
            return None
        return structs.replace(session, plan=structs.replace(session.plan, baseline=self.baseline))

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

    def _show(
        self, session: Session, rows: list[Row], path: Path | None, modified: bool, title: str = ""
    ) -> None:
        self.session, self.rows, self.path, self.modified = session, rows, path, modified
        self.title = title
        self.session_changed.emit()
        self.rows_changed.emit()

    def choose(self, row: Row | None) -> None:
        """Make a row the one that details and source are about."""
        self.chosen = row
        self.row_chosen.emit(row)

    def _follow_chosen(self) -> None:
        """Stay with the chosen case while its row is derived anew."""
        if self.chosen is None:
            return
        case = self.chosen.measurement.case
        row = next((row for row in self.rows if row.measurement.case == case), None)
        if row != self.chosen and (row or not self.running):
            self.chosen = row
            self.row_updated.emit(row)

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

    def _on_derived(self, session: Session, baseline: str, rows: list[Row]) -> None:
        """Late answers to an older question are dropped; cases under way show once they have samples."""
        same_run = self.session is not None and session.plan is self.session.plan
        if baseline != self.baseline or not same_run:
            return
        if self.running:
            self.session = session
            rows = [row for row in rows if row.ok or row.measurement.reason]
        elif session is not self.session:
            return
        self.rows = rows
        self.rows_changed.emit()
        self._follow_chosen()
