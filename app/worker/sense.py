"""Whether what a worker says can be: it may be broken, or of another mind after a crash."""

from collections.abc import Container

from app.core.events import (
    AnyEvent,
    CaseCalibrated,
    CaseCompiled,
    CaseFinished,
    CaseOpened,
    CaseParted,
    CasePrepared,
    CaseSampled,
    CaseStarted,
    CaseVerified,
    GroupFinished,
    Log,
)
from app.core.measurement import MOST_PARTS

LONGEST_REASON = 500
"""Characters."""

LONGEST_SAMPLE = 1e9
"""Seconds of one run."""


def nonsense(event: AnyEvent, open_cases: Container[int], life: int = 0) -> str:
    """Why ``event`` cannot be meant in this life while only these cases are open; empty when it can."""
    match event:
        case (
            CaseOpened()
            | CaseStarted()
            | CasePrepared()
            | CaseVerified()
            | CaseCalibrated()
            | CaseSampled()
            | CaseParted()
            | CaseCompiled()
            | CaseFinished()
        ):
            if event.case not in open_cases:
                return f"{type(event).__name__} of case {event.case}, which is not under way"
        case GroupFinished() | Log():
            pass
        case _:
            return f"{type(event).__name__} has no place in a group"
    if isinstance(event, CaseSampled):
        return _odd_sample(event, life)
    if isinstance(event, CaseCalibrated) and min(event.repeats, event.batches, event.rounds) < 1:
        return f"visits of {event.batches} batches of {event.repeats} runs, {event.rounds} times"
    if isinstance(event, CaseParted) and not _adds_up(event):
        return f"{len(event.parts)} parts that cannot be those of a run"
    return ""


def _adds_up(event: CaseParted) -> bool:
    seconds = [part.seconds for part in event.parts]
    return len(seconds) <= MOST_PARTS and all(0 <= s < LONGEST_SAMPLE for s in seconds) and any(seconds)


def _odd_sample(event: CaseSampled, life: int) -> str:
    figures = [event.seconds, event.middle or event.seconds, event.cpu or event.seconds]
    if not (all(0 < figure < LONGEST_SAMPLE for figure in figures) and event.repeats > 0):
        return f"a sample of {event.seconds:g} s over {event.repeats} runs"
    if event.life != life or event.round < 0 or not 0 <= event.disturbed <= 1:
        return f"a sample of life {event.life}, round {event.round} in life {life}"
    return ""


def one_line(text: str) -> str:
    """``text`` without line breaks and cut to a length that people read; the whole of it is in the log."""
    words = " ".join(text.split())
    return words if len(words) <= LONGEST_REASON else f"{words[: LONGEST_REASON - 1]}…"
