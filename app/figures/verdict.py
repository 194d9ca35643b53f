"""Verdicts: what may be said of a speedup, given its interval."""

from collections.abc import Sequence
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


def wording(ratio: Ratio | None, margin: float = MARGIN, than: str = "") -> str:
    """``1.62× faster (1.58–1.66)``, ``2.10× slower (2.05–2.14)``, ``same (0.99–1.01)``, ``not sure: ...``.

    With what ``than`` names it is a sentence: ``1.62× faster than u8 (1.58–1.66)``, ``As fast as u8: ...``,
    ``No clear difference from u8: ...``. What is unpaired says so: ``3.52× faster (2.70–3.78, unpaired)``.
    """
    found = verdict(ratio, margin)
    if ratio is None:
        return found.value
    match found:
        case Verdict.FASTER:
            return _claim(units.times(ratio.value), found, than, _bounds(ratio))
        case Verdict.SLOWER:
            turned = inverse(ratio)
            return _claim(units.times(turned.value), found, than, _bounds(turned))
    figures = f"{units.times(ratio.value)} ({_bounds(ratio)})"
    if found is Verdict.SAME:
        return f"As fast as {than}: {figures}" if than else f"same ({_bounds(ratio)})"
    return f"No clear difference from {than}: {figures}" if than else f"not sure: {figures}"


def gain(ratios: Sequence[Ratio], than: str = "") -> str:
    """How much faster, of ratios that are surely so: ``1.62–2.10× faster than f32 (1.58–2.14)``.

    For several it is the values' range, and the widest bounds.
    """
    values = sorted(ratio.value for ratio in ratios)
    low = min(ratio.low for ratio in ratios if ratio.low is not None)
    high = max(ratio.high for ratio in ratios if ratio.high is not None)
    whole = Ratio(values[0], low, high, any(ratio.unpaired for ratio in ratios))
    first = units.digits(values[0])
    both = units.times(values[-1])
    figures = both if units.times(values[0]) == both else f"{first}–{both}"
    return _claim(figures, Verdict.FASTER, than, _bounds(whole))


def _claim(figures: str, what: Verdict, than: str, bounds: str) -> str:
    """The one form of a claim: how much, than what, how sure."""
    return f"{figures} {what.value}{f' than {than}' if than else ''} ({bounds})"


def _bounds(ratio: Ratio) -> str:
    return f"{units.interval(ratio.low, ratio.high)}{', unpaired' if ratio.unpaired else ''}"


def inverse(ratio: Ratio) -> Ratio:
    """The comparison of ``ratio`` seen from the other side."""
    low, high = ratio.low, ratio.high
    return Ratio(1 / ratio.value, 1 / high if high else None, 1 / low if low else None, ratio.unpaired)
