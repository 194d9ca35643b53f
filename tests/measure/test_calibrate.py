"""Batches: long enough to be timed, never so long that a desktop freezes; and clocks that run backwards."""

from collections.abc import Callable, Mapping
from itertools import accumulate

import numpy as np
import pytest

from app.catalog.index import find
from app.core.events import AnyEvent, CaseFinished, CaseSampled
from app.core.measurement import Costs, Status
from app.core.plan import Case, Settings
from app.core.program import Program
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.engines import Device, Kernel, load
from app.measure.calibrate import LONGEST_SUBMISSION, MOST_REPEATS, Pace, calibrate, check_left_out, find_pace
from app.measure.group import measure_group
from app.measure.sampling import NO_DATA_LIMIT
from app.measure.verify import WrongResult
from app.measure.visits import lengths


class Steady:
    """Takes ``overhead`` seconds and ``each`` for every run, by its own clock."""

    timer = "made up"
    costs = Costs(0, 0, 0)

    def __init__(self, each: float, overhead: float = 0.0) -> None:
        self._each, self._overhead = each, overhead
        self.batches: list[int] = []

    def time(self, repeats: int) -> float:
        self.batches.append(repeats)
        return self._overhead + self._each * repeats

    def poison(self) -> None: ...

    def load(self, buffers: Mapping[str, np.ndarray]) -> None: ...

    def result(self) -> np.ndarray:
        return np.zeros(1)

    def close(self) -> None: ...


@pytest.mark.parametrize("each", [1e-8, 1e-6, 3e-4, 2e-3, 0.02, 0.04, 0.06, 0.5, 3.0])
@pytest.mark.parametrize("overhead", [0.0, 2e-4, 0.03])
def test_no_submission_is_longer_than_it_may_be_unless_a_single_run_is(each: float, overhead: float) -> None:
    kernel = Steady(each, overhead)
    repeats = calibrate(kernel, 0.015)
    assert kernel.batches[0] == 1, "nothing is known of a kernel before its first run"
    for batch in kernel.batches:
        assert batch == 1 or overhead + each * batch <= LONGEST_SUBMISSION
    assert repeats == MOST_REPEATS or overhead + each * repeats >= 0.0075


def test_the_search_grows_twofold_at_most() -> None:
    kernel = Steady(1e-6)
    find_pace(kernel)
    longest = accumulate(kernel.batches, max)
    assert all(after <= 2 * before for before, after in zip(longest, kernel.batches[1:], strict=False))


def test_batches_are_as_long_as_asked() -> None:
    for each in (2e-8, 3.7e-6, 1e-4):
        assert calibrate(Steady(each), 0.015) * each == pytest.approx(0.015, rel=0.02)


def test_a_slow_moment_is_no_work() -> None:
    class Interrupted(Steady):
        def time(self, repeats: int) -> float:
            again = repeats in self.batches
            return super().time(repeats) + (0.01 if repeats == 4 and not again else 0.0)

    assert calibrate(Interrupted(1e-3), 0.015) == 15


class Waiting(Steady):
    """Most of its calls wait for time slices, as those into a thread of V8 do on a busy machine."""

    def __init__(self, each: float, share: float, seed: int) -> None:
        super().__init__(each)
        self._share, self._random = share, np.random.default_rng(seed)
        self._worked = 0.0

    def time(self, repeats: int) -> float:
        work = super().time(repeats)
        self._worked += work
        waits = self._random.random() < self._share
        return work + (4e-3 * int(self._random.integers(1, 5)) if waits else 0.0)

    def cpu(self) -> float:
        return self._worked


def test_waits_of_a_scheduler_are_not_taken_for_work() -> None:
    for seed in range(300):
        assert 7000 <= calibrate(Waiting(1.83e-6, 0.7, seed), 0.015) <= 9000


def test_a_batch_spared_the_waits_of_all_before_is_not_short_of_runs() -> None:
    check_left_out(Steady(1e-6, 1e-5), 2000)
    for fewer in (lambda n: min(n, 900), lambda n: 1):
        lazy = Steady(1e-6)
        lazy.time = lambda repeats, fewer=fewer: 1e-6 * fewer(repeats)  # type: ignore[method-assign,misc]
        with pytest.raises(WrongResult, match="some of them do nothing"):
            check_left_out(lazy, 2000)


@pytest.mark.parametrize("fewer", [lambda n: -(-n // 2), lambda n: min(n, 20), lambda n: 1])
def test_runs_that_are_left_out_show_at_every_count(fewer: Callable[[int], int]) -> None:
    class Lazy(Waiting):
        one_thread = True

        def time(self, repeats: int) -> float:
            return super().time(fewer(repeats))

    with pytest.raises(WrongResult):
        calibrate(Lazy(1e-3, 0.0, 1), 0.04)


def paces(*runs: float, fixed: float = 0.0) -> list[Pace]:
    return [find_pace(Steady(run, fixed)) for run in runs]


@pytest.mark.parametrize("runs", [(2e-6, 3.4e-6), (1e-4, 1.7e-4), (3.1e-4, 2.2e-4, 7e-4), (9.4e-3, 1.5e-2)])
@pytest.mark.parametrize("fixed", [0.0, 1.5e-4])
def test_batches_of_a_group_are_alike_and_shift_no_ratio(runs: tuple[float, ...], fixed: float) -> None:
    found = lengths(paces(*runs, fixed=fixed), 0.0, 0.015, 0.5)
    batches = [length.repeats * run for length, run in zip(found, runs, strict=True)]
    assert max(batches) / min(batches) <= 1.2
    seen = [run + fixed / length.repeats for length, run in zip(found, runs, strict=True)]
    for run, other in zip(runs, seen, strict=True):
        assert seen[0] / other == pytest.approx(runs[0] / run, rel=0.003)


def test_a_slow_kernel_does_not_make_the_batches_of_others_as_long() -> None:
    slow, quick = lengths(paces(1.8, 1e-4), 0.0, 0.015, 0.5)
    assert (slow.repeats, slow.batches, slow.rounds) == (1, 1, 2)
    assert 5e-3 <= quick.repeats * 1e-4 <= 0.03


def test_a_coarse_clock_makes_longer_batches() -> None:
    (length,) = lengths(paces(1e-5), 1e-4, 0.015, 0.5)
    assert length.repeats * 1e-5 == pytest.approx(0.02, rel=0.02)


class HandedOver(Steady):
    """Each call wakes another thread."""

    call_jitter = 1.5e-5


def test_where_batches_wait_for_threads_visits_are_shorter_and_more() -> None:
    found = {}
    for kind in (Steady, HandedOver):
        (found[kind],) = lengths([find_pace(kind(2e-5))], 0.0, 0.015, 0.5)
    plain, handed = found.values()
    assert (plain.repeats, plain.batches) == (50, 14)
    assert (handed.repeats, handed.batches) == (150, 2), "batches of 200 times what a call varies by"
    for one in found.values():
        assert one.rounds * one.seconds == pytest.approx(0.5, rel=0.05)


def test_a_slow_moment_makes_no_batch_of_skipped_runs() -> None:
    class Idle(Steady):
        def time(self, repeats: int) -> float:
            stalls = repeats == MOST_REPEATS and MOST_REPEATS not in self.batches
            self.batches.append(repeats)
            return 2e-3 if stalls else 1e-6

    with pytest.raises(WrongResult, match="take hardly longer than"):
        calibrate(Idle(1e-6), 0.015)


@pytest.mark.parametrize("waits", [1, 1 << 20])
def test_a_call_that_costs_as_much_as_many_short_runs_condemns_none(waits: int) -> None:
    class Called(Steady):
        def time(self, repeats: int) -> float:
            self.batches.append(repeats)
            late = 1e-3 if repeats < MOST_REPEATS and self.batches.count(repeats) <= waits else 0.0
            return repeats * 8e-10 + (late if waits == 1 else 3e-4)

    assert calibrate(Called(8e-10), 0.015) == MOST_REPEATS


class Odd:
    """A real device whose clock ``spoil`` changes; it gets the number of the call and its seconds."""

    def __init__(self, device: Device, spoil: Callable[[int, float], float]) -> None:
        self._device, self._spoil = device, spoil

    def prepare(self, program: Program) -> Kernel:
        kernel = self._device.prepare(program)
        honest, calls = kernel.time, iter(range(1 << 30))
        kernel.time = lambda repeats: self._spoil(next(calls), honest(repeats))  # type: ignore[method-assign]
        return kernel


def timed(wasmtime: Target, spoil: Callable[[int, float], float]) -> tuple[CaseFinished, list[float]]:
    like = find("matvec", "f32-simd", Runtime.WASM)
    case = Case(wasmtime.id, "matvec", like.name, Shape(64, 64), like.defaults(wasmtime))
    events: list[AnyEvent] = []
    device = Odd(load("wasmtime").open(wasmtime), spoil)
    quick = Settings(seconds=0.02, batch_seconds=0.001)
    measure_group(device, wasmtime, [(0, case)], None, quick, events.append, lambda: False)
    (end,) = [event for event in events if isinstance(event, CaseFinished)]
    return end, [event.seconds for event in events if isinstance(event, CaseSampled)]


@pytest.fixture
def wasmtime(targets: list[Target]) -> Target:
    return next(target for target in targets if target.id == "wasmtime")


def test_a_clock_that_jumps_back_now_and_then_costs_those_batches(wasmtime: Target) -> None:
    end, samples = timed(wasmtime, lambda call, seconds: -3600.0 if call % 7 == 6 else seconds)
    assert end.status is Status.OK, end
    assert min(samples) > 0


def test_a_clock_that_only_runs_backwards_costs_the_case(wasmtime: Target) -> None:
    end, samples = timed(wasmtime, lambda call, seconds: -seconds)
    assert end.status is Status.FAILED
    assert f"gave no data for {NO_DATA_LIMIT} visits" in end.reason
    assert samples == []
