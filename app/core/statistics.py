"""Statistics of samples and of speedups. Methods and sources: see each function."""

import math
from collections.abc import Sequence

import numpy as np
from msgspec import Struct

FEWEST_SAMPLES = 6
"""Below six samples no order statistic brackets the median with 95 % confidence (1 - 2 * 0.5**6 = 0.969)."""

RESAMPLES = 500
"""Bootstrap resamples: what is shown and what decides when to stop sampling are the same figure."""


class Summary(Struct, frozen=True):
    """Median, quartiles and the 95 % interval of the median, in seconds; None where samples are too few."""

    count: int
    median: float
    lower_quartile: float
    upper_quartile: float
    low: float | None
    high: float | None


class Ratio(Struct, frozen=True):
    """A speedup with its 95 % interval; low and high are None where samples are too few."""

    value: float
    low: float | None
    high: float | None


def summarise(samples: Sequence[float]) -> Summary | None:
    """Summarise samples in seconds; None when there are none."""
    if not samples:
        return None
    ordered = np.sort(np.asarray(samples, dtype=np.float64))
    lower, upper = np.quantile(ordered, [0.25, 0.75])
    interval = median_interval(ordered)
    low, high = interval if interval else (None, None)
    return Summary(len(ordered), float(np.median(ordered)), float(lower), float(upper), low, high)


def median_interval(ordered: np.ndarray) -> tuple[float, float] | None:
    """The 95 % interval of the median from sorted samples, distribution-free; None below six samples.

    The k-th smallest and k-th largest sample bracket the median with a probability given by the binomial
    distribution (Hahn and Meeker, Statistical Intervals, 5.2.1); k is the largest that gives 95 %.
    """
    n = len(ordered)
    if n < FEWEST_SAMPLES:
        return None
    k = _order(n)
    return float(ordered[k]), float(ordered[n - 1 - k])


def _order(n: int) -> int:
    """The largest k with P(X <= k) <= 2.5 % for X ~ Binomial(n, 1/2); its normal limit above n = 60."""
    if n > 60:
        return max(0, math.floor((n - 1.96 * math.sqrt(n)) / 2) - 1)
    tail, k = 0.5**n, 0
    while tail + math.comb(n, k + 1) * 0.5**n <= 0.025:
        k += 1
        tail += math.comb(n, k) * 0.5**n
    return k


def speedup(base: Sequence[float], other: Sequence[float], paired: bool) -> Ratio | None:
    """How many times faster ``other`` is than ``base``: ratio of medians with a bootstrap interval.

    Paired samples are resampled by round, which cancels drift that slows both alike; unpaired ones
    independently. Percentile bootstrap (Efron and Tibshirani, An Introduction to the Bootstrap, ch. 13),
    seeded, so that one session always shows the same figures. None when either side has no samples.
    """
    if not base or not other:
        return None
    if paired:
        rounds = min(len(base), len(other))
        base, other = base[:rounds], other[:rounds]
    a, b = np.asarray(base, dtype=np.float64), np.asarray(other, dtype=np.float64)
    value = float(np.median(a) / np.median(b))
    if min(len(a), len(b)) < FEWEST_SAMPLES:
        return Ratio(value, None, None)
    random = np.random.default_rng(0)
    first = random.integers(0, len(a), (RESAMPLES, len(a)))
    second = first if paired else random.integers(0, len(b), (RESAMPLES, len(b)))
    ratios = np.median(a[first], axis=1) / np.median(b[second], axis=1)
    low, high = np.quantile(ratios, [0.025, 0.975])
    return Ratio(value, float(low), float(high))


def half_width(samples: Sequence[float], base: Sequence[float] | None = None) -> float:
    """Half the 95 % interval of the paired speedup over ``base`` (else of the median), over its middle.

    Cheap enough to ask after every round; infinite where samples are too few.
    """
    if base is None:
        interval = median_interval(np.sort(np.asarray(samples, dtype=np.float64)))
        low, high = interval if interval else (None, None)
    else:
        ratio = speedup(base, samples, paired=True)
        low, high = (ratio.low, ratio.high) if ratio else (None, None)
    if low is None or high is None:
        return math.inf
    return (high - low) / (high + low)
