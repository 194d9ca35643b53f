"""The table that a run ends with: one line per variant and target, one column per size."""

from collections import Counter
from collections.abc import Sequence

from app.cli.output import plain_table, print_table, say
from app.core.measurement import NOT_FINITE, Error, Status
from app.core.session import Session
from app.core.shape import in_order
from app.core.tuning import describe
from app.figures import units
from app.figures.warnings import kind
from app.findings.rows import Row, instances, operands, rows
from app.workloads import workloads


def print_report(session: Session, transfers: bool = False) -> None:
    """Print speedups with their intervals, the baselines' times, errors, and why cases have no figure.

    What is said once per line, such as the per cent of the ceiling, is of the largest size with a figure.
    """
    found = rows(session, workloads())
    for workload in dict.fromkeys(row.variant.workload for row in found):
        _print_workload([row for row in found if row.variant.workload == workload], transfers)


def _print_workload(found: list[Row], transfers: bool) -> None:
    names = {row.measurement.case.shape: row.size for row in found}
    shapes = in_order(names)
    name = found[0].variant.workload
    warmth = operands(found, workloads().get(name))
    said = ("speedup over the line with a time (95 % interval)", warmth, instances(found))
    title = f"{name}: {'; '.join(filter(None, said))}"
    by_cpu, by_peer = any(row.cpu for row in found), any(row.of_peer for row in found)
    figures = (
        *(("CPU time",) if by_cpu else ()),
        "of ceiling",
        *(("of best peer",) if by_peer else ()),
        *(("with transfers",) if transfers else ()),
        "rel. error",
    )
    right = (*(names[shape] for shape in shapes), *figures)
    table = plain_table("target", "variant", right=right, title=title)
    lines: dict[tuple[str, str], dict[object, Row]] = {}
    for row in found:
        lines.setdefault((row.target.label, row.name), {})[row.measurement.case.shape] = row
    notes: dict[str, None] = {}  # a set that keeps its order
    for (target, variant), cells in lines.items():
        largest = next(
            (cells[shape] for shape in reversed(shapes) if shape in cells and cells[shape].ok), None
        )
        errors = [r.measurement.error for r in cells.values() if r.measurement.error]
        table.add_row(
            target,
            variant,
            *(_cell(cells.get(shape)) for shape in shapes),
            *((units.seconds(largest.cpu.median if largest and largest.cpu else None),) if by_cpu else ()),
            units.percent(largest.of_ceiling if largest else None),
            *((_of_peer(largest),) if by_peer else ()),
            *((units.seconds(largest.seconds_with_transfers if largest else None),) if transfers else ()),
            _largest(errors),
        )
        for row in cells.values():
            notes |= dict.fromkeys(_notes(row))
    print_table(table)
    for note in [*notes, *_unsteady(found)]:
        say(f"  {note}")


def _largest(errors: Sequence[Error]) -> str:
    figures = [error.relative_l2 for error in errors if error.relative_l2 is not None]
    if len(figures) < len(errors):
        return NOT_FINITE
    return units.error(max(figures)) if figures else units.NO_VALUE


def _of_peer(row: Row | None) -> str:
    return units.percent(row.of_peer.value if row and row.of_peer else None)


def _cell(row: Row | None) -> str:
    """A speedup; for a baseline its time, since its speedup is 1 by definition."""
    if row is None:
        return units.NO_VALUE
    if row.measurement.status is not Status.OK:
        return row.measurement.status.value
    if row.is_baseline or row.speedup is None:
        return units.seconds(row.summary.median if row.summary else None)
    ratio = row.speedup
    if ratio.low is None:
        return f"{units.times(ratio.value)} (?)"
    return f"{units.times(ratio.value)} ({units.interval(ratio.low, ratio.high)})"


def _notes(row: Row) -> list[str]:
    """Why there is no figure, what is behind it or to be known of it; what many rows share reads the same."""
    measurement, notes = row.measurement, []
    if measurement.reason:
        notes.append(f"{row.variant.name}: {measurement.status.value}: {measurement.reason}")
    if measurement.case.tuned:
        parameters = describe(measurement.case.parameters)
        notes.append(f"{row.label}: tuned {measurement.case.tuned}, {parameters}")
    if parts := measurement.part_words:
        notes.append(f"{row.label}: {parts}")
    worth = measurement.quality.words if measurement.quality else ""
    notes += [f"{row.label}: {one}" for one in (row.derived, worth) if one]
    if row.crowded:
        notes.append(f"{row.label}: {row.crowded}")
    if row.target.note:
        notes.append(f"{row.target.label}: {row.target.note}")
    if measurement.status is Status.SKIPPED:
        notes += _smaller(row)
    return notes


def _unsteady(found: list[Row]) -> list[str]:
    """How many results look odd, by kind; each row's own words are in the table files and the window."""
    odd = [row for row in found if any(map(kind, row.warnings))]
    kinds = Counter(kind(warning) for row in odd for warning in row.warnings if kind(warning))
    notes = []
    if odd:
        counts = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
        notes.append(f"{len(odd)} of {len(found)} results look unsteady ({counts}); a busy machine does that")
    if unpaired := sum(bool(row.speedup and row.speedup.unpaired) for row in found):
        notes.append(f"{unpaired} speedups are unpaired: these never met their baseline's rounds")
    if cached := sum(row.in_cache for row in found):
        notes.append(f"{cached} results are served by a cache, so memory's ceiling does not hold for them")
    if waiting := sum(row.launch_bound for row in found):
        notes.append(f"{waiting} results are launch-bound: an empty kernel takes nearly as long")
    return notes


def _smaller(row: Row) -> list[str]:
    """Presets of the workload that are smaller than a case that did not fit."""
    case = row.measurement.case
    presets = workloads()[case.workload].presets
    fits = [name for name, shape in presets.items() if shape.size < case.shape.size]
    return [f"a smaller preset: --sizes {name} ({presets[name].label})" for name in fits]
