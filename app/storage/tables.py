"""Tables of a session: CSV (a documented interface), JSON, TSV and Markdown, all from rows."""

from collections.abc import Callable, Sequence

from app.core.foreign import spreadsheet
from app.core.measurement import NOT_FINITE, Error
from app.figures import units
from app.figures.verdict import verdict
from app.findings.rows import Row
from app.storage.formats import Cell, csv_of, json_of, markdown_of


def _case(row: Row) -> dict[str, Cell]:
    case = row.measurement.case
    return {
        "target": row.target.id,
        "engine": row.target.engine,
        "workload": case.workload,
        "variant": case.name if case.again else case.variant,
        "rows": case.shape.rows,
        "columns": case.shape.columns,
        "depth": case.shape.depth,
        "status": row.measurement.status.value,
        "reason": row.measurement.reason,
    }


def _times(row: Row) -> dict[str, Cell]:
    summary, ratio = row.summary, row.speedup
    return {
        "median_s": summary.median if summary else None,
        "low_s": summary.low if summary else None,
        "high_s": summary.high if summary else None,
        "samples": len(row.measurement.samples) if summary else None,
        "speedup": ratio.value if ratio else None,
        "speedup_low": ratio.low if ratio else None,
        "speedup_high": ratio.high if ratio else None,
        "gflops": row.flops / 1e9 if row.flops is not None else None,
        "gbytes_per_s": row.bytes / 1e9 if row.bytes is not None else None,
    }


def _quality(row: Row) -> dict[str, Cell]:
    m = row.measurement
    return {
        "rel_error": m.error.relative_l2 if m.error else None,
        "max_abs_error": m.error.max_abs if m.error else None,
        "compile_s": m.costs.compile_s if m.costs else None,
        "timer": m.timer,
        "parameters": ";".join(f"{name}={value}" for name, value in sorted(m.case.parameters.items())),
    }


def _processor(row: Row) -> dict[str, Cell]:
    return {
        "cpu_s": row.cpu.median if row.cpu else None,
        "cpu_speedup": row.cpu_speedup.value if row.cpu_speedup else None,
        "unpaired": int(row.speedup.unpaired) if row.speedup else None,
    }


def _shape(row: Row) -> dict[str, Cell]:
    shape = row.measurement.case.shape
    return {"shape": str(shape), "config": shape.config or None}


def _peer(row: Row) -> dict[str, Cell]:
    return {"of_best_peer": row.of_peer.value if row.of_peer else None, "best_peer": row.peer or None}


def _where(row: Row) -> dict[str, Cell]:
    return {"machine": row.target.machine or None}


def record(row: Row) -> dict[str, Cell]:
    """One row of the documented interface, in its column order; None where there is no value."""
    parts = (_case, _times, _quality, _processor, _shape, _peer, _where)
    return {name: cell for part in parts for name, cell in part(row).items()}


def csv_text(rows: Sequence[Row]) -> str:
    """The documented interface."""
    return csv_of(COLUMNS, map(record, rows))


COLUMNS = (
    *("target", "engine", "workload", "variant", "rows", "columns", "depth", "status", "reason"),
    *("median_s", "low_s", "high_s", "samples", "speedup", "speedup_low", "speedup_high"),
    *("gflops", "gbytes_per_s", "rel_error", "max_abs_error", "compile_s", "timer", "parameters"),
    *("cpu_s", "cpu_speedup", "unpaired", "shape", "config", "of_best_peer", "best_peer", "machine"),
)


def json_text(rows: Sequence[Row]) -> str:
    """A list of objects with the CSV's columns and some more; null where there is no value."""
    return json_of([{**record(row), **_beyond(row)} for row in rows])


def _beyond(row: Row) -> dict[str, Cell]:
    """What the CSV, whose columns are fixed, has no room for."""
    return {
        "of_ceiling": row.of_ceiling,
        "launch_bound": row.launch_bound,
        "seconds_with_transfers": row.seconds_with_transfers,
        "seconds_resident": row.seconds_resident,
        "operands": row.measurement.rotation.words if row.measurement.rotation else "warm",
        "operand_kind": row.operands,
        "tuned": row.measurement.case.tuned or None,
        "verdict": verdict(row.speedup).value if row.speedup and not row.is_baseline else None,
        "warnings": "; ".join(row.warnings) or None,
        "cpu_speedup_low": row.cpu_speedup.low if row.cpu_speedup else None,
        "cpu_speedup_high": row.cpu_speedup.high if row.cpu_speedup else None,
        "instances": row.measurement.instances,
        "parts": row.measurement.part_words or None,
        "bound_by": row.reason.cause.value if row.reason else None,
        "bound_by_figures": row.reason.figures if row.reason else None,
    }


def _error(error: Error | None, ok: bool) -> str:
    """An error as people read it; that of a wrong result only where it says why."""
    if error is None:
        return units.NO_VALUE
    if error.relative_l2 is None:
        return NOT_FINITE
    return error.words if ok else units.NO_VALUE


_HUMAN: dict[str, Callable[[Row], str]] = {
    "target": lambda row: row.target.label,
    "variant": lambda row: row.name,
    "size": lambda row: row.size,
    "status": lambda row: row.measurement.status.value,
    "median": lambda row: units.seconds(row.summary.median if row.summary else None),
    "CPU time": lambda row: units.seconds(row.cpu.median if row.cpu else None),
    "speedup": lambda row: "baseline" if row.is_baseline and row.ok else row.verdict or units.NO_VALUE,
    "GFLOP/s": lambda row: units.giga(row.flops),
    "GB/s": lambda row: units.giga(row.bytes),
    "of ceiling": lambda row: units.percent(row.of_ceiling),
    "of best peer": lambda row: units.percent(row.of_peer.value if row.of_peer else None),
    "rel. error": lambda row: _error(row.measurement.error, row.ok),
    "note": lambda row: row.note,
}
"""Column to text, as people read it: the command line's table, TSV and Markdown."""


def human(row: Row) -> dict[str, str]:
    """One row as people read it."""
    return {name: text(row) for name, text in _HUMAN.items()}


HUMAN_COLUMNS = tuple(_HUMAN)
FIGURES = frozenset(
    ("size", "median", "CPU time", "GFLOP/s", "GB/s", "of ceiling", "of best peer", "rel. error")
)
"""Columns that are numbers, and stand to the right."""


def tsv_text(rows: Sequence[Row]) -> str:
    """Tab-separated, for pasting into a spreadsheet."""
    lines = [HUMAN_COLUMNS, *(tuple(human(row).values()) for row in rows)]
    return "".join("\t".join(spreadsheet(" ".join(cell.split())) for cell in line) + "\n" for line in lines)


def markdown_text(rows: Sequence[Row]) -> str:
    """A Markdown table."""
    return markdown_of(HUMAN_COLUMNS, (tuple(human(row).values()) for row in rows))
