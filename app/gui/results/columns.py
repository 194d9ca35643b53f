"""The columns of the table of results: what each says of a row, and what it is sorted by. No Qt."""

from collections.abc import Callable
from dataclasses import dataclass

from app.core.measurement import NOT_FINITE
from app.figures import units
from app.findings.rows import Row

LAST = float("inf")
Order = tuple[float, tuple[int, ...]]
"""What shapes are sorted by."""

CPU_TIME, OF_PEER = "CPU time", "Of best peer"
"""The titles of columns that are only shown where any row has a figure for them."""


@dataclass(frozen=True)
class Column:
    """``sort`` gives what to sort by; figures stand to the right and lines without one come last.

    Its width is in ``letters``.
    """

    title: str
    text: Callable[[Row], str]
    tip: str
    sort: Callable[[Row], float | Order] | None = None
    letters: int = 13

    def key(self, row: Row) -> float | Order | str:
        """What to sort a row by."""
        return self.sort(row) if self.sort else self.text(row).lower()


def _speedup(row: Row) -> str:
    if row.is_baseline and row.speedup:
        return "baseline"
    ratio = row.speedup
    return units.speedup(ratio.value, ratio.low, ratio.high) if ratio else units.NO_VALUE


def _interval(row: Row) -> str:
    summary = row.summary
    if summary is None or summary.low is None or summary.high is None:
        return units.NO_VALUE
    return f"{units.seconds(summary.low)}–{units.seconds(summary.high)}"


def _quartiles(row: Row) -> str:
    summary = row.summary
    if summary is None:
        return units.NO_VALUE
    return f"{units.seconds(summary.lower_quartile)}–{units.seconds(summary.upper_quartile)}"


def _cpu(row: Row) -> str:
    if row.cpu is None:
        return units.NO_VALUE
    ratio = row.cpu_speedup
    against = "" if row.is_baseline or ratio is None else f", {units.times(ratio.value)}"
    return f"{units.seconds(row.cpu.median)}{against}"


def _relative(row: Row) -> str:
    error = row.measurement.error
    return error.words if error else units.NO_VALUE


def _largest(row: Row) -> str:
    error = row.measurement.error
    if error is None:
        return units.NO_VALUE
    return NOT_FINITE if error.max_abs is None else units.digits(error.max_abs, 2)


def _or_last(value: float | None) -> float:
    return LAST if value is None else value


COLUMNS = (
    Column("Target", lambda r: r.target.label, "Where it ran", letters=30),
    Column("Variant", lambda r: r.name, "Which implementation", letters=22),
    Column(
        "Size",
        lambda r: r.size,
        "512 is a square; otherwise rows x columns",
        lambda r: r.measurement.case.shape.order,
        letters=11,
    ),
    Column(
        "Status", lambda r: r.measurement.status.value, "How the case ended; only ok has figures", letters=14
    ),
    Column(
        "Median",
        lambda r: units.seconds(r.summary.median if r.summary else None),
        "The median time of one run",
        lambda r: _or_last(r.summary.median if r.summary else None),
        letters=11,
    ),
    Column(
        "Speedup",
        _speedup,
        "How many times faster than the baseline, with its 95 % interval",
        lambda r: _or_last(r.speedup.value if r.speedup else None),
        letters=25,
    ),
    Column(
        "Rel. error",
        _relative,
        "Distance from the float64 answer, relative (L2 norm); what the storage type costs is included",
        lambda r: _or_last(r.measurement.error.relative_l2 if r.measurement.error else None),
        letters=11,
    ),
    Column(
        "Notes",
        lambda r: r.note,
        "Why sampling stopped, what looks odd about the samples, or what went wrong",
        letters=43,
    ),
    Column("Bound by", lambda r: r.reason.cause.value if r.reason else "–", "What its time goes into"),
    Column(
        "95 % interval",
        _interval,
        "Where the true median lies, 19 times out of 20",
        lambda r: _or_last(r.summary.low if r.summary else None),
        letters=25,
    ),
    Column(
        "Quartiles",
        _quartiles,
        "The middle half of the samples lies between these (interquartile range)",
        lambda r: _or_last(r.summary.lower_quartile if r.summary else None),
        letters=25,
    ),
    Column(
        CPU_TIME,
        _cpu,
        "The processor's seconds for one run, all threads taken together, and how many times fewer these are",
        lambda r: _or_last(r.cpu.median if r.cpu else None),
        letters=18,
    ),
    Column(
        OF_PEER,
        lambda r: r.peer_words,
        "How fast it is beside the library that does best at the same, in per cent, and which that is",
        lambda r: _or_last(r.of_peer.value if r.of_peer else None),
        letters=25,
    ),
    Column(
        "GFLOP/s",
        lambda r: units.giga(r.flops),
        "Multiplications and additions per second, in thousand millions",
        lambda r: _or_last(r.flops),
    ),
    Column(
        "GB/s",
        lambda r: units.giga(r.bytes),
        "Memory traffic per second when every operand is read once",
        lambda r: _or_last(r.bytes),
    ),
    Column(
        "Max. error",
        _largest,
        "The largest absolute deviation of one element from the float64 answer",
        lambda r: _or_last(r.measurement.error.max_abs if r.measurement.error else None),
    ),
    Column(
        "Samples",
        lambda r: str(len(r.measurement.samples)),
        "How many batches were timed",
        lambda r: len(r.measurement.samples),
    ),
    Column(
        "Timer", lambda r: r.measurement.timer, "Which clock: GPU time stamps, or the wall clock over batches"
    ),
)
