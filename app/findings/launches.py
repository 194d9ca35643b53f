"""Launches: which results tell of starting a kernel rather than of the kernel, and what is said of them."""

from collections.abc import Iterator, Sequence

from app.core.shape import in_line, in_order
from app.figures import units
from app.findings.rows import Row


def telling(rows: Sequence[Row]) -> list[Row]:
    """The rows of those groups in which no kernel is launch-bound: there variants may differ.

    Where the fastest one waits for its launch, another one might gain nothing by being faster.
    """
    waits = {row.measurement.case.group for row in rows if row.launch_bound}
    return [row for row in rows if row.measurement.case.group not in waits]


def waiting(rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    """Target and sentence where a workload has launch-bound rows: from which size on it has none."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.variant.workload, row.target.id), []).append(row)
    for (workload, target), own in groups.items():
        names = {row.measurement.case.shape: row.size for row in own}
        bound = {row.measurement.case.shape for row in own if row.launch_bound}
        if not bound:
            continue
        ordered = in_order(names)
        sizes = units.listed([names[shape] for shape in in_order(bound)])
        last = max(map(ordered.index, bound))
        if not in_line(ordered):
            words = ""
        elif last + 1 < len(ordered):
            words = f"; variants differ from {names[ordered[last + 1]]} on"
        else:
            words = "; take larger sizes to see variants differ"
        label = own[0].target.label
        yield target, f"{workload} on {label} at {sizes}: an empty kernel takes nearly as long{words}"
