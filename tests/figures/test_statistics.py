import math
from collections import Counter
from collections.abc import Iterable

import numpy as np
import pytest

from app.core.plan import Settings
from app.figures.statistics import (
    Ratio,
    geometric_mean,
    half_width,
    look_score,
    median_interval,
    paired_interval,
    speedup,
    summarise,
    unpaired_interval,
)
from app.figures.verdict import Verdict, verdict
from app.measure.stopping import why_stop


def test_summary_by_hand() -> None:
    summary = summarise([5.0, 1.0, 2.0, 4.0, 3.0, 6.0, 7.0])
    assert summary is not None
    assert (summary.count, summary.median) == (7, 4.0)
    assert (summary.lower_quartile, summary.upper_quartile) == (2.5, 5.5)
    assert (summary.low, summary.high) == (1.0, 7.0)


def test_no_samples_no_summary_and_few_samples_no_interval() -> None:
    assert summarise([]) is None
    few = summarise([1.0] * 5)
    assert few is not None
    assert few.low is None
    ratio = speedup([2.0] * 5, [1.0] * 5, paired=True)
    assert ratio is not None
    assert (ratio.value, ratio.low, ratio.high) == (2.0, None, None)
    assert speedup([], [1.0], paired=True) is None
    assert half_width(ratio.low, ratio.high) == math.inf


@pytest.mark.parametrize("n", [6, 9, 15, 40, 60, 61, 100, 500])
def test_median_interval_covers_the_median(n: int) -> None:
    random = np.random.default_rng(n)
    hits = 0
    for _ in range(1000):
        interval = median_interval(np.sort(random.lognormal(0, 0.1, n)))
        assert interval is not None
        hits += interval[0] <= 1.0 <= interval[1]
    assert hits / 1000 >= 0.935


def noisy(
    random: np.random.Generator, rounds: int, kind: str, sigma: float = 0.03
) -> tuple[np.ndarray, np.ndarray]:
    """Two cases of equal speed, sampled in turn on a machine with this kind of trouble."""
    a, b = random.lognormal(0, sigma, (2, rounds))
    if "spikes" in kind:
        for samples in (a, b):
            hit = random.random(rounds) < 0.08
            samples[hit] *= 1 + random.exponential(0.5, int(hit.sum()))
    if "drift" in kind:
        time = np.linspace(0, 1, rounds)
        both = 1 + random.uniform(-0.2, 0.3) * time + 0.05 * np.sin(random.uniform(3, 18) * time)
        a, b = a * both, b * both
    return a, b


@pytest.mark.parametrize("kind", ["log-normal", "spikes", "drift", "spikes and drift"])
def test_paired_interval_holds_the_true_ratio_in_95_of_100(kind: str) -> None:
    """2,000 comparisons of known ratio for each kind of noise, with the rounds that runs really have."""
    random = np.random.default_rng(5)
    hits = 0
    for _ in range(2000):
        a, b = noisy(random, int(random.integers(20, 61)), kind)
        true = math.exp(random.uniform(-3, 3))
        ratio = speedup((true * a).tolist(), b.tolist(), paired=True)
        assert ratio is not None
        assert ratio.low is not None
        assert ratio.high is not None
        assert ratio.low <= ratio.value <= ratio.high
        hits += ratio.low <= true <= ratio.high
    assert 0.93 <= hits / 2000 <= 0.97


@pytest.mark.parametrize("rounds", [6, 7, 9, 12, 16, 61, 150])
def test_paired_interval_at_any_number_of_rounds(rounds: int) -> None:
    random = np.random.default_rng(rounds)
    hits = 0
    for _ in range(2000):
        low, high = paired_interval(*noisy(random, rounds, "spikes and drift"))
        hits += low <= 1 <= high
    assert 0.93 <= hits / 2000 <= 0.97


PLANNED = 33
"""Visits of half a second."""


def stopped(log_ratios: np.ndarray) -> Ratio:
    """What the whole rule makes of rounds with these logarithms of ratios: it may end at three looks."""
    base, other = np.exp(log_ratios).tolist(), [1.0] * len(log_ratios)
    planned = len(log_ratios)
    for count in range(1, planned + 1):
        if why_stop(other[:count], base[:count], planned, Settings()):
            ratio = speedup(base[:count], other[:count], paired=True, score=look_score(count, planned))
            assert ratio is not None
            return ratio
    raise AssertionError("it never ends")


@pytest.mark.parametrize("true", [1.0, 1.02, 1.05])
def test_stopping_at_three_looks_does_not_spoil_the_interval(true: float) -> None:
    """At 1.02, the margin itself, stopping once a verdict is clear favours intervals that lie wrong [9]."""
    random = np.random.default_rng(11)
    runs, hits, verdicts = 2000, 0, Counter[Verdict]()
    for _ in range(runs):
        sigma = 0.03 * random.uniform(0.1, 1.0)
        a, b = noisy(random, PLANNED, "spikes and drift", sigma=sigma)
        ratio = stopped(np.log(true * a / b))
        assert ratio.low is not None
        assert ratio.high is not None
        hits += ratio.low <= true <= ratio.high
        verdicts[verdict(ratio)] += 1
    assert hits / runs >= 0.935
    if true == 1.02:
        assert (verdicts[Verdict.SAME] + verdicts[Verdict.FASTER]) / runs <= 0.055
    else:
        assert verdicts[Verdict.SLOWER] == 0
        assert verdicts[Verdict.FASTER if true == 1.0 else Verdict.SAME] / runs <= 0.01


def own_troubles(random: np.random.Generator, rounds: int) -> tuple[np.ndarray, np.ndarray]:
    """Each case's own noise lasts over rounds (an autoregression of 0.3): what no order of visits cures."""
    found = []
    for _ in range(2):
        noise = random.normal(0, 0.02, rounds)
        for i in range(1, rounds):
            noise[i] = 0.3 * noise[i - 1] + noise[i] * (1 - 0.3**2) ** 0.5
        found.append(np.exp(noise))
    return found[0], found[1]


def scheduled(
    random: np.random.Generator, rounds: int, lengths: tuple[float, float] = (1.0, 1.0), batches: int = 14
) -> tuple[np.ndarray, np.ndarray]:
    """Visits under a fair scheduler: after 3 ms on the processor a process waits as long for each rival.

    A visit is the second shortest of ``batches`` batches of so many milliseconds, or the only one.
    """
    left, found = random.uniform(0, 3), np.empty((2, rounds))
    for i in range(rounds):
        for which in random.permutation(2):
            times = []
            for _ in range(batches):
                todo = need = lengths[which] * math.exp(random.normal(0, 0.01))
                while todo > left:
                    todo -= left
                    need += 3 * math.exp(random.normal(0, 0.1))
                    left = 3 * math.exp(random.normal(0, 0.1))
                left -= todo
                times.append(need / lengths[which])
            found[which, i] = sorted(times)[min(1, batches - 1)]
    return found[0], found[1]


def covered(pairs: Iterable[tuple[np.ndarray, np.ndarray]]) -> float:
    """The share of intervals that hold 1."""
    found = [low <= 1 <= high for low, high in (paired_interval(a, b) for a, b in pairs)]
    return sum(found) / len(found)


def test_noise_that_lasts_over_rounds_costs_some_coverage() -> None:
    random = np.random.default_rng(17)
    assert covered(own_troubles(random, PLANNED) for _ in range(1000)) >= 0.85


def processors(random: np.random.Generator, rounds: int, together: bool) -> tuple[np.ndarray, np.ndarray]:
    """Two threads, one for each case; what else each processor does slows it by some percent for a while.

    They stay on one each, or are brought ``together`` before each visit.
    """
    slow = random.normal(0, 0.03, (2, rounds))
    for i in range(1, rounds):
        slow[:, i] = 0.9 * slow[:, i - 1] + slow[:, i] * (1 - 0.9**2) ** 0.5
    own = random.normal(0, 0.01, (2, rounds))
    return np.exp(slow[0] + own[0]), np.exp(slow[0 if together else 1] + own[1])


def test_kernels_with_a_thread_each_are_brought_to_one_processor() -> None:
    random = np.random.default_rng(31)
    apart, together = (covered(processors(random, 80, one) for _ in range(400)) for one in (False, True))
    assert apart < 0.6
    assert together >= 0.93


@pytest.mark.parametrize("lengths", [(1.0, 1.0), (1.0, 0.87)])
def test_visits_hold_the_truth_under_a_scheduler(lengths: tuple[float, float]) -> None:
    random = np.random.default_rng(19)
    assert covered(scheduled(random, 16, lengths) for _ in range(400)) >= 0.92


@pytest.mark.xfail(reason="unequal batches meet time slices unequally often: why visits are short and alike")
def test_long_unequal_batches_under_a_scheduler() -> None:
    random = np.random.default_rng(23)
    assert covered(scheduled(random, PLANNED, (8.0, 15.0), batches=1) for _ in range(300)) >= 0.93


def test_a_disturbance_that_comes_by_the_clock_meets_a_random_order() -> None:
    """Every so often something takes a while; in a fixed order it would always meet the same case."""
    random = np.random.default_rng(29)

    def rounds() -> tuple[np.ndarray, np.ndarray]:
        found, phase = np.empty((2, PLANNED)), random.uniform(0, 2.1)
        for i in range(PLANNED):
            for place, which in enumerate(random.permutation(2)):
                held_up = (2 * i + place + phase) % 2.1 < 0.7
                found[which, i] = math.exp(random.normal(0, 0.005)) * (1.1 if held_up else 1.0)
        return found[0], found[1]

    assert 0.93 <= covered(rounds() for _ in range(1000)) <= 0.98


def test_a_speedup_lies_within_its_interval_and_turns_over() -> None:
    random = np.random.default_rng(31)
    for rounds in (6, 7, 8, 16, 33, 61, 150):
        for score in (1.96, 2.44, 2.9, 3.5):
            a, b = noisy(random, rounds, "spikes")
            there = speedup(a.tolist(), b.tolist(), paired=True, score=score)
            back = speedup(b.tolist(), a.tolist(), paired=True, score=score)
            assert there
            assert back
            assert there.low is not None
            assert there.high is not None
            assert there.low <= there.value <= there.high
            assert (back.value, back.low, back.high) == pytest.approx(
                (1 / there.value, 1 / there.high, 1 / there.low)
            )


def test_unpaired_interval_holds_the_true_ratio() -> None:
    """Drift is left out: two runs that drift apart cannot be told from kernels that differ."""
    random = np.random.default_rng(7)
    hits = 0
    for _ in range(1000):
        n = int(random.integers(20, 61))
        low, high = unpaired_interval(*noisy(random, n, "spikes"))
        hits += low <= 1 <= high
    assert 0.93 <= hits / 1000 <= 0.98


def test_geometric_mean_of_a_group() -> None:
    mean = geometric_mean([Ratio(2.0, 1.9, 2.1), Ratio(0.5, 0.45, 0.55), Ratio(8.0, 7.9, 8.1)])
    assert mean is not None
    assert mean.value == pytest.approx(2.0)
    assert mean.low is not None
    assert mean.high is not None
    assert 1.9 < mean.low < 2.0 < mean.high < 2.1
    assert geometric_mean([]) is None
    assert geometric_mean([Ratio(2.0, None, None), Ratio(2.0, 1.9, 2.1)]) == Ratio(
        pytest.approx(2.0), None, None
    )


def test_geometric_mean_interval_holds_the_truth() -> None:
    random = np.random.default_rng(3)
    hits = 0
    for _ in range(1000):
        group = []
        for _ in range(5):
            a, b = noisy(random, 25, "spikes and drift")
            group.append(speedup(a.tolist(), b.tolist(), paired=True))
        mean = geometric_mean([ratio for ratio in group if ratio])
        assert mean is not None
        assert mean.low is not None
        assert mean.high is not None
        hits += mean.low <= 1 <= mean.high
    assert 0.93 <= hits / 1000 <= 0.975


def test_pairing_cancels_what_slows_both() -> None:
    slow = np.where(np.arange(30) % 3 == 0, 2.0, 1.0)
    ratio = speedup((3 * slow).tolist(), slow.tolist(), paired=True)
    assert ratio is not None
    assert (ratio.low, ratio.high) == pytest.approx((3.0, 3.0))
    assert half_width(ratio.low, ratio.high) == pytest.approx(0.0)


def test_same_samples_always_give_the_same_figures() -> None:
    a, b = [1.0, 1.1, 1.2, 1.0, 1.3, 1.1, 1.05], [2.0, 2.1, 2.3, 2.0, 2.2, 2.4, 2.1]
    assert speedup(b, a, paired=True) == speedup(b, a, paired=True)
