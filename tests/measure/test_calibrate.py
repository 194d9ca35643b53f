"""Batches: long enough to be timed, never so long that a desktop freezes; and clocks that run backwards."""

from collections.abc import Callable, Mapping
from itertools import accumulate

import numpy as np
import pytest

from app.catalog import find
from app.core.events import AnyEvent, CaseFinished, CaseSampled
from app.core.measurement import Costs, Status
from app.core.plan import Case, Settings
from app.core.program import Program
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.engines import Device, Kernel, load
from app.measure.calibrate import LONGEST_SUBMISSION, LOOKS, MOST_REPEATS, calibrate
from app.measure.group import NO_DATA_LIMIT, measure_group
from app.measure.verify import WrongResult


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


def test_a_batch_grows_twofold_at_most() -> None:
    kernel = Steady(1e-6)
    calibrate(kernel, 0.015)
    longest = accumulate(kernel.batches, max)
    assert all(after <= 2 * before for before, after in zip(longest, kernel.batches[1:], strict=False))


def test_a_slow_moment_ends_no_doubling() -> None:
    class Interrupted(Steady):
        def time(self, repeats: int) -> float:
            again = repeats in self.batches
            return super().time(repeats) + (0.01 if repeats == 4 and not again else 0.0)

    assert calibrate(Interrupted(1e-3), 0.015) == 8


def test_a_time_that_doubles_with_the_runs_is_looked_at_once() -> None:
    kernel = Steady(1e-3)
    assert kernel.batches.count(calibrate(kernel, 0.015)) == 1
    uneven = Steady(1e-3, overhead=4e-3)
    assert uneven.batches.count(calibrate(uneven, 0.02)) == LOOKS


def test_a_slow_moment_makes_no_batch_of_skipped_runs() -> None:
    class Idle(Steady):
        def time(self, repeats: int) -> float:
            stalls = repeats == MOST_REPEATS and MOST_REPEATS not in self.batches
            self.batches.append(repeats)
            return 2e-3 if stalls else 1e-6

    with pytest.raises(WrongResult, match="take hardly longer than"):
        calibrate(Idle(1e-6), 0.015)


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
    assert f"gave no data for {NO_DATA_LIMIT} batches" in end.reason
    assert samples == []
