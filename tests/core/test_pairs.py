"""Pairs: samples of the same round, and what is made of rounds, passes and instances."""

import math

import numpy as np
import pytest
from msgspec import structs

from app.core.measurement import Measurement, Status, Stretch
from app.core.pairs import BLOCKS, between, cpu_ratio, meets, pairs, ratio
from app.core.plan import Case
from app.core.shape import Shape
from app.figures.statistics import speedup

HERE = Shape(8, 8)
PACE = np.random.default_rng(3).lognormal(0, 0.3, 400).tolist()
"""How much slower than usual the machine is in each round."""


def measured(what: str, seconds: float, *stretches: tuple[int, int, int], **more: object) -> Measurement:
    """A case whose samples are its ``seconds`` at the machine's pace in each round (life, first, count)."""
    found = tuple(Stretch(*one) for one in stretches)
    rounds = [40 * one.life + one.first + i for one in found for i in range(one.count)]
    samples = tuple(seconds * PACE[i] for i in rounds)
    case = Case("t", "matvec", what, HERE)
    return Measurement(case, Status.OK, samples=samples, stretches=found, **more)  # type: ignore[arg-type]


def test_what_slowed_both_in_one_round_cancels() -> None:
    base, fast = measured("f32", 2.0, (0, 0, 12)), measured("fast", 1.0, (0, 0, 12))
    found = ratio(base, fast)
    assert found is not None
    assert (found.value, found.low, found.high) == pytest.approx((2.0, 2.0, 2.0))
    assert not found.unpaired


def test_rounds_without_data_leave_no_pair_and_shift_none() -> None:
    """The clock gave no data for one side in round 4, and for the other in round 9."""
    base = measured("f32", 2.0, (0, 0, 4), (0, 5, 7))
    fast = measured("fast", 1.0, (0, 0, 9), (0, 10, 2))
    found = ratio(base, fast)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((2.0, 2.0))
    rounds = [i for i in range(12) if i not in (4, 9)]
    assert pairs(base, fast) == [(2.0 * PACE[i], 1.0 * PACE[i]) for i in rounds]


def test_lives_of_the_worker_never_met() -> None:
    base = measured("f32", 2.0, (1, 0, 12))
    for other in (measured("fast", 1.0, (0, 0, 12)), measured("fast", 1.0, (0, 0, 12), (1, 0, 5))):
        assert not meets(base, other)
        assert pairs(base, other) == []
        found = ratio(base, other)
        assert found == speedup(base.samples, other.samples, paired=False)
        assert found is not None
        assert found.unpaired
    both = measured("fast", 1.0, (0, 0, 12), (1, 0, 6))
    assert meets(base, both)
    assert len(pairs(base, both)) == 6


def test_runs_and_groups_never_met() -> None:
    base = measured("f32", 2.0, (0, 0, 12))
    assert not meets(base, measured("fast", 1.0, (0, 0, 12), run=1))
    elsewhere = Measurement(Case("u", "matvec", "f32", HERE), Status.OK, samples=base.samples)
    assert not meets(base, elsewhere)


def test_sessions_that_know_no_rounds_pair_samples_by_their_place() -> None:
    base, fast = measured("f32", 2.0), measured("fast", 1.0)
    assert ratio(base, fast) is None
    with_samples = [Measurement(m.case, Status.OK, samples=tuple(PACE[:8])) for m in (base, fast)]
    found = ratio(*with_samples)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((1.0, 1.0))


def passes(what: str, seconds: list[float], each: int = 8) -> Measurement:
    """A live run in which a case takes other ``seconds`` in every pass."""
    random = np.random.default_rng(len(what))
    samples = [s * x for s in seconds for x in random.lognormal(0, 0.002, each)]
    stretches = tuple(Stretch(life, 0, each) for life in range(len(seconds)))
    case = Case("t", "matvec", what, HERE)
    return Measurement(case, Status.OK, samples=tuple(samples), stretches=stretches)


def test_passes_of_a_live_run_count_as_one_figure_each() -> None:
    """What differs from pass to pass is no less unsure for many rounds within each."""
    drift = [1.0, 1.06, 0.97, 1.05, 0.95, 1.02]
    base, fast = passes("f32", [2.0] * BLOCKS), passes("fast", drift)
    found = ratio(base, fast)
    assert found is not None
    assert found.low == pytest.approx(2 / max(drift), rel=0.01)
    assert found.high == pytest.approx(2 / min(drift), rel=0.01)
    rounds = speedup(base.samples, fast.samples, paired=True)
    assert rounds is not None
    assert rounds.high - rounds.low < 0.7 * (found.high - found.low)


def test_few_passes_are_rounds() -> None:
    few = [1.0, 1.06, 0.97, 1.05, 0.95][: BLOCKS - 1]
    base, fast = passes("f32", [2.0] * len(few)), passes("fast", few)
    found, rounds = ratio(base, fast), speedup(base.samples, fast.samples, paired=True)
    assert found is not None
    assert rounds is not None
    assert (found.low, found.high) == pytest.approx((rounds.low, rounds.high), rel=1e-4)


def instances(what: str, *seconds: float, count: int = 30) -> Measurement:
    """A case whose instances, visited in turn, take these seconds."""
    random = np.random.default_rng(len(what))
    samples = [seconds[i % len(seconds)] * x for i, x in enumerate(random.lognormal(0, 0.001, count))]
    case, stretches = Case("t", "matvec", what, HERE), (Stretch(0, 0, count),)
    return Measurement(case, Status.OK, samples=tuple(samples), stretches=stretches, instances=len(seconds))


def test_the_interval_holds_the_ratio_of_each_instance() -> None:
    base, fast = instances("f32", 2.0, 2.0, 2.0), instances("fast", 1.0, 1.0, 1.25)
    found = ratio(base, fast)
    assert found is not None
    assert found.value == pytest.approx(2.0, rel=0.01)
    assert found.low == pytest.approx(1.6, rel=0.003)
    assert found.high == pytest.approx(2.0, rel=0.003)


def test_an_instance_is_known_by_its_round_where_some_are_missing() -> None:
    """By their places, samples behind one gap and behind two would be taken for those of other instances."""

    def gapped(whole: Measurement) -> Measurement:
        kept = (Stretch(0, 0, 20), Stretch(0, 21, 19), Stretch(0, 41, 19))
        samples = tuple(s for one in kept for s in whole.samples[one.first : one.first + one.count])
        return structs.replace(whole, samples=samples, stretches=kept)

    base, fast = instances("f32", 2.0, 2.0, 2.0, count=60), instances("fast", 1.0, 1.0, 1.25, count=60)
    for found in (
        ratio(base, gapped(fast)),
        ratio(gapped(base), fast),
        ratio(gapped(base), gapped(fast)),
        between(base, gapped(fast)),
    ):
        assert found is not None
        assert found.low == pytest.approx(1.6, rel=0.003)


def test_the_interval_of_one_among_many_is_wider() -> None:
    random = np.random.default_rng(5)
    samples = [tuple(random.lognormal(0, 0.02, 33)) for _ in range(2)]
    base, fast = (
        Measurement(Case("t", "matvec", n, HERE), Status.OK, samples=s)
        for n, s in zip(("f32", "fast"), samples, strict=True)
    )
    alone, among = ratio(base, fast), ratio(base, fast, among=30)
    assert alone is not None
    assert among is not None
    assert alone.value == among.value
    assert 1.25 < math.log(among.high / among.low) / math.log(alone.high / alone.low) < 2.2


def test_cpu_seconds_are_paired_as_samples_are() -> None:
    cpu = tuple(PACE[:12])
    base = measured("f32", 2.0, (0, 0, 12), cpu=tuple(3 * s for s in cpu))
    fast = measured("fast", 1.0, (0, 0, 12), cpu=cpu)
    found = cpu_ratio(base, fast)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((3.0, 3.0))
    assert cpu_ratio(base, measured("fast", 1.0, (0, 0, 12))) is None
