import math

import numpy as np
import pytest

from app.core.statistics import half_width, median_interval, speedup, summarise


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


@pytest.mark.parametrize("paired", [True, False])
def test_speedup_interval_covers_the_true_ratio(paired: bool) -> None:
    random = np.random.default_rng(7)
    hits = 0
    for _ in range(400):
        drift = 1 + 0.3 * np.linspace(0, random.random(), 20) if paired else 1.0
        base = random.lognormal(math.log(3.0), 0.03, 20) * drift
        other = random.lognormal(math.log(2.0), 0.03, 20) * drift
        ratio = speedup(base.tolist(), other.tolist(), paired)
        assert ratio is not None
        assert ratio.low is not None
        assert ratio.high is not None
        hits += ratio.low <= 1.5 <= ratio.high
    assert hits / 400 >= 0.92


def test_pairing_cancels_what_slows_both() -> None:
    slow = np.where(np.arange(30) % 3 == 0, 2.0, 1.0)
    ratio = speedup((3 * slow).tolist(), slow.tolist(), paired=True)
    assert ratio is not None
    assert (ratio.low, ratio.high) == pytest.approx((3.0, 3.0))
    assert half_width(slow.tolist(), (3 * slow).tolist()) == pytest.approx(0.0)


def test_same_samples_always_give_the_same_figures() -> None:
    a, b = [1.0, 1.1, 1.2, 1.0, 1.3, 1.1, 1.05], [2.0, 2.1, 2.3, 2.0, 2.2, 2.4, 2.1]
    assert speedup(b, a, paired=True) == speedup(b, a, paired=True)
