"""Statistics of samples and of speedups. Methods and sources: each function, and STATISTICS.md beside it."""

import math
from collections.abc import Sequence
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from msgspec import Struct

FEWEST_SAMPLES = 6
"""Below six samples no order statistic brackets the median with 95 % confidence (1 - 2 * 0.5**6 = 0.969)."""

FEWEST_ROUNDS = 8
"""Of a plan: with fewer, chance puts all rounds of equal kernels on one side too often (at eight: 0.8 %)."""

Z95 = 1.96
"""The normal score of 95 %, two-sided."""

LOOKS_SCORE = 2.05
"""That of the last of three looks at a quarter, a half and all of the rounds, for 95 % over all three."""

LOOKS_EXPONENT, EARLIEST_LOOK = -0.25, 1 / 8
"""How the score of a look grows as the part of the rounds before it shrinks, and the least such part."""

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

    It is ``unpaired`` where the samples of the two sides never met the same machine, and ``changing`` where
    the rounds' own ratios drift from one verdict to another: one side changed meanwhile, the other did not.
    """

    value: float
    low: float | None
    high: float | None
    unpaired: bool = False
    changing: bool = False


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
    k = int(_rank(n, Z95))
    return float(ordered[k - 1]), float(ordered[n - k])


def speedup(base: Sequence[float], other: Sequence[float], paired: bool, score: float = Z95) -> Ratio | None:
    """How many times faster ``other`` is than ``base``, with the interval of a normal ``score`` (95 %).

    Paired samples come from the same rounds: the median of their ratios, in each of which whatever slowed
    both alike cancels, and ``paired_interval``. Others come from runs of their own: the ratio of medians, and
    ``unpaired_interval``. None when either side has no samples.
    """
    if not base or not other:
        return None
    a, b = np.asarray(base, dtype=np.float64), np.asarray(other, dtype=np.float64)
    if paired:
        rounds = min(len(a), len(b))
        a, b = a[:rounds], b[:rounds]
        value = math.exp(quantile(np.sort(np.log(a / b))))
        if rounds < FEWEST_SAMPLES:
            return Ratio(value, None, None)
        return Ratio(value, *paired_interval(a, b, score))
    value = quantile(np.sort(a)) / quantile(np.sort(b))
    if min(len(a), len(b)) < FEWEST_SAMPLES:
        return Ratio(value, None, None, unpaired=True)
    low, high = unpaired_interval(a, b)
    return Ratio(value, min(low, value), max(high, value), unpaired=True)


# What is shown of a growing session is derived over and over; bootstrapping is the costly part of it, so what
# depends on nothing but samples is remembered. Samples must be tuples for this.
known_speedup = lru_cache(maxsize=8192)(speedup)


def paired_interval(base: np.ndarray, other: np.ndarray, score: float = Z95) -> tuple[float, float]:
    """The interval of the ratio from six or more rounds, in each of which both were sampled.

    The median of the logarithms of the rounds' ratios is bracketed by order statistics, so no distribution is
    assumed (the sign test, turned about). Interpolating between neighbouring ones brings the confidence from
    "at least" to "about" that of ``score`` (Hettmansperger and Sheather, Confidence intervals based on
    interpolated order statistics, 1986); where so few rounds cannot carry it, it is the range of all.
    """
    low, high = _bracket(np.sort(np.log(base / other)), score)
    return math.exp(low), math.exp(high)


def _bracket(ordered: np.ndarray, score: float) -> tuple[float, float]:
    """Bounds of the median of sorted figures."""
    n = len(ordered)
    rank = _rank(n, score)
    whole = int(rank)
    part = rank - whole
    low = ordered[whole - 1] + part * (ordered[whole] - ordered[whole - 1])
    high = ordered[n - whole] - part * (ordered[n - whole] - ordered[n - whole - 1])
    return float(low), float(high)


@lru_cache(maxsize=4096)
def _rank(n: int, score: float) -> float:
    """The place, from 1, of the lower bound among ``n`` sorted figures; the upper is as far from the top."""
    level = 2 * NormalDist().cdf(score) - 1
    missed = 0.0  # the probability that the median lies outside the k-th smallest and k-th largest
    for k in range(1, n // 2 + 1):
        missed += 2 * _binomial(n, k - 1)
        surplus, shortfall = (1 - missed) - level, level - (1 - missed - 2 * _binomial(n, k))
        if surplus < 0:
            return 1.0
        if shortfall > 0:
            share = surplus / (surplus + shortfall)
            return k + (n - k) * share / (k + (n - 2 * k) * share)
    return max(1.0, n / 2)


def _binomial(n: int, k: int) -> float:
    """The chance of ``k`` heads in ``n`` throws of a coin."""
    return math.exp(math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) - n * math.log(2))


def look_score(rounds: int, planned: int) -> float:
    """The normal score of an interval after ``rounds`` of at most ``planned``, valid whenever one stops.

    Sampling may end at a quarter, a half and all of the rounds: the levels of Wang and Tsiatis (Approximately
    optimal one-parameter boundaries for group sequential trials, 1987) with exponent 1/4 keep the chance that
    any of the three intervals misses the truth at 5 % (repeated confidence intervals: Jennison and Turnbull,
    1989). 95 % for a single one where the plan is not known (0).
    """
    return LOOKS_SCORE * max(rounds / planned, EARLIEST_LOOK) ** LOOKS_EXPONENT if planned else Z95


def among_score(count: int) -> float:
    """The factor on a score when the first of ``count`` is compared with each of the others (Bonferroni)."""
    return NormalDist().inv_cdf(1 - 0.025 / max(1, count - 1)) / Z95


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


def geometric_mean(ratios: Sequence[Ratio], alike: bool = False) -> Ratio | None:
    """The geometric mean of speedups, the mean that does not depend on the baseline; None without any.

    (Fleming and Wallace, How not to lie with statistics, 1986.) The speedups are of different cases, so their
    errors are taken as independent: the squares of the intervals' half-widths, as logarithms, add up. Where
    they may be off ``alike``, as between two processes, the half-widths themselves do. The interval is about
    the mean of these very cases, not of others like them; None where one case has none. It is unpaired where
    any of them is.
    """
    if not ratios:
        return None
    value = math.exp(math.fsum(math.log(ratio.value) for ratio in ratios) / len(ratios))
    unpaired = any(ratio.unpaired for ratio in ratios)
    below, above = [], []
    for ratio in ratios:
        if ratio.low is None or ratio.high is None:
            return Ratio(value, None, None, unpaired)
        below.append(math.log(ratio.value / ratio.low))
        above.append(math.log(ratio.high / ratio.value))
    down, up = ((math.fsum(part) if alike else math.hypot(*part)) / len(ratios) for part in (below, above))
    return Ratio(value, value * math.exp(-down), value * math.exp(up), unpaired)


def half_width(low: float | None, high: float | None) -> float:
    """Half an interval over its middle; infinite where there is none."""
    return math.inf if low is None or high is None else (high - low) / (high + low)
