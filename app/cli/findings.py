"""What a run answers beside its table: where GPUs overtake, what threads gain, what suspensions cost."""

from rich.table import Table

from app.cli.output import plain_table, print_table
from app.core.session import Session
from app.figures import units
from app.figures.verdict import wording
from app.findings.compilers import GUARDS, twins
from app.findings.crossover import Way, crossovers
from app.findings.rows import Row, rows
from app.findings.scaling import scalings
from app.findings.suspension import suspensions
from app.workloads import workloads


def print_findings(session: Session) -> None:
    """Print a table for each question that the session has measurements for."""
    found = rows(session, workloads())
    for table in (_crossovers(found), _scalings(found), _suspensions(found), _compilers(found)):
        if table.row_count:
            print_table(table)


def _crossovers(found: list[Row]) -> Table:
    table = plain_table("workload", "GPU", "Wasm", *Way, title="size from which on a GPU is faster than Wasm")
    for one in crossovers(found):
        ways = [one.crossing(way) for way in Way]
        cells = [crossing.short if crossing else "transfers not known" for crossing in ways]
        table.add_row(one.workload, one.gpu.label, one.cpu.label, *cells)
    return table


def _scalings(found: list[Row]) -> Table:
    curves = scalings(found)
    counts = sorted({step.threads for curve in curves for step in curve.steps} - {1})
    heads = ("kernel", "one thread", *(f"{count} threads" for count in counts))
    table = plain_table(*heads, title="threads: speedup over one (and the use of each)")
    for curve in curves:
        steps = {step.threads: step for step in curve.steps}
        one = steps[1].row.summary
        cells = [
            f"{units.speedup(step.speedup.value, step.speedup.low, step.speedup.high)}, "
            f"{units.percent(step.efficiency.value)}"
            if (step := steps.get(count))
            else units.NO_VALUE
            for count in counts
        ]
        table.add_row(curve.label, units.seconds(one.median if one else None), *cells)
    return table


def _suspensions(found: list[Row]) -> Table:
    heads = ("target", "way", "n", "module", "slower, never waiting", "each suspension")
    table = plain_table(*heads, title="what it costs to wait in synchronous code (promiseFib)")
    for one in suspensions(found):
        size = units.NO_VALUE if one.size is None else f"{one.size} B ({units.times(one.growth)})"
        slowdown = one.slowdown
        idle = units.speedup(slowdown.value, slowdown.low, slowdown.high) if slowdown else units.NO_VALUE
        table.add_row(one.target.label, one.way, one.row.size, size, idle, one.time)
    return table


def _compilers(found: list[Row]) -> Table:
    heads = ("kernel", "size", "naga", "the browser's", "the browser's is", "naga unchecked")
    known = twins(found)
    title = "shader compilers on one adapter (time of a run; time to compile)"
    table = plain_table(*heads, title=title, caption=GUARDS)
    for one in known:
        unchecked = one.unchecked.summary if one.unchecked else None
        table.add_row(
            f"{one.native.variant.workload} {one.native.variant.name} on {one.native.target.label}",
            one.native.size,
            _run_and_compile(one.native),
            f"{_run_and_compile(one.page)} {one.page.target.properties.get('browser', '')}",
            wording(one.ratio),
            units.seconds(unchecked.median if unchecked else None),
        )
    return table


def _run_and_compile(row: Row) -> str:
    costs = row.measurement.costs
    assert row.summary
    return f"{units.seconds(row.summary.median)}; {units.seconds(costs.compile_s if costs else None)}"
