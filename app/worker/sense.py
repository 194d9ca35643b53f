"""Whether what a worker says can be: it may be broken, or of another mind after a crash."""

from collections.abc import Container

from app.core.events import (
    AnyEvent,
    CaseFinished,
    CasePrepared,
    CaseSampled,
    CaseStarted,
    CaseVerified,
    GroupFinished,
    Log,
)

LONGEST_REASON = 500
"""Characters."""


def nonsense(event: AnyEvent, open_cases: Container[int]) -> str:
    """Why ``event`` cannot be meant while only these cases of a group are open; empty when it can."""
    match event:
        case CaseStarted() | CasePrepared() | CaseVerified() | CaseSampled() | CaseFinished():
            if event.case not in open_cases:
                return f"{type(event).__name__} of case {event.case}, which is not under way"
        case GroupFinished() | Log():
            pass
        case _:
            return f"{type(event).__name__} has no place in a group"
    if isinstance(event, CaseSampled) and not (event.seconds > 0 and event.repeats > 0):
        return f"a sample of {event.seconds:g} s over {event.repeats} runs"
    return ""


def one_line(text: str) -> str:
    """``text`` without line breaks and cut to a length that people read; the whole of it is in the log."""
    words = " ".join(text.split())
    return words if len(words) <= LONGEST_REASON else f"{words[: LONGEST_REASON - 1]}…"
