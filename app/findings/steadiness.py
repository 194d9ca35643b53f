"""Steadiness: which results choices may rest on, and what is said of the others."""

from collections.abc import Iterator, Sequence

from app.findings.rows import Row


def steady(rows: Sequence[Row]) -> list[Row]:
    """The rows that choices may rest on: none is unsteady, nor is the baseline that it is compared with."""
    shaky = {row.measurement.case.group for row in rows if row.unsteady and row.is_baseline}
    return [row for row in rows if not row.unsteady and row.measurement.case.group not in shaky]


def silences(rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    """Target and sentence for each workload and target with unsteady rows: how many, and why one is."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.variant.workload, row.target.id), []).append(row)
    for (workload, target), own in groups.items():
        unsteady = [row for row in own if row.unsteady]
        if not unsteady:
            continue
        first = unsteady[0]
        count = f"{len(unsteady)} of {len(own)} results, which are unsteady"
        example = f"{first.name} at {first.size}: {first.unsteady}"
        yield target, f"{workload} on {first.target.label}: nothing is said of {count} ({example})"
