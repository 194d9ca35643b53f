"""When to stop sampling a case, and the reason that goes into the session."""

import math
from collections.abc import Sequence

import numpy as np

from app.core.plan import Settings
from app.figures.statistics import (
    FEWEST_ROUNDS,
    FEWEST_SAMPLES,
    Ratio,
    half_width,
    look_score,
    median_interval,
    speedup,
)
from app.figures.verdict import Verdict, verdict

CLEAR = 0.1
"""A logarithm: a speedup beyond about 10 % need not be known as precisely as one within."""

COARSER = 2.5
"""How many times wider than ``precision`` the interval of a speedup that is ``CLEAR`` may be."""

PATIENCE = 8.0
"""Where visits take so many times longer than their undisturbed time, sampling ends before its rounds."""

PARTS = (4, 2, 1)
"""The looks: after a quarter, a half and all of the rounds."""


def looks(rounds: int) -> tuple[int, ...]:
    """After which of so many rounds sampling may end: a quarter, a half and all of them."""
    return tuple(sorted({max(FEWEST_ROUNDS, rounds // part) for part in PARTS}))


def why_stop(
    samples: Sequence[float],
    base: Sequence[float] | None,
    rounds: int,
    settings: Settings,
    late: bool = False,
) -> str:
    """Why a case with these samples is done; empty when it is not.

    ``samples`` and ``base`` are seconds per run, paired by round, of at most ``rounds``; ``late`` says that
    they took far longer than they should.
    """
    count = len(samples)
    if settings.rounds:
        return "pass complete" if count >= settings.rounds else ""
    if count >= rounds:
        return "time limit reached"
    if late and count >= FEWEST_SAMPLES:
        return f"time limit reached: the machine was busy, {count} of {rounds} visits"
    if count in looks(rounds) and _clear(samples, base, rounds, settings.precision):
        return f"sure after {count} of {rounds} visits"
    return ""


def _clear(samples: Sequence[float], base: Sequence[float] | None, rounds: int, precision: float) -> bool:
    if base is None:
        interval = median_interval(np.sort(np.asarray(samples)))
        return interval is not None and half_width(*interval) <= precision
    ratio = speedup(base, samples, paired=True, score=look_score(len(samples), rounds))
    if ratio is None or verdict(ratio) is Verdict.NOT_SURE:
        return False
    return half_width(ratio.low, ratio.high) <= precision * _coarsened(ratio)


def _coarsened(ratio: Ratio) -> float:
    return COARSER if abs(math.log(ratio.value)) > CLEAR else 1.0
