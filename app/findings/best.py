"""The best kernels of a workload on a target, shape by shape, and where the same ones win."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from app.core.pairs import ratio
from app.core.shape import Shape, in_line, in_order
from app.figures import units
from app.figures.verdict import Verdict, verdict
from app.findings.rows import Row

WORSE = 3.0
"""An error below this many times the baseline's is the same for most purposes."""


class Best(Struct, frozen=True):
    """The fastest at one shape, with those that cannot be told from it; ``base`` is the baseline there.

    ``accurate`` is the fastest of those that are about as accurate as the baseline.
    """

    shape: Shape
    rows: tuple[Row, ...]
    base: Row | None
    accurate: Row | None

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(row.variant.name for row in self.rows)


def best_at(rows: Sequence[Row], margin: float) -> list[Best]:
    """The best rows at each shape, in the order of the shapes; among equals the most accurate comes first."""
    found = []
    for shape in in_order(row.measurement.case.shape for row in rows):
        own = [row for row in rows if row.measurement.case.shape == shape]
        first = min(own, key=_median)
        equals = [row for row in own if row is first or not _surely(row, first, margin, len(own))]
        equals.sort(key=lambda row: (error_of(row), _median(row)))
        base = next((row for row in own if row.is_baseline), None)
        careful = [row for row in own if base and error_of(row) <= WORSE * error_of(base)]
        found.append(Best(shape, tuple(equals), base, min(careful, key=_median, default=None)))
    return found


def _median(row: Row) -> float:
    assert row.summary is not None
    return row.summary.median


def error_of(row: Row) -> float:
    """The relative error of a result; 0 where none is known."""
    return (row.measurement.error and row.measurement.error.relative_l2) or 0.0


def _surely(slow: Row, fast: Row, margin: float, among: int = 2) -> bool:
    """Whether ``fast`` is faster beyond doubt, as the first of so many."""
    return verdict(ratio(slow.measurement, fast.measurement, among), margin) is Verdict.FASTER


def stretches(best: Sequence[Best], margin: float) -> Iterator[tuple[tuple[str, ...], list[Best], str]]:
    """Winners, where they win, and that in words: ``64 to 256`` where the shapes are in line.

    Elsewhere nothing lies between two shapes, so those with the same winners are all named.
    """
    ordered = in_line(at.shape for at in best)
    found: dict[tuple[object, ...], list[Best]] = {}
    for number, (names, stretch) in enumerate(groupby(best, key=lambda at: _winners(at, margin))):
        found.setdefault((names, number if ordered else 0), []).extend(stretch)
    for own in found.values():
        sizes = [at.rows[0].size for at in own]
        words = f"{sizes[0]} to {sizes[-1]}" if ordered and len(own) > 1 else units.listed(sizes)
        yield _winners(own[0], margin), own, words


def _winners(at: Best, margin: float) -> tuple[str, ...]:
    """The names of the best; the baseline's alone where nothing is surely faster than it."""
    first, base = at.rows[0], at.base
    if base and base.variant.name in at.names and (first is base or not _surely(base, first, margin)):
        return (base.variant.name,)
    return at.names
