"""Sessions, any number of them, beside each other: each case of the first with its like in the others."""

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec import Struct

from app.core.measurement import Measurement, Status
from app.core.session import Session
from app.core.shape import Shape, names_by_workload
from app.core.target import Target
from app.figures.statistics import Ratio, Summary, geometric_mean, summarise
from app.findings.compare import Comparison, compare, match_targets

Named = Sequence[tuple[str, Session]]


class Beside(Struct, frozen=True):
    """One size: the case as each session has it, and each but the first compared with the first.

    ``name`` is what the shape is called among those of its workload in all sessions; ``summaries`` are of
    results that may be shown.
    """

    shape: Shape
    name: str
    measurements: tuple[Measurement | None, ...]
    summaries: tuple[Summary | None, ...]
    comparisons: tuple[Comparison | None, ...]


class Means(Struct, frozen=True):
    """A variant of a workload on one target: its sizes, and the geometric mean of them for each session.

    ``target`` is that of the first session that has it.
    """

    target: Target
    workload: str
    variant: str
    sizes: tuple[Beside, ...]
    means: tuple[Ratio | None, ...]

    def count(self, other: int) -> int:
        """How many sizes the mean of that session is over."""
        return sum(bool(own and own.ratio) for own in (size.comparisons[other] for size in self.sizes))


class Across(Struct, frozen=True):
    """Sessions beside each other under their ``names``; the others are compared with the first."""

    names: tuple[str, ...]
    groups: tuple[Means, ...]

    @property
    def some(self) -> bool:
        """Whether any case is in two sessions."""
        found = (one for group in self.groups for size in group.sizes for one in size.comparisons)
        return any(one and one.base and one.other for one in found)


def summary(measurement: Measurement | None) -> Summary | None:
    """The summary of the samples, if the result may be shown."""
    return summarise(measurement.samples) if measurement and measurement.status is Status.OK else None


@dataclass
class _Slot:
    """A line while it fills."""

    target: Target
    measurements: list[Measurement | None]
    comparisons: list[Comparison | None]


def across(named: Named) -> Across:
    """Compare every session with the first. Cases that the first lacks follow, under their own target."""
    base, count = named[0][1], len(named)
    table: dict[tuple[str, str, str], dict[Shape, _Slot]] = {}

    def slot(target: Target, measurement: Measurement) -> _Slot:
        case = measurement.case
        sizes = table.setdefault((target.id, case.workload, case.name), {})
        return sizes.setdefault(case.shape, _Slot(target, [None] * count, [None] * (count - 1)))

    for measurement in base.measurements:
        slot(base.target(measurement.case.target), measurement).measurements[0] = measurement
    for i, (_, other) in enumerate(named[1:]):
        partners = {theirs: base.target(mine) for mine, theirs in match_targets(base, other).items()}
        for one in compare(base, other):
            target = one.target if one.base else partners.get(one.target.id, one.target)
            own = slot(target, one.measurement)
            own.comparisons[i], own.measurements[i + 1] = one, one.other
    shapes = ((workload, shape) for (_, workload, _), sizes in table.items() for shape in sizes)
    names = names_by_workload(shapes)
    found = (_means(workload, variant, sizes, names) for (_, workload, variant), sizes in table.items())
    return Across(tuple(name for name, _ in named), tuple(found))


def _means(
    workload: str, variant: str, sizes: dict[Shape, _Slot], names: dict[tuple[str, Shape], str]
) -> Means:
    found = tuple(
        Beside(
            shape,
            names[workload, shape],
            tuple(own.measurements),
            tuple(map(summary, own.measurements)),
            tuple(own.comparisons),
        )
        for shape, own in sorted(sizes.items(), key=lambda pair: pair[0].order)
    )
    ratios = [
        [one.ratio for one in column if one and one.ratio]
        for column in zip(*(size.comparisons for size in found), strict=True)
    ]
    target = next(iter(sizes.values())).target
    means = tuple(geometric_mean(own, alike=True) for own in ratios)
    return Means(target, workload, variant, found, means)
