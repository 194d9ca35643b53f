"""Contradictions: results faster than the arithmetic ceiling of their target, which therefore is none."""

from collections.abc import Iterable
from typing import NamedTuple

from app.figures import units
from app.findings.rows import NOISE, Row


class Contradiction(NamedTuple):
    """What surpassed the arithmetic ceilings of a target."""

    words: str
    """The result that did so most."""

    types: tuple[str, ...]
    """The types of products whose ceilings were surpassed, in alphabetic order."""


def contradictions(rows: Iterable[Row]) -> dict[str, Contradiction]:
    """What contradicts the arithmetic ceilings of each target, by its id.

    What surpasses memory alone contradicts no arithmetic. Unsteady results contradict nothing.
    """
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row.ok and not row.unsteady and not row.memory_bound and (row.of_ceiling or 0.0) > NOISE:
            found.setdefault(row.target.id, []).append(row)
    return {id: _contradiction(own) for id, own in found.items()}


def _contradiction(rows: list[Row]) -> Contradiction:
    row = max(rows, key=lambda row: row.of_ceiling or 0.0)
    what = f"{row.variant.workload} {row.name} at {row.size}"
    words = f"{what} reached {units.percent(row.of_ceiling)} of the {row.variant.compute} ceiling"
    return Contradiction(words, tuple(sorted({row.variant.compute for row in rows})))
