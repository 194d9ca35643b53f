"""A group as the parent sees it: its passage through as many workers as it takes."""

import logging
from collections.abc import Iterator
from threading import Event

from msgspec import structs

from app.catalog.variants import with_edits
from app.core.baseline import baseline_names
from app.core.events import AnyEvent, CaseFinished, CaseStarted, GroupFinished, Log
from app.core.measurement import Status
from app.core.plan import Plan
from app.core.target import Target
from app.worker.browsers import BROWSER
from app.worker.health import Suspect
from app.worker.pages import returning
from app.worker.process import WorkerLost
from app.worker.protocol import Measure
from app.worker.sense import nonsense, one_line
from app.worker.workers import Workers

log = logging.getLogger(__name__)


class Group:
    """Cases of one group that wait for their last word."""

    def __init__(self, workers: Workers, plan: Plan, indices: list[int], stop: Event) -> None:
        self._workers = workers
        self._stop = stop
        self._plan = plan
        self._open = dict.fromkeys(indices, "waiting")
        self._last = indices[0]
        self._life = 0

    def events(self) -> Iterator[AnyEvent]:
        """Every event until each case has its last word, whatever becomes of the workers."""
        id = self._plan.cases[self._last].target
        target = self._workers.target(id)
        if target is None:
            yield from self._close(Status.SKIPPED, f"there is no target {id!r} on this machine")
            return
        for index in list(self._open):
            if reason := self._workers.health.why_quarantined(self._suspect(index)):
                yield self._end(index, Status.SKIPPED, reason)
        while self._open and not self._stop.is_set():
            if reason := self._workers.health.why_stopped(target.id):
                yield from self._close(Status.SKIPPED, reason)
                return
            yield from self._attempt(target)
        yield from self._close(Status.CANCELLED, "stopped by the user")

    def _close(self, status: Status, reason: str) -> Iterator[AnyEvent]:
        for index in list(self._open):
            yield self._end(index, status, reason)

    def _end(self, index: int, status: Status, reason: str) -> CaseFinished:
        del self._open[index]
        return CaseFinished(index, status, reason)

    def _attempt(self, target: Target) -> Iterator[AnyEvent]:
        """Hand the open cases to a worker; blame the case under way if it dies or hangs."""
        self._last = next(iter(self._open))
        cases = tuple((index, self._plan.cases[index]) for index in self._open)
        plan = self._plan
        self._life = self._workers.new_life()
        job = Measure(target, cases, self._baseline(target), plan.settings, plan.edits, self._life)
        try:
            for event in self._workers.converse(target, job, job.settings.step_seconds, self._stop):
                yield from self._note(event)
                if isinstance(event, GroupFinished):
                    return
        except WorkerLost as lost:
            if target.engine != BROWSER:
                yield from self._blame(lost)
                return
            if self._open.get(self._last) != "waiting":
                yield from self._blame(lost)
            back = yield from returning(self._workers, target, self._stop)
            if not back:
                yield from self._close(Status.SKIPPED, f"{lost}, and it did not come back")

    def _note(self, event: AnyEvent) -> Iterator[AnyEvent]:
        if problem := nonsense(event, self._open, self._life):
            yield Log("warning", f"a worker's event was left out: {problem}")
            return
        if isinstance(event, CaseStarted):
            self._last = event.case
            self._open[event.case] = event.step
        elif isinstance(event, CaseFinished):
            del self._open[event.case]
            event = structs.replace(event, reason=one_line(event.reason))
        elif isinstance(event, GroupFinished):
            reason = event.reason or "the worker left this case without a word"
            yield from self._close(Status.FAILED, one_line(reason))
        yield event

    def _blame(self, lost: WorkerLost) -> Iterator[CaseFinished]:
        """The case under way has to answer for the worker; if it hung, it does not run here again."""
        if self._last not in self._open:
            self._last = next(iter(self._open), self._last)
        if self._last in self._open:
            reason = f"{lost} while {self._open[self._last]}"
            log.warning("%s: %s", self._plan.cases[self._last], reason)
            if lost.hung:
                self._workers.health.quarantine(self._suspect(self._last), reason)
            yield self._end(self._last, Status.FAILED, reason)

    def _suspect(self, index: int) -> Suspect:
        case = self._plan.cases[index]
        edits = {(edit.workload, edit.name): edit.text for edit in self._plan.edits}
        text = edits.get((case.workload, case.variant), "")
        return (case.target, case.workload, case.variant, text)

    def _baseline(self, target: Target) -> int | None:
        """The open case that the group's speedups are paired with, if the base line is one of them."""
        names = baseline_names(with_edits(self._plan.edits), self._plan.baseline)
        for index in self._open:
            case = self._plan.cases[index]
            if (case.workload, target.runtime.value, case.variant) in names:
                return index
        return None
