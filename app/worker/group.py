"""A group as the parent sees it: its passage through as many workers as it takes."""

import logging
from collections.abc import Iterator, Mapping
from functools import partial
from threading import Event

from msgspec import structs

from app.catalog.index import with_edits
from app.core.baseline import baseline_names
from app.core.events import (
    AnyEvent,
    CaseCalibrated,
    CaseFinished,
    CaseOpened,
    CaseStarted,
    GroupFinished,
    Log,
)
from app.core.measurement import Status
from app.core.plan import Plan
from app.core.target import Runtime, Target
from app.system import has_screen
from app.worker.browsers import BROWSER
from app.worker.health import Suspect
from app.worker.pages import returning
from app.worker.process import WorkerLost
from app.worker.protocol import Measure
from app.worker.sense import nonsense, one_line
from app.worker.shares import share
from app.worker.workers import Workers

log = logging.getLogger(__name__)


SCREEN_SECONDS = 5.0
"""How long a text of the user's own may hold up an adapter on which people look at their screen."""

HOST_STEPS = ("waiting", "making inputs")
"""Steps that keep no adapter busy."""


def drives_a_screen(target: Target) -> bool:
    """Whether ``target`` may be what draws a screen of this machine."""
    return target.runtime is Runtime.WGSL and not target.is_cpu and has_screen()


class Group:
    """Cases of one group that wait for their last word."""

    def __init__(
        self, workers: Workers, plan: Plan, indices: list[int], stop: Event, caches: Mapping[str, int]
    ) -> None:
        self._workers = workers
        self._stop = stop
        self._plan = plan
        self._open = dict.fromkeys(indices, "waiting")
        self._last = indices[0]
        self._cache = caches.get(plan.cases[indices[0]].target, 0)
        self._handed = indices
        self._again: int | None = None
        """The baseline where other cases still wait to be compared with it."""
        self._parted: int | None = None
        """The baseline where it meets the others in parts."""
        self._met: int | None = None
        """The baseline once it has met some of them."""
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
        """Hand as many open cases as it holds to a worker; blame the case under way if it dies or hangs.

        The baseline is among them each time, so that all are compared with it in rounds of their own.
        """
        plan, base = self._plan, self._baseline(target)
        waiting = [(index, plan.cases[index]) for index in self._open]
        cases = share(
            target,
            waiting,
            base,
            plan.settings,
            plan.edits,
            self._cache,
            self._workers.free.get(target.id, 0),
        )
        self._handed = [index for index, _ in cases]
        self._again = base if len(cases) < len(waiting) else None
        self._parted = self._parted if self._again is None else base
        self._last = self._handed[0]
        self._life = self._workers.new_life()
        job = Measure(target, cases, base, plan.settings, plan.edits, self._life, self._cache)
        try:
            patience = partial(self._step_seconds, target)
            for event in self._workers.converse(target, job, patience, self._stop):
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

    def _step_seconds(self, target: Target) -> float:
        """How long the step under way may take: less for a text of the user's own that holds a screen up."""
        own = self._plan.settings.step_seconds
        *_, text = self._suspect(self._last)
        if text and self._open.get(self._last) not in HOST_STEPS and drives_a_screen(target):
            return min(own, SCREEN_SECONDS)
        return own

    def _note(self, event: AnyEvent) -> Iterator[AnyEvent]:
        if problem := nonsense(event, self._open, self._life):
            yield Log("warning", f"a worker's event was left out: {problem}")
            return
        if isinstance(event, CaseStarted):
            self._last = event.case
            self._open[event.case] = event.step
        if isinstance(event, CaseOpened | CaseStarted) and event.case == self._met:
            return  # it does not start over: what was sampled of it stays
        if isinstance(event, CaseCalibrated) and event.case == self._parted:
            event = structs.replace(event, life=self._life)
        elif isinstance(event, CaseFinished) and event.case == self._again and event.status is Status.OK:
            self._open[event.case] = "waiting"
            self._met = event.case
            return
        elif isinstance(event, CaseFinished):
            del self._open[event.case]
            event = structs.replace(event, reason=one_line(event.reason))
        elif isinstance(event, GroupFinished):
            reason = event.reason or "the worker left this case without a word"
            for index in set(self._handed) & self._open.keys() - {self._again}:
                yield self._end(index, Status.FAILED, one_line(reason))
            if self._open:
                return
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
        """The open case that the group's speedups are paired with, if the baseline is one of them."""
        names = baseline_names(with_edits(self._plan.edits), self._plan.baseline)
        for index in self._open:
            case = self._plan.cases[index]
            if (case.workload, target.runtime.value, case.variant) in names:
                return index
        return None
