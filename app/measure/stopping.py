"""When to stop sampling a case, and the reason that goes into the session."""

from collections.abc import Sequence

from app.core.plan import Settings
from app.core.statistics import FEWEST_SAMPLES, half_width

FEWEST_ROUNDS = 20
"""A narrow interval over fewer rounds is luck too often."""

PATIENCE = 10
"""A case whose single run outlasts its budget still gets its fewest samples, within this many budgets."""


def why_stop(samples: Sequence[float], base: Sequence[float] | None, spent: float, settings: Settings) -> str:
    """Why a case with these samples is done; empty when it is not.

    ``samples`` and ``base`` are seconds per run, paired by round; ``spent`` the timed seconds so far.
    """
    if settings.rounds:
        return "its rounds of this pass are done" if len(samples) >= settings.rounds else ""
    enough = len(samples) >= FEWEST_SAMPLES
    if len(samples) >= FEWEST_ROUNDS and half_width(samples, base) <= settings.precision:
        return f"interval within {100 * settings.precision:g} %"
    if spent >= settings.seconds and (enough or spent >= PATIENCE * settings.seconds):
        return "time is up"
    return ""
