"""One group: every variant of a workload at one shape on one target, prepared, then sampled in turn."""

import logging
from collections.abc import Callable, Sequence

from msgspec import structs

from app.core.edit import Edit
from app.core.errors import TargetLost, in_words
from app.core.events import (
    AnyEvent,
    CaseFinished,
    CaseOpened,
    CaseSampled,
    CaseStarted,
    GroupFinished,
)
from app.core.measurement import Place, Status
from app.core.plan import Case, Settings
from app.core.target import Target
from app.engines import Device
from app.measure.calibrate import find_pace
from app.measure.prepare import Ready, Refused, prepare
from app.measure.prepared import Emit, Prepared, judge
from app.measure.sampling import Sampling
from app.measure.verify import WrongResult
from app.sensors import Sensors

log = logging.getLogger(__name__)

Stopped = Callable[[], bool]


def measure_group(
    device: Device,
    target: Target,
    cases: Sequence[tuple[int, Case]],
    baseline: int | None,
    settings: Settings,
    emit: Emit,
    stopped: Stopped,
    edits: Sequence[Edit] = (),
    life: int = 0,
    cache: int = 0,
) -> None:
    """Measure ``cases`` (index in the plan, case), which share target, workload and shape.

    ``baseline`` is the index of the case whose samples speedups are paired with, ``edits`` the texts of cases
    that the catalogue does not know, ``life`` the number that samples carry (``CaseSampled``), ``cache`` the
    bytes that the target's caches hold, 0 where nobody knows. Whatever one case does wrong ends that case
    alone. Every case gets its ``CaseFinished`` and the group its ``GroupFinished``.

    Raises:
        TargetLost: the target went away; the cases without a ``CaseFinished`` are to be measured again.
    """
    sensors = Sensors("" if target.is_cpu else target.gpu or target.id)

    def told(event: AnyEvent) -> None:
        if isinstance(event, CaseSampled):
            event = structs.replace(event, conditions=sensors.latest())
        emit(event)

    ready: list[Prepared] = []
    for index, case in cases:
        if stopped():
            emit(CaseFinished(index, Status.CANCELLED, "stopped before it began"))
            continue
        try:
            ready.append(_prepare(device, target, index, case, settings, edits, cache, emit))
        except _Ended as ended:
            emit(ended.event)
    Sampling(ready, baseline, settings, target.clock_step, life, told, stopped).run()
    for prepared in ready:
        prepared.close()
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
    cache: int,
    emit: Emit,
) -> Prepared:
    """The case's kernel in as many instances as are asked for, each compiled, right and calibrated."""
    instances: list[Ready] = []
    emit(CaseOpened(index))

    def started(step: str) -> None:
        emit(CaseStarted(index, step))

    try:
        for number in range(settings.instances):
            ready = prepare(
                device, target, case, settings.seed, edits, settings.cold, settings.operands, started, cache
            )
            instances.append(ready)
            if number == 0:
                emit(ready.as_event(index))
            started("verifying")
            ready.kernel.poison()
            ready.kernel.time(1)
            judge(ready, index, emit)
        emit(CaseStarted(index, "calibrating"))
        return Prepared(index, instances, find_pace(instances[0].kernel, target.clock_step))
    except TargetLost:
        raise
    except Exception as error:
        for ready in instances:
            ready.kernel.close()
        raise _last_word(index, case, error) from error


def _last_word(index: int, case: Case, error: Exception) -> _Ended:
    if isinstance(error, Refused):
        return _Ended(index, error.status, error.reason, error.place)
    if isinstance(error, WrongResult):
        return _Ended(index, Status.WRONG, str(error))
    log.error("%s failed", case, exc_info=error)
    return _Ended(index, Status.FAILED, in_words(error))
