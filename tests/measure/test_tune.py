"""Tuning on a device whose clock is made up, so that every decision can be foreseen."""

from collections.abc import Callable
from fnmatch import fnmatch

import numpy as np
import pytest

from app.catalog.index import variants
from app.core.errors import KernelError, LimitError
from app.core.events import AnyEvent, CandidateFinished, TuningFinished
from app.core.measurement import Costs, Status
from app.core.plan import Case
from app.core.program import Program
from app.core.shape import Shape
from app.core.target import Runtime
from app.core.tuning import Candidate, TuneSettings, Tuning, Values
from app.measure.tune import tune
from app.workloads import workloads
from tests.findings.test_rows import target

GPU = target("gpu")
F32 = next(v for v in variants() if (v.workload, v.name, v.runtime) == ("matvec", "f32", Runtime.WGSL))
DEFAULTS: Values = F32.defaults(GPU)
CASE = Case("gpu", "matvec", "f32", Shape(20, 30), DEFAULTS)
QUICK = TuneSettings(seconds=20.0)
Clock = Callable[[Values], float]


class FakeKernel:
    timer = "made up"

    def __init__(self, program: Program, seconds: float, right: bool, log: list[int]) -> None:
        self.costs = Costs(0, 0, 0)
        self._answer = workloads()["matvec"].reference(program.layout.stored()).astype(np.float32)
        self._answer[0] += 0.0 if right else 1.0
        self._seconds = seconds
        self._log = log
        log.append(0)

    def time(self, repeats: int) -> float:
        self._log[-1] += 1
        return self._seconds * repeats

    def load(self, buffers: object) -> None:
        self._answer = -self._answer

    def poison(self) -> None: ...

    def result(self) -> np.ndarray:
        return self._answer

    def close(self) -> None: ...


class FakeDevice:
    """Seconds per run by ``clock``; negative means a wrong result, 0 a refusal, infinity a compile error."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.calls: list[int] = []

    def prepare(self, program: Program) -> FakeKernel:
        seconds = self._clock(dict(program.parameters))
        if seconds == 0:
            raise LimitError("needs too much")
        if seconds == float("inf"):
            raise KernelError("unknown word", 3, 7)
        return FakeKernel(program, abs(seconds), seconds > 0, self.calls)


def run(
    clock: Clock, settings: TuneSettings = QUICK, tried: tuple[Candidate, ...] = ()
) -> tuple[TuningFinished, list[Candidate], FakeDevice]:
    device, events = FakeDevice(clock), []
    tune(device, GPU, CASE, settings, tried, events.append, lambda: False)
    return last(events), [e.candidate for e in events if isinstance(e, CandidateFinished)], device


def last(events: list[AnyEvent]) -> TuningFinished:
    assert isinstance(events[-1], TuningFinished)
    return events[-1]


def tuning(finished: TuningFinished) -> Tuning:
    assert finished.tuning is not None, finished.reason
    return finished.tuning


def test_the_fastest_wins_and_the_gain_is_known() -> None:
    best = {"rows_per_thread": 16, "workgroup_size": 32, "unroll": 2}
    finished, candidates, _ = run(lambda p: 0.01 if p == best else 0.019)
    found = tuning(finished)
    assert found.parameters == best
    assert found.defaults == DEFAULTS
    assert found.speedup is not None
    assert round(found.speedup.value, 3) == 1.9
    assert found.speedup.low is not None
    assert found.speedup.low > 1.8
    assert (found.seconds, found.default_seconds) == (0.01, 0.019)
    assert found.tried == len(candidates) == 60
    assert found.stop == "all were tried"


def test_the_defaults_stay_unless_something_is_surely_faster() -> None:
    """Every candidate measures the same on the whole, some faster in the search by chance."""
    random = np.random.default_rng(5)
    found = tuning(run(lambda p: 0.01 * float(random.uniform(0.999, 1.001)) if p != DEFAULTS else 0.00999)[0])
    assert found.parameters == DEFAULTS
    assert found.speedup is not None
    assert found.speedup.value == 1.0


def test_wrong_and_refused_candidates_never_win() -> None:
    def clock(p: Values) -> float:
        if p == DEFAULTS:
            return 0.01
        special = {(1, 32): -0.001, (1, 64): 0.0, (1, 128): float("inf")}
        return special.get((p["rows_per_thread"], p["workgroup_size"]), 0.011)

    finished, candidates, _ = run(clock)
    assert tuning(finished).parameters == DEFAULTS
    ends = {(c.status, c.reason.split(":")[0]) for c in candidates if c.seconds is None}
    assert (Status.SKIPPED, "needs too much") in ends
    assert (Status.FAILED, "does not compile") in ends
    wrong = [c for c in candidates if c.status is Status.WRONG]
    assert len(wrong) == 3
    assert all(fnmatch(c.reason, "relative error*exceeds the tolerance*") for c in wrong)


def test_slow_candidates_are_cut_off_after_one_run() -> None:
    finished, candidates, device = run(lambda p: 0.02 if p["unroll"] == 1 else 5.0)
    slow = [i for i, c in enumerate(candidates) if c.parameters["unroll"] != 1]
    assert slow
    assert {device.calls[i] for i in slow} == {1}
    assert all("times slower than the best so far" in candidates[i].reason for i in slow)
    assert tuning(finished).parameters["unroll"] == 1


def test_a_search_ends_in_time_with_what_it_has() -> None:
    finished, candidates, _ = run(lambda p: 0.001, TuneSettings(seconds=0.004))
    assert tuning(finished).stop == "time limit reached"
    assert 1 <= len(candidates) < 60


def test_a_search_goes_on_from_what_was_tried() -> None:
    dead = Candidate({"rows_per_thread": 1, "workgroup_size": 32, "unroll": 1}, Status.FAILED, None, "died")
    known = Candidate(DEFAULTS, Status.OK, 0.01)
    _, candidates, _ = run(lambda p: 0.01, tried=(known, dead))
    assert len(candidates) == 58
    assert dead.parameters not in [c.parameters for c in candidates]


def test_where_the_defaults_do_not_run_the_best_of_the_others_wins() -> None:
    found = tuning(run(lambda p: 0.0 if p == DEFAULTS else 0.01)[0])
    assert found.parameters != DEFAULTS
    assert found.default_seconds is None
    assert found.speedup is None


@pytest.mark.parametrize(("seconds", "words"), [(0.0, "needs too much"), (-1.0, "exceeds the tolerance")])
def test_nothing_that_runs_is_no_tuning_with_a_reason(seconds: float, words: str) -> None:
    finished, _, _ = run(lambda p: seconds)
    assert finished.tuning is None
    assert words in finished.reason


class Stopping(FakeKernel):
    """Has two clocks; the better one stops for every kernel once so many were prepared."""

    def __init__(self, device: "StoppingDevice", *made: object) -> None:
        super().__init__(*made)  # type: ignore[arg-type]
        self._device, self.note = device, ""

    def time(self, repeats: int) -> float:
        seconds = super().time(repeats)
        if self._device.spare:
            return seconds + 1e-3  # what the other clock sees besides
        return seconds if len(self._device.calls) <= self._device.good else 0.0

    def fall_back(self) -> bool:
        had, self._device.spare = not self._device.spare, True
        self.note = "made up gave no data any more"
        return had


class StoppingDevice(FakeDevice):
    def __init__(self, clock: Clock, good: int) -> None:
        super().__init__(clock)
        self.good, self.spare = good, False

    def prepare(self, program: Program) -> Stopping:
        return Stopping(self, program, self._clock(dict(program.parameters)), True, self.calls)


@pytest.mark.parametrize("good", [0, 5, 62])
def test_a_clock_that_fails_gives_way_and_what_it_measured_is_tried_again(good: int) -> None:
    """Before, while and after candidates are tried: by the worse clock each looks slower."""
    best = {"rows_per_thread": 16, "workgroup_size": 32, "unroll": 2}
    device, events = StoppingDevice(lambda p: 0.01 if p == best else 0.011, good), list[AnyEvent]()
    tune(device, GPU, CASE, QUICK, (), events.append, lambda: False)
    found = tuning(last(events))
    assert found.parameters == best
    assert found.stop == "all were tried; made up gave no data any more"
    tried = [e.candidate for e in events if isinstance(e, CandidateFinished)]
    assert len(tried) == (60 + good if good < 60 else 60)
    assert all(candidate.status is Status.OK for candidate in tried)
    assert found.seconds > 0.01, "by the clock that is left"
