"""A tuning as the parent sees it: it outlives the workers that its candidates kill."""

import time
from collections.abc import Iterator
from threading import Event

from msgspec import structs

from app.core.events import (
    AnyEvent,
    CandidateFinished,
    CandidateStarted,
    TuningFinished,
)
from app.core.measurement import Status
from app.core.plan import Case
from app.core.recorder import now
from app.core.target import Target
from app.core.tuning import Candidate, TuneSettings, Tuning, best_first
from app.figures.statistics import Ratio
from app.worker.browsers import BROWSER
from app.worker.pages import returning
from app.worker.process import WorkerLost
from app.worker.protocol import Tune
from app.worker.workers import Workers

CLEARLY = 1.1
"""How many times faster than the defaults a candidate must be that was never measured again beside them."""


def tuning(workers: Workers, case: Case, settings: TuneSettings, stop: Event) -> Iterator[AnyEvent]:
    """Every event of tuning ``case`` until its ``TuningFinished``."""
    target = workers.target(case.target)
    if target is None:
        yield TuningFinished(None, f"there is no target {case.target!r} on this machine")
        return
    tried: list[Candidate] = []
    deadline = time.monotonic() + settings.seconds
    lost_ones: list[Candidate] = []
    under_way = CandidateStarted(case.parameters, "starting")
    while not stop.is_set():
        left = max(1.0, deadline - time.monotonic())
        job = Tune(target, case, structs.replace(settings, seconds=left), tuple(tried))
        try:
            for event in workers.converse(target, job, lambda: settings.step_seconds, stop):
                if isinstance(event, CandidateStarted):
                    under_way = event
                elif isinstance(event, CandidateFinished):
                    own = event.candidate.parameters  # it comes again where a clock failed
                    tried = [one for one in tried if one.parameters != own]
                    tried.append(event.candidate)
                yield event
                if isinstance(event, TuningFinished):
                    return
        except WorkerLost as lost:
            again = any(c.parameters == under_way.parameters for c in lost_ones)
            lost_ones.append(
                Candidate(under_way.parameters, Status.FAILED, None, f"{lost} while {under_way.step}")
            )
            # A candidate may have been right until it was measured again.
            tried = [c for c in tried if c.parameters != under_way.parameters] + lost_ones[-1:]
            if again or time.monotonic() > deadline or workers.health.why_stopped(target.id):
                break
            if target.engine == BROWSER and not (yield from returning(workers, target, stop)):
                break
    why = (
        "stopped by the user" if stop.is_set() else "its workers died" if lost_ones else "time limit reached"
    )
    yield _known(target, case, tried, why)


def _known(target: Target, case: Case, tried: list[Candidate], stop: str) -> TuningFinished:
    """What an unfinished search found: its best if that was clearly faster than the defaults."""
    default = next((c for c in tried if c.parameters == case.parameters), None)
    best = next(iter(best_first(tried)), None)
    if best is None or best.seconds is None or default is None:
        return TuningFinished(None, f"{stop} before anything was known")
    ratio = None
    if default.seconds is not None:
        ratio = Ratio(default.seconds / best.seconds, None, None)
        if ratio.value < CLEARLY:
            return TuningFinished(None, f"{stop} before anything was surely faster than the defaults")
    return TuningFinished(
        Tuning(
            workload=case.workload,
            variant=case.variant,
            runtime=target.runtime.value,
            shape=case.shape,
            parameters=best.parameters,
            defaults=case.parameters,
            seconds=best.seconds,
            default_seconds=default.seconds,
            speedup=ratio,
            tried=len(tried),
            stop=stop,
            date=now(),
        )
    )
