"""The trend of one case over sessions, with a mark where it changed beyond noise."""

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from msgspec import Struct, structs

from app.core.pairs import WIDEST
from app.figures.statistics import Ratio
from app.figures.verdict import MARGIN, Verdict, verdict

ENOUGH = 5
"""From this many sessions on, how much they differ anyway is judged from themselves."""

BEYOND = 4.5
"""A change must exceed this many usual steps between sessions."""

RECENT = 5
"""Sessions whose median stands for a level: a single one may be off as much as any."""


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
    """Compare each moment with the level it follows: what there was since the last change.

    A change is marked where it lies apart, interval from interval, from the median of the level's last five
    moments, or from that of its first five, which creep leaves behind: by more than the margin and by more
    than ``BEYOND`` times what neighbouring sessions usually differ. Nothing within a session knows how much
    a machine changes from day to day; until ``ENOUGH`` sessions tell, that may be as much as processes differ
    (``WIDEST``).
    """
    found: list[Change] = []
    level: list[Moment] = []
    usual = _usual_step(moments)
    most = WIDEST if usual is None else math.exp(BEYOND * usual)
    for moment in moments:
        change = _judge(level, moment, max(margin, most - 1))
        level = [moment] if change.changed else [*level, moment]
        found.append(change)
    return found


def _judge(level: Sequence[Moment], moment: Moment, margin: float) -> Change:
    """Against the last five; against the first five where only these are left behind."""
    change = Change(moment, None, Verdict.NO_DATA, False)
    for part in (level[:RECENT], level[-RECENT:]):
        if not part or change.changed:
            break
        ratio = _ratio(_middle(part), moment)
        judged = verdict(ratio, margin)
        change = Change(moment, ratio, judged, judged in (Verdict.FASTER, Verdict.SLOWER))
    return change


def _middle(level: Sequence[Moment]) -> Moment:
    """A moment in the middle of these; without an interval where one of them has none."""
    lows = [moment.low for moment in level if moment.low is not None]
    highs = [moment.high for moment in level if moment.high is not None]
    sure = len(lows) == len(highs) == len(level)
    return structs.replace(
        level[-1],
        seconds=median(moment.seconds for moment in level),
        low=median(lows) if sure else None,
        high=median(highs) if sure else None,
    )


def _usual_step(moments: Sequence[Moment]) -> float | None:
    """The median of how much neighbours differ, as a logarithm; a few real changes do not move it."""
    if len(moments) < ENOUGH:
        return None
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
