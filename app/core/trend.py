"""The trend of one case over sessions, with a mark where it changed beyond noise."""

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from msgspec import Struct

from app.core.statistics import Ratio
from app.core.verdict import MARGIN, Verdict, verdict

ENOUGH = 5
"""From this many sessions on, how much they differ anyway is judged from themselves."""

BEYOND = 3.0
"""A change must exceed this many usual steps between sessions."""


class Moment(Struct, frozen=True):
    """A case in one session: seconds, with the interval of the median where there is one."""

    session: int
    created: str
    seconds: float
    low: float | None
    high: float | None


class Change(Struct, frozen=True):
    """A moment, how it compares with the level before, and whether a new level begins with it."""

    moment: Moment
    ratio: Ratio | None
    verdict: Verdict
    changed: bool


def trend(moments: Sequence[Moment], margin: float = MARGIN) -> list[Change]:
    """Compare each moment with the level it follows: the first moment since the last change.

    A change is marked where the intervals lie apart by more than the margin, and, from ``ENOUGH`` sessions
    on, by more than ``BEYOND`` times what neighbouring sessions usually differ: nothing within a session
    knows how much a machine changes from day to day.
    """
    found: list[Change] = []
    level: Moment | None = None
    usual = _usual_step(moments)
    for moment in moments:
        ratio = _ratio(level, moment) if level else None
        judged = verdict(ratio, max(margin, math.exp(BEYOND * usual) - 1))
        changed = judged in (Verdict.FASTER, Verdict.SLOWER)
        if level is None or changed:
            level = moment
        found.append(Change(moment, ratio, judged, changed))
    return found


def _usual_step(moments: Sequence[Moment]) -> float:
    """The median of how much neighbours differ, as a logarithm; a few real changes do not move it."""
    if len(moments) < ENOUGH:
        return 0.0
    logs = [math.log(moment.seconds) for moment in moments]
    return median(abs(b - a) for a, b in pairwise(logs))


def _ratio(before: Moment, now: Moment) -> Ratio:
    """From the intervals' outer ends: wider than need be, since the samples are not at hand."""
    value = before.seconds / now.seconds
    if None in (before.low, before.high, now.low, now.high):
        return Ratio(value, None, None)
    assert before.low
    assert before.high
    assert now.low
    assert now.high
    return Ratio(value, before.low / now.high, before.high / now.low)
