"""The headline of a picture: the answer that it gives, as far as its intervals carry that."""

from collections.abc import Sequence

from app.charts.picture import Picture, Spot
from app.core.target import Runtime
from app.figures.verdict import Verdict, gain, verdict
from app.findings.rows import Row


def headline(picture: Picture) -> str:
    """What the picture says of itself, else what is surely fastest in it, on a GPU where there is one."""
    if picture.remark:
        return picture.remark.partition(". ")[0]
    compared = _compared(picture)
    if not compared or not picture.bases:
        return picture.title
    best = foremost(picture)
    if best is None:
        if any(verdict(row.speedup) is Verdict.NOT_SURE for row in compared):
            return "Not sure yet: more rounds will tell"
        return "Nothing here is faster than its baseline"
    own = [row for row in compared if (row.target.id, row.name) == (best.target.id, best.name)]
    everywhere = len(own) > 1 and all(verdict(row.speedup) is Verdict.FASTER for row in own)
    told = own if everywhere else [best]
    where = "" if everywhere else f" at {best.size}"
    ratios = [row.speedup for row in told if row.speedup]
    base = _base_name(best, picture.bases)
    return f"{best.name} is {gain(ratios, base)}{where} on {best.target.label}"


def told_by(picture: Picture) -> Spot | None:
    """The spot of the case that the headline tells of first; None where it tells of none."""
    best = foremost(picture) if picture.bases and not picture.remark else None
    return next((spot for spot in picture.spots if best and spot.row is best), None)


def _compared(picture: Picture) -> list[Row]:
    shown = {row.index: row for spot in picture.spots if (row := spot.row) is not None}
    compared = [row for row in shown.values() if row.speedup and not row.is_baseline]
    return [row for row in compared if not row.target.is_peer] or compared


def foremost(picture: Picture) -> Row | None:
    """The case in it that is surely faster, and worth most of that: a GPU's where there is one."""
    surely = [row for row in _compared(picture) if verdict(row.speedup) is Verdict.FASTER]
    return max(surely, key=_worth, default=None)


def rest(picture: Picture) -> str:
    """What the picture says of itself beyond its headline."""
    return picture.remark.removeprefix(headline(picture)).removeprefix(". ")


def finds(picture: Picture) -> bool:
    """Whether something in the picture is surely faster than its baseline."""
    return foremost(picture) is not None


def _worth(row: Row) -> tuple[bool, bool, float]:
    """Real GPUs before software ones before all else, then what is faster at least."""
    gpu = row.target.runtime is Runtime.WGSL
    return gpu and not row.target.is_cpu, gpu, (row.speedup.low or 0.0) if row.speedup else 0.0


def _base_name(row: Row, bases: Sequence[Row]) -> str:
    """That of the baseline it was compared with."""
    case = row.measurement.case
    at = [r for r in bases if r.measurement.case.shape == case.shape]
    own = [r for r in at if r.target.id == row.target.id]
    if own:
        return own[0].measurement.case.name
    return f"{at[0].measurement.case.name} on {at[0].target.label}" if at else "its baseline"
