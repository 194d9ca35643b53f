"""The fastest of a session, and the order in which rows are read: real hardware first, fast before slow."""

from collections.abc import Iterable
from math import inf

from app.core.target import Runtime, Target
from app.findings.rows import Row


def rank(target: Target) -> int:
    """Real GPUs come first, then engines on the CPU, then GPUs that are software."""
    return 1 if target.runtime is not Runtime.WGSL else 2 if target.is_cpu else 0


def in_order(rows: Iterable[Row]) -> list[Row]:
    """Rows as a reader wants them: real hardware first, large sizes before small ones, the fastest first."""
    given = list(rows)
    places = {target: i for i, target in enumerate(dict.fromkeys(row.target.id for row in given))}
    return sorted(given, key=lambda row: (rank(row.target), places[row.target.id], *_within(row)))


def _within(row: Row) -> tuple[float, float]:
    return -row.measurement.case.shape.size, _seconds(row)


def _seconds(row: Row) -> float:
    return row.summary.median if row.ok and row.summary else inf


def fastest(rows: Iterable[Row]) -> list[Row]:
    """The fastest checked variant of each target at its largest size, in reading order."""
    found: dict[str, Row] = {}
    for row in in_order(rows):
        if row.ok and row.summary and row.variant.checked:
            found.setdefault(row.target.id, row)
    return sorted(found.values(), key=lambda row: (rank(row.target), _seconds(row)))
