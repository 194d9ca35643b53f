"""Speedups between measurements: which of their samples met the same machine, and what that says."""

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby

import numpy as np
from msgspec import structs

from app.core.measurement import Measurement, Stretch
from app.figures.statistics import (
    FEWEST_SAMPLES,
    Z95,
    Ratio,
    among_score,
    known_speedup,
    look_score,
    quantile,
    speedup,
)
from app.figures.verdict import verdict
from app.figures.warnings import drifts

Round = tuple[int, int]
"""The worker's life and the visit within it."""

WIDEST = 1.13
"""The most that one kernel prepared twice was seen to differ by: once, on V8; see ``STATISTICS.md``."""

FEWEST_INSTANCES = 3
"""Instances on each side that tell how they differ: two lie on one side of two others by chance in 1 of 3."""

BLOCKS = 6
"""From so many passes of a live run on, each counts as one figure: passes are minutes apart."""


def ratio(base: Measurement, other: Measurement, among: int = 2) -> Ratio | None:
    """How many times faster ``other`` is than ``base``; None where one has no samples.

    From rounds that both took part in where there are enough, else unpaired. The interval is valid wherever
    sampling stopped; with ``among`` it is that of one of so many comparisons with the fastest (Hsu,
    Constrained simultaneous confidence intervals for multiple comparisons with the best, 1984: here by
    Bonferroni).
    """
    return _ratio(base, other, "samples", among)


def cpu_ratio(base: Measurement, other: Measurement) -> Ratio | None:
    """The speedup from the processor's seconds; None where they are not known of both."""
    return _ratio(base, other, "cpu", 2)


def _ratio(base: Measurement, other: Measurement, figures: str, among: int) -> Ratio | None:
    ours, theirs = getattr(other, figures), getattr(base, figures)
    if not meets(base, other):
        return known_speedup(theirs, ours, paired=False)
    return _paired(
        theirs,
        base.stretches,
        ours,
        other.stretches,
        other.rounds or base.rounds,
        max(base.instances, other.instances),
        among,
    )


def between(base: Measurement, other: Measurement) -> Ratio | None:
    """The speedup between two processes, which differ by being compiled and laid out once more.

    The interval holds the ratio of each instance of one to each of the other; where instances are too few to
    tell how much they differ, it is wider by the most that was ever seen.
    """
    found = known_speedup(base.samples, other.samples, paired=False)
    if found is None or found.low is None or found.high is None:
        return found
    values = [a / b for a in _by_instance(base) for b in _by_instance(other)]
    if not knows_instances(base, other):
        values += [found.low / WIDEST, found.high * WIDEST]
    return _hull(found, values)


def knows_instances(base: Measurement, other: Measurement) -> bool:
    """Whether both have enough instances to tell how much these differ."""
    return min(len(_by_instance(base)), len(_by_instance(other))) >= FEWEST_INSTANCES


def _by_instance(measurement: Measurement) -> list[float]:
    """The median of each instance that was sampled, in seconds."""
    found: dict[int, list[float]] = {}
    rounds = _rounds(measurement.stretches, len(measurement.samples))
    for (_, number), seconds in zip(rounds, measurement.samples, strict=True):
        found.setdefault(number % measurement.instances, []).append(seconds)
    return [quantile(np.sort(own)) for own in found.values()]


def meets(base: Measurement, other: Measurement) -> bool:
    """Whether enough samples of the two are of the same rounds, so that they met the same machine."""
    if base.case.group != other.case.group or base.run != other.run:
        return False
    few = min(len(base.samples), len(other.samples), FEWEST_SAMPLES)
    return len(_shared(base.stretches, len(base.samples), other.stretches, len(other.samples))) >= few


def pairs(base: Measurement, other: Measurement) -> list[tuple[float, float]]:
    """Samples of rounds that both took part in, in order; none where they never met."""
    if not meets(base, other):
        return []
    rounds = _shared(base.stretches, len(base.samples), other.stretches, len(other.samples))
    return [(base.samples[i], other.samples[j]) for _, i, j in rounds]


@lru_cache(maxsize=8192)
def _paired(
    base: tuple[float, ...],
    base_stretches: tuple[Stretch, ...],
    other: tuple[float, ...],
    other_stretches: tuple[Stretch, ...],
    planned: int,
    instances: int,
    among: int,
) -> Ratio | None:
    rounds = _shared(base_stretches, len(base), other_stretches, len(other))
    count = len(rounds)
    if not count:
        return None
    score = look_score(count, planned) * among_score(among)
    kept = [(life, base[i], other[j]) for (life, _), i, j in rounds]
    passes = [list(own) for _, own in groupby(kept, key=lambda one: one[0])]
    if len(passes) >= BLOCKS:
        blocks = [_middle([a / b for _, a, b in own]) for own in passes]
        return speedup(blocks, [1.0] * len(blocks), paired=True, score=Z95 * among_score(among))
    found = speedup([a for _, a, _ in kept], [b for *_, b in kept], paired=True, score=score)
    if found and _changes([a / b for _, a, b in kept]):
        found = structs.replace(found, changing=True)
    if instances > 1 and found:
        by_instance = [
            _middle([base[i] / other[j] for (_, number), i, j in rounds if number % instances == own])
            for own in range(min(instances, count))
        ]
        found = _hull(found, by_instance)
    return found


def _changes(ratios: Sequence[float]) -> bool:
    """Whether ratios drift so far that their first third and their last would be judged differently."""
    third = len(ratios) // 3
    if not third or not drifts(ratios):
        return False
    ends = (Ratio(value, value, value) for value in (_middle(ratios[:third]), _middle(ratios[-third:])))
    first, last = map(verdict, ends)
    return first is not last


def _middle(ratios: Sequence[float]) -> float:
    return math.exp(quantile(np.sort(np.log(ratios))))


def _hull(found: Ratio, values: Sequence[float]) -> Ratio:
    """``found`` with an interval that holds every instance's own ratio as well."""
    if found.low is None or found.high is None:
        return found
    return structs.replace(found, low=min(found.low, *values), high=max(found.high, *values))


@lru_cache(maxsize=512)
def _shared(
    base: tuple[Stretch, ...], base_count: int, other: tuple[Stretch, ...], other_count: int
) -> tuple[tuple[Round, int, int], ...]:
    """Rounds that both took part in, with the places of their samples."""
    theirs = {number: i for i, number in enumerate(_rounds(base, base_count))}
    return tuple(
        (number, theirs[number], j)
        for j, number in enumerate(_rounds(other, other_count))
        if number in theirs
    )


def _rounds(stretches: tuple[Stretch, ...], count: int) -> list[Round]:
    """The round of each sample."""
    if not stretches:
        return [(0, i) for i in range(count)]
    return [(one.life, one.first + i) for one in stretches for i in range(one.count)][:count]
