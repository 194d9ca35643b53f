"""Statistics of samples and of speedups. Methods and sources: see each function and ``app/STATISTICS.md``."""

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from msgspec import Struct

FEWEST_SAMPLES = 6
"""Below six samples no order statistic brackets the median with 95 % confidence (1 - 2 * 0.5**6 = 0.969)."""

RESAMPLES = 500
"""Bootstrap resamples: enough for a quantile of 2.5 % to be steady in its second digit."""


class Summary(Struct, frozen=True):
    """Median, quartiles and the 95 % interval of the median, in seconds; None where samples are too few."""

    count: int
    median: float
    lower_quartile: float
    upper_quartile: float
    low: float | None
    high: float | None


class Ratio(Struct, frozen=True):
    """A speedup with its 95 % interval; low and high are None where samples are too few.

    It is ``unpaired`` where the samples of the two sides never met the same machine.
    """

    value: float
    low: float | None
    high: float | None
    unpaired: bool = False


def summarise(samples: Sequence[float]) -> Summary | None:
    """Summarise samples in seconds; None when there are none."""
    if not samples:
        return None
    ordered = np.sort(np.asarray(samples, dtype=np.float64))
    lower, middle, upper = (quantile(ordered, part) for part in (0.25, 0.5, 0.75))
    interval = median_interval(ordered)
    low, high = interval if interval else (None, None)
    return Summary(len(ordered), middle, lower, upper, low, high)


def quantile(ordered: np.ndarray, part: float = 0.5) -> float:
    """A quantile of sorted figures, the median if none is named: straight lines between neighbours.

    NumPy's own do the same, and take ten to thirty times as long for as few figures as samples are.
    """
    whole, rest = divmod(part * (len(ordered) - 1), 1.0)
    low, high = ordered[int(whole)], ordered[min(int(whole) + 1, len(ordered) - 1)]
    return float(low * (1.0 - rest) + high * rest)


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
    if n > EXACT:
        return max(0, math.floor((n - 1.96 * math.sqrt(n)) / 2) - 1)
    tail, k = 0.5**n, 0
    while tail + math.comb(n, k + 1) * 0.5**n <= 0.025:
        k += 1
        tail += math.comb(n, k) * 0.5**n
    return k


EXACT = 60
"""Up to this many samples the binomial distribution is summed, above it is as good as normal."""


def speedup(base: Sequence[float], other: Sequence[float], paired: bool) -> Ratio | None:
    """How many times faster ``other`` is than ``base``: the ratio of medians with a 95 % interval.

    Paired samples come from the same rounds: ``paired_interval``; others from runs of their own:
    ``unpaired_interval``. None when either side has no samples.
    """
    if not base or not other:
        return None
    if paired:
        rounds = min(len(base), len(other))
        base, other = base[:rounds], other[:rounds]
    a, b = np.asarray(base, dtype=np.float64), np.asarray(other, dtype=np.float64)
    value = quantile(np.sort(a)) / quantile(np.sort(b))
    if min(len(a), len(b)) < FEWEST_SAMPLES:
        return Ratio(value, None, None)
    low, high = paired_interval(a, b) if paired else unpaired_interval(a, b)
    # The value is that of the medians, because these stand beside it; the rounds may see it otherwise.
    return Ratio(value, min(low, value), max(high, value))


# What is shown of a growing session is derived over and over; bootstrapping is the costly part of it, so what
# depends on nothing but samples is remembered. Samples must be tuples for this.
known_speedup = lru_cache(maxsize=8192)(speedup)


def paired_interval(base: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """The 95 % interval of the ratio from six or more rounds, in each of which both were sampled.

    Each round gives one ratio, in which whatever slowed both alike cancels. The median of the logarithms of
    these is bracketed by order statistics, so no distribution is assumed; interpolating between neighbouring
    ones brings the confidence from "at least" to "about" 95 % (Hettmansperger and Sheather, Confidence
    intervals based on interpolated order statistics, 1986). A bootstrap of the ratio of medians takes a drift
    for noise: its intervals were a third wider there, and held the truth 98 times in 100 instead of 95.
    """
    ordered = np.sort(np.log(base / other))
    n = len(ordered)
    rank = _rank(n)
    whole = int(rank)
    part = rank - whole
    low = ordered[whole - 1] + part * (ordered[whole] - ordered[whole - 1])
    high = ordered[n - whole] - part * (ordered[n - whole] - ordered[n - whole - 1])
    return math.exp(low), math.exp(high)


@lru_cache(maxsize=1024)
def _rank(n: int) -> float:
    """The place, from 1, of the lower end among ``n`` sorted figures; the upper lies as far from the top."""
    if n > EXACT:
        return (n + 1) / 2 - 1.96 * math.sqrt(n) / 2
    k = _order(n) + 1
    surplus, shortfall = _confidence(n, k) - 0.95, 0.95 - _confidence(n, k + 1)
    share = surplus / (surplus + shortfall)
    return k + (n - k) * share / (k + (n - 2 * k) * share)


def _confidence(n: int, k: int) -> float:
    """That of the k-th smallest and k-th largest of ``n`` samples holding the median between them."""
    return float(1 - 2 * sum(math.comb(n, i) for i in range(k)) * 0.5**n)


def unpaired_interval(base: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """The 95 % interval of the ratio of medians of samples that were not taken in turn.

    Percentile bootstrap (Efron and Tibshirani, An Introduction to the Bootstrap, ch. 13), seeded, so that one
    session always shows the same figures. It cannot know how the machine changed between the two runs.
    """
    random = np.random.default_rng(0)
    first = random.integers(0, len(base), (RESAMPLES, len(base)))
    second = random.integers(0, len(other), (RESAMPLES, len(other)))
    ratios = np.median(base[first], axis=1) / np.median(other[second], axis=1)
    low, high = np.quantile(ratios, [0.025, 0.975])
    return float(low), float(high)


def geometric_mean(ratios: Sequence[Ratio]) -> Ratio | None:
    """The geometric mean of speedups, the mean that does not depend on the base line; None without any.

    (Fleming and Wallace, How not to lie with statistics, 1986.) The speedups are of different cases, so their
    errors are taken as independent: the squares of the intervals' half-widths, as logarithms, add up. The
    interval is about the mean of these very cases, not of others like them; None where one case has none.
    """
    if not ratios:
        return None
    value = math.exp(math.fsum(math.log(ratio.value) for ratio in ratios) / len(ratios))
    below = above = 0.0
    for ratio in ratios:
        if ratio.low is None or ratio.high is None:
            return Ratio(value, None, None)
        below += math.log(ratio.value / ratio.low) ** 2
        above += math.log(ratio.high / ratio.value) ** 2
    down, up = math.sqrt(below) / len(ratios), math.sqrt(above) / len(ratios)
    return Ratio(value, value * math.exp(-down), value * math.exp(up))


def half_width(samples: Sequence[float], base: Sequence[float] | None = None) -> float:
    """Half the 95 % interval of the paired speedup over ``base`` (else of the median), over its middle.

    It is what is shown that decides when to stop. Cheap enough to ask after every round; infinite where
    samples are too few.
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
