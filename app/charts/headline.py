"""The headline of a picture: the answer that it gives, as far as its intervals carry that."""

from collections.abc import Iterable

from app.charts.picture import Picture
from app.figures.verdict import Verdict, verdict
from app.findings.rows import Row


def headline(picture: Picture, rows: Iterable[Row]) -> str:
    """What the picture says of itself, else what is surely fastest in it; ``rows`` are all of the session."""
    if picture.remark:
        return picture.remark.partition(". ")[0]
    shown = {row.index: row for spot in picture.spots if (row := spot.row) is not None}
    compared = [row for row in shown.values() if row.speedup and not row.is_baseline]
    if not compared:
        return picture.title
    surely = [row for row in compared if verdict(row.speedup) is Verdict.FASTER]
    if not surely:
        if any(verdict(row.speedup) is Verdict.NOT_SURE for row in compared):
            return "Not sure yet: more rounds will tell"
        return "Nothing here is faster than its base line"
    best = max(surely, key=lambda row: row.speedup.low or 0.0 if row.speedup else 0.0)
    case, base = best.measurement.case, _base_name(best, rows)
    return f"{case.name} is {best.verdict} than {base} at {best.size} on {best.target.label}"


def _base_name(row: Row, rows: Iterable[Row]) -> str:
    """That of the base line it was compared with."""
    case = row.measurement.case
    bases = [r for r in rows if r.is_baseline and r.variant.workload == row.variant.workload]
    at = [r for r in bases if r.measurement.case.shape == case.shape]
    own = [r for r in at if r.target.id == row.target.id]
    if own:
        return own[0].measurement.case.name
    return f"{at[0].measurement.case.name} on {at[0].target.label}" if at else "its base line"
