"""Contradictions: results faster than the arithmetic ceiling of their target, which therefore is none."""

from collections.abc import Iterable

from app.figures import units
from app.findings.rows import NOISE, Row


def contradictions(rows: Iterable[Row]) -> dict[str, str]:
    """Target id to the result that surpasses its arithmetic ceiling most, in words.

    What surpasses memory alone contradicts no arithmetic. Unsteady results contradict nothing.
    """
    found: dict[str, Row] = {}
    for row in rows:
        if row.ok and not row.unsteady and not row.memory_bound and (row.of_ceiling or 0.0) > NOISE:
            best = found.get(row.target.id)
            if best is None or (row.of_ceiling or 0.0) > (best.of_ceiling or 0.0):
                found[row.target.id] = row
    return {id: _words(row) for id, row in found.items()}


def _words(row: Row) -> str:
    what = f"{row.variant.workload} {row.name} at {row.size}"
    return f"{what} reached {units.percent(row.of_ceiling)} of the {row.variant.compute} ceiling"
