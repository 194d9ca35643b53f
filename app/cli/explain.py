"""``explain``: what the time of every row of a session goes into."""

from collections.abc import Sequence
from pathlib import Path

from app.cli.output import plain_table, print_json, print_table, say
from app.core.conditions import Conditions, drift, energy, ranges
from app.core.selection import select
from app.figures import units
from app.findings.rows import Row, rows
from app.storage.files import load
from app.workloads import workloads


def explain_command(path: Path, variants: Sequence[str], as_json: bool) -> None:
    """Print a line for each row with figures.

    Raises:
        KernelscopeError: the file is no session, or no variant is called so.
    """
    session = load(path)
    found = select(rows(session, workloads()), variants, lambda row: (row.name,), "variant")
    told = [row for row in found if row.reason]
    if as_json:
        print_json([_record(row) for row in told])
        return
    table = plain_table("target", "workload", "variant", "size", "bound by", "because", "first use")
    for row in told:
        if row.reason:
            case = row.measurement.case
            table.add_row(
                row.target.label,
                case.workload,
                row.name,
                row.size,
                row.reason.cause.value,
                row.reason.figures,
                row.reason.first_words,
            )
    if told:
        print_table(table)
        _say_machine(told)
    else:
        say("nothing to explain: no row of this session has figures")


def _say_machine(told: Sequence[Row]) -> None:
    """What the machine did beside the samples, for each target once, and that no sensor says anything."""
    readings: dict[str, list[Conditions]] = {}
    for row in told:
        readings.setdefault(row.target.label, []).extend(row.measurement.conditions)
    silent = [label for label, own in readings.items() if not own]
    for label, own in readings.items():
        if own:
            reasons = dict.fromkeys(name for one in own for name in one.throttled)
            throttled = f"; throttled: {', '.join(reasons)}" if reasons else ""
            say(f"{label}: {ranges(own)}{throttled}")
    if silent:
        say(f"No sensor told clock, temperature or power of {units.listed(silent)}")
    for row in told:
        if row.summary and (words := drift(row.measurement.conditions)):
            say(f"{row.label} at {row.size}: {words}")


def _record(row: Row) -> dict[str, object]:
    assert row.reason
    return {
        "target": row.target.id,
        "workload": row.measurement.case.workload,
        "variant": row.name,
        "shape": str(row.measurement.case.shape),
        "bound_by": row.reason.cause.value,
        "figures": row.reason.figures,
        "of_ceiling": row.of_ceiling,
        "workgroups": row.measurement.workgroups or None,
        "first_use": row.reason.first.value if row.reason.first else None,
        "first_use_figures": row.reason.first_figures or None,
        "joules": energy(row.measurement.conditions, row.summary.median) if row.summary else None,
        "median": units.seconds(row.summary.median) if row.summary else None,
    }
