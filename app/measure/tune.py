"""Tuning one variant at one shape: try candidates one by one, then measure the best again in turn."""

import logging
import time
from collections.abc import Callable, Sequence
from statistics import median

from app.catalog import index as catalog
from app.core.errors import TargetLost
from app.core.events import (
    AnyEvent,
    CandidateFinished,
    CandidateStarted,
    CaseCalibrated,
    CaseFinished,
    CaseSampled,
    CaseStarted,
    TuningFinished,
)
from app.core.measurement import Status
from app.core.plan import Case, Settings
from app.core.recorder import now
from app.core.target import Target
from app.core.tuning import Candidate, TuneSettings, Tuning, Values, best_first
from app.core.variant import Variant, why_not
from app.engines import Device, Kernel, fall_back, note_of
from app.figures.statistics import Ratio, speedup
from app.measure.calibrate import Pace, adds_up, check_left_out, find_pace
from app.measure.group import measure_group
from app.measure.prepare import Ready, Refused, prepare
from app.measure.search import next_candidate, space
from app.measure.verify import WrongResult, complaint
from app.measure.visits import Length, lengths, visit
from app.measure.warm import LONGEST, WOKE, warm_up

log = logging.getLogger(__name__)

Emit = Callable[[AnyEvent], None]

CUT_OFF = 2.0
"""A candidate that is this many times slower than the best so far is dropped."""

VISITS = 3
FINALISTS = 3
FINAL_SECONDS = 1.0
"""Most timed seconds for each of the best when they are measured again."""

RESERVE = 12.0


def tune(
    device: Device,
    target: Target,
    case: Case,
    settings: TuneSettings,
    tried: Sequence[Candidate],
    emit: Emit,
    stopped: Callable[[], bool],
) -> None:
    """Search the parameters of ``case``, whose own are the defaults; ends with a ``TuningFinished``.

    ``tried`` are candidates that an earlier worker has tried already. When ``stopped`` the search ends
    without a word: whoever stopped it knows the candidates.
    """
    start = time.monotonic()
    variant = catalog.find(case.workload, case.variant, target.runtime)
    if reason := why_not(variant, target):
        emit(TuningFinished(None, reason))
        return
    search = _Search(device, target, case, variant, settings, emit)
    search.tried = list(tried)
    reserve = min(settings.seconds / 4, RESERVE)
    stop = search.run(start + settings.seconds - reserve, stopped)
    if stopped():
        return
    best = [c for c in best_first(search.tried)[:FINALISTS] if c.parameters != case.parameters]
    samples, clock = _finals(device, target, case, best, settings, emit, stopped)
    if not stopped():
        said = "; ".join(filter(None, (stop, search.clock or clock)))
        emit(_conclude(target, case, samples, search.tried, said))


class _Search:
    def __init__(
        self,
        device: Device,
        target: Target,
        case: Case,
        variant: Variant,
        settings: TuneSettings,
        emit: Emit,
    ) -> None:
        self._device, self._target, self._case, self._variant = device, target, case, variant
        self._settings, self._emit = settings, emit
        self.tried: list[Candidate] = []
        self.clock = ""
        """What befell the target's clock, if anything did."""

    def run(self, deadline: float, stopped: Callable[[], bool]) -> str:
        """Try candidates until none is left, time is up or somebody stops it; says which."""
        defaults = dict(self._case.parameters)
        size = space(self._variant, defaults)
        while not stopped():
            if time.monotonic() > deadline and self.tried:
                return "time limit reached"
            parameters = next_candidate(self._variant, defaults, self.tried, self._settings.seed)
            if parameters is None:
                return "no change makes the best faster" if len(self.tried) < size else "all were tried"
            before = self.clock
            candidate = self._try(parameters)
            if self.clock != before:  # what another clock measured is no rival
                self.tried = [one for one in self.tried if one.seconds is None]
            self.tried.append(candidate)
            self._emit(CandidateFinished(len(self.tried), size, self.tried[-1]))
        return "stopped by the user"

    def _try(self, parameters: Values) -> Candidate:
        case = with_parameters(self._case, parameters)
        try:
            ready = prepare(
                self._device,
                self._target,
                case,
                self._settings.seed,
                started=lambda step: self._emit(CandidateStarted(parameters, step)),
            )
        except Refused as refused:
            return Candidate(parameters, refused.status, None, refused.reason)
        try:
            self._emit(CandidateStarted(parameters, "timing"))
            return self._time(parameters, ready, next((c.seconds for c in best_first(self.tried)), None))
        except TargetLost:
            raise
        except WrongResult as wrong:
            return Candidate(parameters, Status.WRONG, None, str(wrong))
        except Exception as error:
            log.exception("%s %s failed", self._case, parameters)
            return Candidate(parameters, Status.FAILED, None, str(error))
        finally:
            ready.kernel.close()

    def _time(self, parameters: Values, ready: Ready, best: float | None) -> Candidate:
        """One run, checked; then visits if it may still win against the ``best`` seconds so far."""
        kernel = ready.kernel
        limit = CUT_OFF * best if best else float("inf")
        batch = self._settings.batch_seconds
        kernel.poison()
        once = kernel.time(1)
        # One run tells the speed of a kernel only where it lasts as long as a batch.
        if once > max(limit, batch):
            return _slower(parameters, once, best)
        error = ready.check(kernel.result())
        if not error.acceptable:
            return Candidate(parameters, Status.WRONG, None, complaint(error))
        pace, length = self._planned(kernel)
        if not pace.run and fall_back(kernel):
            return self._by_other_clock(parameters, ready)
        if self._awoke(kernel, pace, length):
            pace, length = self._planned(kernel)
        if pace.run > limit:
            return _slower(parameters, pace.run, best)
        if not adds_up(pace, length.repeats):
            check_left_out(kernel, length.repeats)
        found = [visit(kernel, length) for _ in range(VISITS)]
        samples = [one.seconds for one in found if one]
        if not samples:
            if fall_back(kernel):
                return self._by_other_clock(parameters, ready)
            return Candidate(parameters, Status.FAILED, None, f"the clock ({kernel.timer}) gave no data")
        error = ready.check(kernel.result())
        if not error.acceptable:
            return Candidate(parameters, Status.WRONG, None, f"after timing, {complaint(error)}")
        return Candidate(parameters, Status.OK, median(samples))

    def _by_other_clock(self, parameters: Values, ready: Ready) -> Candidate:
        self.clock = note_of(ready.kernel)
        return self._time(parameters, ready, None)

    def _planned(self, kernel: Kernel) -> tuple[Pace, Length]:
        pace, visit_seconds = find_pace(kernel, self._target.clock_step), self._settings.batch_seconds
        (length,) = lengths([pace], self._target.clock_step, visit_seconds, VISITS * visit_seconds)
        return pace, length

    def _awoke(self, kernel: Kernel, pace: Pace, length: Length) -> bool:
        """Whether ``kernel`` slept when its ``pace`` was found; now it does not."""
        warmed = warm_up(kernel, length.repeats * pace.run, pace.run, LONGEST, lambda: False)
        return pace.run > WOKE * warmed.run > 0


def _slower(parameters: Values, seconds: float, best: float | None) -> Candidate:
    ratio = seconds / best if best else 0.0
    return Candidate(parameters, Status.SKIPPED, None, f"{ratio:.1f} times slower than the best so far")


def with_parameters(case: Case, parameters: Values) -> Case:
    """``case`` with other parameters."""
    return Case(case.target, case.workload, case.variant, case.shape, parameters)


def _finals(
    device: Device,
    target: Target,
    case: Case,
    best: Sequence[Candidate],
    settings: TuneSettings,
    emit: Emit,
    stopped: Callable[[], bool],
) -> tuple[list[tuple[Values, dict[int, float]]], str]:
    """Samples by round of the defaults, then of ``best``; none where a result was wrong after all.

    With them, what befell the clock or the target's speed meanwhile.
    """
    contest = [dict(case.parameters), *(candidate.parameters for candidate in best)]
    samples: list[dict[int, float]] = [{} for _ in contest]
    said: dict[str, None] = {}

    def note(event: AnyEvent) -> None:
        if isinstance(event, CaseStarted):
            emit(CandidateStarted(contest[event.case], f"{event.step} again"))
        elif isinstance(event, CaseSampled):
            samples[event.case][event.round] = event.seconds
        elif isinstance(event, CaseCalibrated) or (
            isinstance(event, CaseFinished) and event.status is not Status.OK
        ):
            samples[event.case].clear()
        elif isinstance(event, CaseFinished):
            said[event.reason] = None

    cases = [(i, with_parameters(case, parameters)) for i, parameters in enumerate(contest)]
    again = Settings(FINAL_SECONDS, 0.01, settings.batch_seconds, settings.step_seconds, settings.seed)
    measure_group(device, target, cases, 0, again, note, stopped)
    return list(zip(contest, samples, strict=True)), "; ".join(filter(None, said))


def _conclude(
    target: Target,
    case: Case,
    samples: Sequence[tuple[Values, dict[int, float]]],
    tried: Sequence[Candidate],
    stop: str,
) -> TuningFinished:
    """The fastest of those measured again, if it is surely faster than the defaults; else the defaults."""
    (defaults, base), *_ = samples
    measured = [(parameters, times) for parameters, times in samples if times]
    if not measured:
        reasons = [c.reason for c in tried if c.reason]
        return TuningFinished(
            None, f"no candidate gave a right result; {reasons[0] if reasons else ''}".strip("; ")
        )
    ratio: Ratio | None = None
    best, times = min(measured, key=lambda pair: median(pair[1].values()))
    if base:
        ratio = _gain(base, times) if best != defaults else Ratio(1.0, 1.0, 1.0)
        if ratio is None or (ratio.value if ratio.low is None else ratio.low) <= 1:
            best, times, ratio = defaults, base, Ratio(1.0, 1.0, 1.0)
    return TuningFinished(
        Tuning(
            workload=case.workload,
            variant=case.variant,
            runtime=target.runtime.value,
            shape=case.shape,
            parameters=best,
            defaults=defaults,
            seconds=median(times.values()),
            default_seconds=median(base.values()) if base else None,
            speedup=ratio,
            tried=len(tried),
            stop=stop,
            date=now(),
        )
    )


def _gain(base: dict[int, float], times: dict[int, float]) -> Ratio | None:
    """The speedup from the rounds that both took part in."""
    rounds = sorted(base.keys() & times.keys())
    return speedup([base[i] for i in rounds], [times[i] for i in rounds], paired=True)
