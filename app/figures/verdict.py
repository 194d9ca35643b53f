"""Verdicts: what may be said of a speedup, given its interval."""

from enum import StrEnum

from app.figures import units
from app.figures.statistics import Ratio

MARGIN = 0.02
"""Differences up to this fraction count as none: recompiling, relinking or moving a buffer can make more."""


class Verdict(StrEnum):
    """What the interval of a speedup carries."""

    FASTER = "faster"
    SLOWER = "slower"
    SAME = "same"
    NOT_SURE = "not sure"
    NO_DATA = "no data"


def verdict(ratio: Ratio | None, margin: float = MARGIN) -> Verdict:
    """Judge a speedup: where does all of its interval lie?

    Above ``1 + margin`` it is faster, below the inverse of that slower, between the two the same; an interval
    that crosses one of these bounds, or is missing, decides nothing; nor does that of a changing ratio. So
    "same" has to be earned by enough samples, as in a test of equivalence (Schuirmann, 1987; Kruschke,
    Rejecting or accepting parameter values, 2018), and "faster" means by more than the margin.
    """
    if ratio is None:
        return Verdict.NO_DATA
    if ratio.low is None or ratio.high is None or ratio.changing:
        return Verdict.NOT_SURE
    bound = 1 + margin
    if ratio.low > bound:
        return Verdict.FASTER
    if ratio.high < 1 / bound:
        return Verdict.SLOWER
    if ratio.low >= 1 / bound and ratio.high <= bound:
        return Verdict.SAME
    return Verdict.NOT_SURE


def wording(ratio: Ratio | None, margin: float = MARGIN) -> str:
    """``1.62× faster (1.58–1.66)``, ``2.10× slower (2.05–2.14)``, ``same (0.99–1.01)``, ``not sure: ...``.

    What is unpaired says so: ``3.52× faster (2.70–3.78, unpaired)``.
    """
    found = verdict(ratio, margin)
    if ratio is None:
        return found.value
    match found:
        case Verdict.FASTER:
            return f"{units.times(ratio.value)} faster ({_bounds(ratio)})"
        case Verdict.SLOWER:
            turned = inverse(ratio)
            return f"{units.times(turned.value)} slower ({_bounds(turned)})"
        case Verdict.SAME:
            return f"same ({_bounds(ratio)})"
        case _:
            return f"not sure: {units.times(ratio.value)} ({_bounds(ratio)})"


def sentence(ratio: Ratio, than: str) -> str:
    """The verdict beside what ``than`` names: ``1.62× faster than u8 (1.58–1.66)``."""
    match verdict(ratio):
        case Verdict.FASTER:
            return f"{units.times(ratio.value)} faster than {than} ({_bounds(ratio)})"
        case Verdict.SLOWER:
            turned = inverse(ratio)
            return f"{units.times(turned.value)} slower than {than} ({_bounds(turned)})"
        case Verdict.SAME:
            return f"As fast as {than}: {units.times(ratio.value)} ({_bounds(ratio)})"
        case _:
            return f"No clear difference from {than}: {units.times(ratio.value)} ({_bounds(ratio)})"


def _bounds(ratio: Ratio) -> str:
    return f"{units.interval(ratio.low, ratio.high)}{', unpaired' if ratio.unpaired else ''}"


def inverse(ratio: Ratio) -> Ratio:
    """The comparison of ``ratio`` seen from the other side."""
    low, high = ratio.low, ratio.high
    return Ratio(1 / ratio.value, 1 / high if high else None, 1 / low if low else None, ratio.unpaired)
