"""One group: every variant of a workload at one shape on one target, sampled in turn."""

import logging
from collections.abc import Callable, Sequence
from functools import partial

from app.core.edit import Edit
from app.core.errors import KernelscopeError, TargetLost, in_words
from app.core.events import (
    AnyEvent,
    CaseFinished,
    CasePrepared,
    CaseSampled,
    CaseStarted,
    CaseVerified,
    GroupFinished,
)
from app.core.measurement import Place, Status
from app.core.plan import Case, Settings
from app.core.statistics import FEWEST_SAMPLES
from app.core.target import Target
from app.engines import Device, note_of
from app.measure.calibrate import calibrate
from app.measure.prepare import Ready, Refused, prepare
from app.measure.stopping import why_stop
from app.measure.verify import WrongResult, check_follows, complaint

log = logging.getLogger(__name__)

Emit = Callable[[AnyEvent], None]
Stopped = Callable[[], bool]

AFTER = "after timing, "

NO_DATA_LIMIT = 5
"""Batches without data from the clock before a case is given up."""


class _Prepared:
    """A case whose kernel is ready: what the rounds need to know of it."""

    def __init__(self, index: int, ready: Ready, repeats: int) -> None:
        self.index = index
        self.ready = ready
        self.kernel = ready.kernel
        self.repeats = repeats
        self.samples: list[float] = []
        self.spent = 0.0
        self.no_data = 0


def measure_group(
    device: Device,
    target: Target,
    cases: Sequence[tuple[int, Case]],
    baseline: int | None,
    settings: Settings,
    emit: Emit,
    stopped: Stopped,
    edits: Sequence[Edit] = (),
) -> None:
    """Measure ``cases`` (index in the plan, case), which share target, workload and shape.

    ``baseline`` is the index of the case whose samples speedups are paired with, ``edits`` the texts of cases
    that the catalogue does not know. Whatever one case does wrong ends that case alone. Every case gets its
    ``CaseFinished`` and the group its ``GroupFinished``.

    Raises:
        TargetLost: the target went away; the cases without a ``CaseFinished`` are to be measured again.
    """
    ready: list[_Prepared] = []
    for index, case in cases:
        if stopped():
            emit(CaseFinished(index, Status.CANCELLED, "stopped before it began"))
            continue
        try:
            ready.append(_prepare(device, target, index, case, settings, edits, emit))
        except _Ended as ended:
            emit(ended.event)
    _sample(ready, baseline, settings, emit, stopped)
    for prepared in ready:
        prepared.kernel.close()
    emit(GroupFinished())


class _Ended(Exception):
    """A case is over before its rounds; carries its last word."""

    def __init__(self, index: int, status: Status, reason: str, place: Place | None = None) -> None:
        super().__init__(reason)
        self.event = CaseFinished(index, status, reason, place=place)


def _prepare(
    device: Device,
    target: Target,
    index: int,
    case: Case,
    settings: Settings,
    edits: Sequence[Edit],
    emit: Emit,
) -> _Prepared:
    def started(step: str) -> None:
        emit(CaseStarted(index, step))

    try:
        ready = prepare(device, target, case, settings.seed, edits, settings.cold, settings.operands, started)
    except Refused as refused:
        raise _Ended(index, refused.status, refused.reason, refused.place) from refused
    kernel = ready.kernel
    emit(CasePrepared(index, ready.source, ready.language, kernel.timer, kernel.costs, ready.rotation))
    emit(CaseStarted(index, "verifying"))
    try:
        kernel.poison()
        kernel.time(1)
        _judge(ready, index, emit)
        emit(CaseStarted(index, "calibrating"))
        repeats = calibrate(kernel, settings.batch_seconds, target.clock_step)
        return _Prepared(index, ready, repeats)
    except TargetLost:
        raise
    except WrongResult as wrong:
        kernel.close()
        raise _Ended(index, Status.WRONG, str(wrong)) from wrong
    except Exception as error:
        kernel.close()
        log.exception("%s failed", case)
        raise _Ended(index, Status.FAILED, in_words(error)) from error


def _judge(ready: Ready, index: int, emit: Emit, when: str = "") -> None:
    """Compare the result of the latest run with the reference.

    Raises:
        WrongResult: it differs by more than rounding explains.
    """
    error = ready.check(ready.kernel.result())
    emit(CaseVerified(index, error))
    if not error.acceptable:
        raise WrongResult(f"{when}{complaint(error)}")


def _sample(
    ready: list[_Prepared], baseline: int | None, settings: Settings, emit: Emit, stopped: Stopped
) -> None:
    """Visit the cases in turn, one batch each, until every one has a reason to stop."""
    active = list(ready)
    base = next((p for p in ready if p.index == baseline), None)
    while active and not stopped():
        for prepared in list(active):
            if stopped():
                break
            if ended := _ends(prepared.index, partial(_batch, prepared, emit)):
                emit(ended)
                active.remove(prepared)
        others = [p for p in active if p is not base]
        for prepared in others or active:
            paired = base.samples if base is not None and prepared is not base else None
            if reason := why_stop(prepared.samples, paired, prepared.spent, settings):
                _finish(prepared, reason, emit, poison=True)
                active.remove(prepared)
    for prepared in active:
        if len(prepared.samples) >= FEWEST_SAMPLES:
            _finish(prepared, "stopped by the user", emit, poison=False)  # one more batch each takes too long
        else:
            emit(CaseFinished(prepared.index, Status.CANCELLED, "stopped after too few samples"))


def _batch(prepared: _Prepared, emit: Emit) -> None:
    emit(CaseStarted(prepared.index, "timing"))
    seconds = prepared.kernel.time(prepared.repeats)
    if seconds <= 0:
        prepared.no_data += 1
        if prepared.no_data > NO_DATA_LIMIT:
            raise KernelscopeError(
                f"the clock ({prepared.kernel.timer}) gave no data for {NO_DATA_LIMIT} batches"
            )
        return
    prepared.spent += seconds
    prepared.samples.append(seconds / prepared.repeats)
    emit(CaseSampled(prepared.index, prepared.repeats, prepared.samples[-1]))
    if len(prepared.samples) == FEWEST_SAMPLES:
        _judge(prepared.ready, prepared.index, emit, AFTER)
        check_follows(prepared.kernel, prepared.ready.layout)


def _ends(index: int, work: Callable[[], None]) -> CaseFinished | None:
    """The last word on a case if ``work`` brings it about; None if the case goes on."""
    try:
        work()
    except TargetLost:
        raise
    except WrongResult as wrong:
        return CaseFinished(index, Status.WRONG, str(wrong))
    except Exception as error:
        log.exception("case %d failed while it was timed", index)
        return CaseFinished(index, Status.FAILED, in_words(error))
    return None


def _finish(prepared: _Prepared, reason: str, emit: Emit, poison: bool) -> None:
    """The result is judged once more: the batches that were timed must have been right as well."""

    def judge() -> None:
        if poison:
            if len(prepared.samples) < FEWEST_SAMPLES:  # its rounds ended before they came to this
                check_follows(prepared.kernel, prepared.ready.layout)
            prepared.kernel.poison()
            prepared.kernel.time(prepared.repeats)
        _judge(prepared.ready, prepared.index, emit, AFTER)

    note = note_of(prepared.kernel)
    emit(_ends(prepared.index, judge) or CaseFinished(prepared.index, Status.OK, note, reason))
