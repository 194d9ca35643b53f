import math

import numpy as np
import pytest

from app.core.statistics import (
    Ratio,
    geometric_mean,
    half_width,
    median_interval,
    paired_interval,
    speedup,
    summarise,
    unpaired_interval,
)


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
    assert half_width([1.0] * 5) == math.inf


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


def test_stopping_early_does_not_spoil_the_interval() -> None:
    """Looking after every round, and stopping at the first narrow interval, favours intervals too narrow."""
    random = np.random.default_rng(11)
    hits = 0
    for _ in range(1000):
        a, b = noisy(random, 80, "spikes and drift", sigma=0.03 * random.uniform(0.2, 1))
        first, second = a.tolist(), b.tolist()
        rounds = next((n for n in range(20, 80) if half_width(second[:n], first[:n]) <= 0.01), 80)
        low, high = paired_interval(a[:rounds], b[:rounds])
        hits += low <= 1 <= high
    assert hits / 1000 >= 0.93


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
    assert half_width(slow.tolist(), (3 * slow).tolist()) == pytest.approx(0.0)


def test_same_samples_always_give_the_same_figures() -> None:
    a, b = [1.0, 1.1, 1.2, 1.0, 1.3, 1.1, 1.05], [2.0, 2.1, 2.3, 2.0, 2.2, 2.4, 2.1]
    assert speedup(b, a, paired=True) == speedup(b, a, paired=True)
