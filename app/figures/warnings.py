"""What looks odd about samples: said beside a result. No sample is ever dropped for it."""

import math
from collections.abc import Sequence

import numpy as np

from app.figures import units
from app.figures.statistics import FEWEST_SAMPLES, quantile

FEWEST_TO_JUDGE = 20
"""Below this many samples patterns are seen in everything."""

SPREAD = 0.10
"""The middle half of the samples wider than this part of the median is worth a word."""

TREND = 0.05
"""A drift over the whole run below this part of the median is not worth a word."""

WORTH_A_WORD = 1.2
"""Outliers that stay below this many medians are flagged, but not spoken of."""

APART = 1.05
"""The median of a visit's short batches over its sample: from here on they have two speeds."""

HELD_UP = 0.1
"""From this share of short batches on, it is the machine that was busy."""

KINDS = ("drifting", "two speeds", "noisy", "disturbed", "coarse clock", "all samples are equal")

MOST_JUDGED = 400
"""Samples looked at for a trend, evenly spread over the run: its test compares all pairs."""


def warnings(
    samples: Sequence[float], middles: Sequence[float] = (), disturbed: Sequence[float] = ()
) -> list[str]:
    """What a person should know about samples in seconds, in the order they were taken; mostly nothing.

    ``middles`` and ``disturbed`` are of the short batches behind each sample (``Measurement``), if known.
    """
    if len(samples) < FEWEST_SAMPLES:
        return [few] if (few := unsteady(samples)) else []
    array = np.asarray(samples, dtype=np.float64)
    ordered = np.sort(array)
    found = [
        _clock(ordered),
        *_grave(array, ordered),
        _outliers(ordered),
        _batches(array, middles, disturbed),
    ]
    return [text for text in found if text]


def unsteady(samples: Sequence[float]) -> str:
    """The first warning for which no choice should rest on these samples; empty if there is none."""
    if not samples:
        return ""
    if len(samples) < FEWEST_SAMPLES:
        return f"too few samples ({len(samples)} of {FEWEST_SAMPLES} for an interval)"
    array = np.asarray(samples, dtype=np.float64)
    return next(filter(None, _grave(array, np.sort(array))), "")


def kind(warning: str) -> str:
    """What sort of trouble a warning tells of, such as ``two speeds``; empty for other words."""
    return next((one for one in KINDS if warning.startswith((f"{one}:", f"{one} ("))), "")


def drifts(figures: Sequence[float]) -> bool:
    """Whether figures drift, in the order they were taken."""
    return bool(_trend(np.asarray(figures, dtype=np.float64)))


def _grave(samples: np.ndarray, ordered: np.ndarray) -> list[str]:
    return [_trend(samples), _bimodal(ordered), _spread(ordered)]


def _batches(samples: np.ndarray, middles: Sequence[float], disturbed: Sequence[float]) -> str:
    """What the short batches say: a visit's sample is their second shortest, which hides what is rare."""
    if not middles or not disturbed:
        return ""
    apart = np.asarray(middles) / samples
    if np.count_nonzero(apart > APART) < len(samples) / 2:
        return ""
    held_up = float(np.mean(disturbed))
    if held_up > HELD_UP:
        return f"disturbed: {100 * held_up:.0f} % of the short batches took over 1.2 times as long"
    return (
        f"two speeds (the middle short batch takes {units.times(quantile(np.sort(apart)))} the sample's time)"
    )


def outliers(samples: np.ndarray) -> np.ndarray:
    """Which samples lie far from the rest, as booleans.

    The modified z-score above 3.5 of the logarithms (Iglewicz and Hoaglin, How to Detect and Handle Outliers,
    1993): median and median deviation, which outliers do not move. Where half the samples are equal, none.
    """
    logs = np.log(samples)
    away = np.abs(logs - _median(logs))
    deviation = _median(away)
    flags: np.ndarray = 0.6745 * away > 3.5 * deviation
    return flags if deviation > 0 else np.zeros(len(samples), dtype=bool)


def _median(values: np.ndarray) -> float:
    return quantile(np.sort(values))


def _outliers(ordered: np.ndarray) -> str:
    if len(ordered) < FEWEST_TO_JUDGE:
        return ""
    flags = outliers(ordered)
    if not flags.any():
        return ""
    worst = float(ordered[flags][-1]) / quantile(ordered)
    if worst < WORTH_A_WORD:
        return ""
    return (
        f"{flags.sum()} of {len(ordered)} samples are outliers, up to {units.times(worst)} the median (kept)"
    )


def _spread(ordered: np.ndarray) -> str:
    spread = (quantile(ordered, 0.75) - quantile(ordered, 0.25)) / quantile(ordered)
    return f"noisy: the middle half of the samples spans {100 * spread:.0f} %" if spread > SPREAD else ""


def _trend(samples: np.ndarray) -> str:
    """Mann's test for a trend (1945) at 0.1 %, and Theil and Sen's slope (1968) for its size."""
    if len(samples) < FEWEST_TO_JUDGE:
        return ""
    if len(samples) > MOST_JUDGED:
        samples = samples[np.linspace(0, len(samples) - 1, MOST_JUDGED).astype(int)]
    n = len(samples)
    pairs, later = np.tri(n, k=-1, dtype=bool), samples[:, None]
    rises, falls = np.count_nonzero(pairs & (later > samples)), np.count_nonzero(pairs & (later < samples))
    deviation = math.sqrt(n * (n - 1) * (2 * n + 5) / 18)
    if abs(rises - falls) <= 3.29 * deviation:
        return ""
    first, second = np.triu_indices(n, 1)
    slope = _median((samples[second] - samples[first]) / (second - first))
    change = slope * (n - 1) / _median(samples)
    if abs(change) <= TREND:
        return ""
    return f"drifting: {'slower' if change > 0 else 'faster'} by {100 * abs(change):.0f} % over the run"


def _bimodal(ordered: np.ndarray) -> str:
    """Two separate groups: the best cut in two leaves a gap several times as wide as what is around it.

    Ashman's D above 6 (Ashman, Bird and Zepf, Detecting bimodality in astronomical datasets, 1994, who ask
    for 2 of a fitted mixture; the halves of one cut normal distribution already give 2.7), each group with at
    least a sixth of the samples, and medians at least a twentieth apart.
    """
    n = len(ordered)
    if n < FEWEST_TO_JUDGE:
        return ""
    logs = np.log(ordered)
    least = max(4, -(-n // 6))
    cuts = np.arange(least, n - least + 1)
    gaps = logs[cuts] - logs[cuts - 1]
    cut = int(cuts[np.argmax(gaps)])
    low, high = logs[:cut], logs[cut:]
    apart = quantile(high) - quantile(low)
    spread = math.sqrt((_deviation(low) ** 2 + _deviation(high) ** 2) / 2)
    if apart < math.log(1.05) or apart <= 6 * spread:
        return ""
    shares = f"{100 * cut / n:.0f} % near {units.seconds(math.exp(quantile(low)))}"
    return f"two speeds ({shares}, the rest {units.times(math.exp(apart))} that)"


def _deviation(ordered: np.ndarray) -> float:
    """The standard deviation, were they normal; a few outliers do not move it."""
    return 1.4826 * _median(np.abs(ordered - quantile(ordered)))


def _clock(ordered: np.ndarray) -> str:
    """Few different values, evenly stepped: the clock is coarse for what it measures."""
    steps = np.diff(ordered)
    steps = steps[steps > 0]
    if not len(steps):
        return "all samples are equal: the clock may be too coarse"
    step = float(steps.min()) / quantile(ordered)
    if len(steps) + 1 > len(ordered) / 2 or step < 0.002:
        return ""
    return f"coarse clock: its steps are {units.digits(100 * step, 2)} % of a sample"
