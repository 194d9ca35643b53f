"""The groups of the table of results: the rows of a target, and what is worth most of them. No Qt."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.core.measurement import Status
from app.figures.verdict import Verdict, verdict
from app.findings.rows import Row


@dataclass
class Group:
    """A target, by id and label, and the numbers of its rows in order."""

    target: str = ""
    label: str = ""
    numbers: list[int] = field(default_factory=list)


def by_target(rows: Sequence[Row], before: Sequence[Group] = ()) -> list[Group]:
    """The rows of each target; groups that were there before keep their order."""
    found = {group.target: Group(group.target, group.label) for group in before}
    for number, row in enumerate(rows):
        found.setdefault(row.target.id, Group(row.target.id, row.target.label)).numbers.append(number)
    return list(found.values())


def fastest(rows: Iterable[Row]) -> Row | None:
    """What is surely faster than its baseline, by at least the most; None where nothing is."""
    surely = [row for row in rows if not row.is_baseline and verdict(row.speedup) is Verdict.FASTER]
    return max(surely, key=lambda row: (row.speedup and row.speedup.low) or 0.0, default=None)


def words(rows: Sequence[Row], best: Row | None) -> str:
    """``the fastest of 160 results; 8 unsupported``."""
    count = f"{len(rows)} result{'s' * (len(rows) != 1)}"
    of = f"the fastest of {count}" if best else f"{count}, none surely faster than its baseline"
    others = Counter(row.measurement.status for row in rows if row.measurement.status is not Status.OK)
    return "; ".join([of, *(f"{many} {status.value}" for status, many in others.items())])
