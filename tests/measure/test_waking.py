"""A GPU that wakes up while it is measured: ratios and ceilings stay right at every time constant."""

from collections.abc import Sequence

import pytest
from msgspec import structs

from app.core.events import AnyEvent, CaseCalibrated, CaseFinished, CaseSampled
from app.core.measurement import Status
from app.core.plan import Settings
from app.figures.statistics import Ratio, look_score, speedup
from app.machine.ceilings import GPU_SETTINGS
from app.measure.warm import LONGEST, WarmUp, warm_up
from tests.measure.waking import Gpu, Sleeper, sampled
from tests.web.modules import Clock

CONSTANTS = (0.0, 0.05, 0.15, 0.4, 1.0)
BASE, RATIO = 5e-6, 2.0

TRIALS = 80
"""A time constant. All 400 tell a coverage to 1 in 100 (a standard error), each by itself to 2.4."""


def samples(events: Sequence[AnyEvent], case: int) -> dict[int, float]:
    """By round, those that count: what came before the last plan is forgotten."""
    own = [event for event in events if getattr(event, "case", None) == case]
    (*_, planned) = (i for i, event in enumerate(own) if isinstance(event, CaseCalibrated))
    return {event.round: event.seconds for event in own[planned:] if isinstance(event, CaseSampled)}


def ratio(events: Sequence[AnyEvent]) -> Ratio:
    """The speedup of the second case over the first, at the level of the look that it ended at."""
    base, other = samples(events, 0), samples(events, 1)
    (*_, planned) = (e.rounds for e in events if isinstance(e, CaseCalibrated) and e.case == 1)
    rounds = sorted(base.keys() & other.keys())
    score = look_score(len(rounds), planned)
    found = speedup([base[i] for i in rounds], [other[i] for i in rounds], paired=True, score=score)
    assert found is not None
    assert found.low is not None
    return found


def holds(found: Ratio) -> bool:
    return bool(found.low <= RATIO <= found.high)


def test_intervals_hold_the_ratio_whatever_the_gpu_wakes_like() -> None:
    """Sampled to the last round, where the level is that of all looks together, 96 %."""
    held = []
    for constant in CONSTANTS:
        settings = Settings(seconds=0.25, precision=0.0)
        trials = range(TRIALS)
        hits = [
            holds(ratio(sampled(constant, (BASE, BASE / RATIO), structs.replace(settings, seed=seed), seed)))
            for seed in trials
        ]
        held.append(sum(hits) / TRIALS)
    assert 0.93 <= sum(held) / len(held) <= 0.97, held
    assert min(held) >= 0.90, held


@pytest.mark.parametrize("constant", CONSTANTS)
def test_a_ceiling_is_what_the_gpu_reaches_awake(constant: float) -> None:
    for seed in range(3):
        events = sampled(constant, (BASE,), GPU_SETTINGS, seed)
        assert 0.95 <= BASE / min(samples(events, 0).values()) <= 1.03


@pytest.mark.parametrize("constant", CONSTANTS)
def test_who_slept_is_told_of_and_nobody_else(constant: float) -> None:
    for seed in range(3):
        events = sampled(constant, (BASE, BASE / RATIO), Settings(), seed)
        ends = [event for event in events if isinstance(event, CaseFinished)]
        assert [end.status for end in ends] == [Status.OK] * 2
        for end in ends:
            assert ("s of warm-up" in end.reason) is (constant > 0)
            assert ("still getting faster" in end.reason) is (constant >= 0.4)


def test_a_processor_is_awake_when_it_was_calibrated() -> None:
    clock = Clock()
    kernel = Sleeper(Gpu(clock, 0.4, 1), BASE)
    with clock.ticking():
        assert warm_up(kernel, 1e-3, BASE, LONGEST, lambda: False).gain > 4
        before = clock.now
        kernel.cpu = lambda: 0.0
        assert warm_up(kernel, 1e-3, BASE, LONGEST, lambda: False) == WarmUp()
    assert clock.now == before
