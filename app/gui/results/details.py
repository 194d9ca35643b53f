"""Everything known of one case, as pairs of words. No Qt."""

import numpy as np

from app.core.conditions import words
from app.core.measurement import NOT_FINITE
from app.core.tuning import describe
from app.figures import units
from app.figures.statistics import Summary
from app.figures.verdict import wording
from app.figures.warnings import outliers
from app.findings.rows import Row

Facts = list[tuple[str, str]]


def heading(row: Row) -> str:
    """What the case is."""
    return f"{row.name} · {place(row)}"


def place(row: Row) -> str:
    """Where it ran, and at which size."""
    return f"{row.target.label} · {row.measurement.case.workload} {row.size}"


def answer(row: Row) -> str:
    """What came out, in a few words: ``3.77x faster (3.49-4.14)``; why nothing did, else."""
    if row.is_baseline and row.ok:
        return "the baseline"
    return row.verdict or ("no baseline here" if row.ok else row.measurement.status.value)


def correctness(row: Row) -> str:
    """Whether the result is right, and how far from float64 it is."""
    error = row.measurement.error
    if error is None:
        return ""
    if error.relative_l2 is None:
        return f"Result {NOT_FINITE}"
    small = error.relative_l2 < SMALL
    figure = error.words if small else units.percent(error.relative_l2)
    return f"{'Correct' if row.ok else 'Wrong'}, error {figure}"


SMALL = 1e-4
"""Errors below this are said as they are, not in per cent."""


def facts(row: Row) -> Facts:
    """Name and words, most telling first; only what there is."""
    m = row.measurement
    found = [
        ("Status", ": ".join(filter(None, (m.status.value, m.reason)))),
        ("Median", _median(row)),
        ("CPU time", _cpu(row)),
        ("Against baseline", _against(row)),
        ("Error", _error(row)),
        ("Rate", _rate(row)),
        ("Bound by", row.reason.words if row.reason else ""),
        ("First use", row.reason.first_words if row.reason else ""),
        ("Code", _code(row)),
        ("With transfers", units.seconds(row.seconds_with_transfers) if row.seconds_with_transfers else ""),
        ("Samples", _samples(row)),
        ("Visits", _visits(row)),
        ("Instances", f"{m.instances}, visited in turn" if m.samples and m.instances > 1 else ""),
        ("Stopped", m.stop),
        ("Parts", m.part_words),
        ("Machine", words(m.conditions, row.summary.median) if row.summary else ""),
        ("Parameters", describe(m.case.parameters) + (f" (tuned {m.case.tuned})" if m.case.tuned else "")),
        ("Costs", _costs(row)),
        ("Timer", m.timer),
        ("Target", row.target.note),
    ]
    found[2:2] = [("Note", words) for words in (*row.warnings, row.cpu_hint)]
    return [(name, words) for name, words in found if words]


def as_text(row: Row) -> str:
    """The details of a row as lines, for an issue or a message; samples in seconds, in order of time."""
    pairs = facts(row)
    width = max(len(name) for name, _ in pairs)
    lines = [heading(row), *(f"{name:<{width}}  {words}" for name, words in pairs)]
    if row.measurement.samples:
        lines.append("samples in seconds: " + " ".join(f"{s:.4g}" for s in row.measurement.samples))
    return "\n".join(lines) + "\n"


def _median(row: Row) -> str:
    return _bounded(row.summary) if row.summary else ""


def _bounded(summary: Summary) -> str:
    if summary.low is None or summary.high is None:
        return f"{units.seconds(summary.median)}, too few samples for an interval"
    bounds = f"{units.seconds(summary.low)} - {units.seconds(summary.high)}"
    return f"{units.seconds(summary.median)} (95 %: {bounds})"


def _against(row: Row) -> str:
    added = " of the run that it was added with" if row.measurement.run else ""
    if row.is_baseline:
        return f"is the baseline{added}"
    if row.verdict and added:
        return f"{row.verdict}; the baseline is that{added}"
    return row.verdict or ("the baseline has no result here" if row.ok else "")


def _error(row: Row) -> str:
    error = row.measurement.error
    if error is None:
        return ""
    figures = error.relative_l2, error.max_abs, error.kernel_relative_l2
    if None in figures:
        return NOT_FINITE
    whole, largest, kernel = (units.digits(figure, 2) for figure in figures if figure is not None)
    return (
        f"{whole} from float64, largest {largest}; of the kernel alone {kernel}, "
        f"tolerance {units.digits(error.tolerance, 2)}"
    )


def _rate(row: Row) -> str:
    parts = [
        f"{units.giga(row.flops)} GFLOP/s" if row.flops else "",
        f"{units.giga(row.bytes)} GB/s" if row.bytes else "",
        f"{units.percent(row.of_ceiling)} of ceiling" if row.of_ceiling else "",
        "in cache" if row.in_cache else "",
        "launch-bound" if row.launch_bound else "",
    ]
    return ", ".join(filter(None, parts))


def _code(row: Row) -> str:
    """``117 instructions in the hot loop, 0.81 a multiply-add, no spills``."""
    code = row.measurement.code
    if code is None or not code.loop:
        return ""
    each = f", {units.digits(code.cost, 2)} a multiply-add" if code.cost else ""
    spills = f"{code.spills} accesses to the stack" if code.spills else "no spills"
    return f"{code.loop:,} instructions in the hot loop{each}, {spills} (counted, not timed)"


def _samples(row: Row) -> str:
    m = row.measurement
    if not m.samples:
        return ""
    odd = int(outliers(np.asarray(m.samples)).sum())
    over = "" if m.disturbed else f", each over {m.repeats} runs"
    return f"{len(m.samples)}{over}; {odd or 'no'} outlier{'s' * (odd != 1)}"


def _visits(row: Row) -> str:
    """``33 of 14 short batches of 193 runs, 12 % of them disturbed``; nothing where nobody noted it."""
    m = row.measurement
    if not m.disturbed:
        return ""
    batches = f"{m.batches} short batches" if m.batches > 1 else "one batch"
    runs = f"{m.repeats} run{'s' * (m.repeats != 1)}"
    held_up = float(np.mean(m.disturbed))
    share = f"{units.percent(held_up)} of them disturbed" if held_up else "none of them disturbed"
    return f"{len(m.samples)} of {batches} of {runs}, {share}"


def _cpu(row: Row) -> str:
    if row.cpu is None:
        return ""
    ratio = row.cpu_speedup
    against = "" if row.is_baseline or ratio is None else f"; by these {wording(ratio)}"
    return f"{_bounded(row.cpu)}{against}"


def _costs(row: Row) -> str:
    costs = row.measurement.costs
    if costs is None:
        return ""
    parts = [
        f"compile {units.seconds(costs.compile_s)}",
        f"upload {units.seconds(costs.upload_s)}",
        f"first run {units.seconds(costs.first_run_s)}",
        f"warm-up {units.seconds(costs.warm_up_s)}" if costs.warm_up_s else "",
        f"module {units.bytes_(costs.module_bytes)}" if costs.module_bytes else "",
        f"machine code {units.bytes_(costs.code_bytes)}" if costs.code_bytes else "",
    ]
    return ", ".join(filter(None, parts))
