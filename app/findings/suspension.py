"""Suspension: what the ways to wait in synchronous code cost, from a session of the workload ``suspend``.

Three prices: the module's size, the slowdown of code that could wait and does not, and the time of one
suspension with its resumption. The last is what a whole run takes beyond the plain module in the same round,
over the number of suspensions, so what the transformed code itself loses is in it.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from app.core.pairs import pairs, ratio
from app.core.shape import Shape
from app.core.target import Target
from app.figures import units
from app.figures.statistics import Ratio, Summary, summarise
from app.figures.verdict import inverse, wording
from app.findings.rows import Row

WORKLOAD = "suspend"
PLAIN = "plain"
IDLE = "-idle"
"""``asyncify-idle`` is the module of ``asyncify``, never suspended."""


class Suspension(Struct, frozen=True):
    """One way on one target; figures are None where they were not measured.

    ``size`` is the module's in bytes, ``growth`` that over the plain module's. ``slowdown`` is how many times
    longer the module takes than the plain one when nothing waits. ``suspensions`` counts those of one run,
    ``seconds`` is what each takes.
    """

    target: Target
    way: str
    shape: Shape
    row: Row
    size: int | None
    growth: float | None
    slowdown: Ratio | None
    suspensions: int
    seconds: Summary | None

    @property
    def time(self) -> str:
        """``0.108 µs (0.105-0.111 µs)``; a dash for the plain module, which never waits."""
        found = self.seconds
        if found is None or found.median <= 0:
            return units.NO_VALUE
        if found.low is None or found.high is None or found.low <= 0:
            return f"{units.seconds(found.median)} (not sure)"
        return f"{units.seconds(found.median)} ({units.seconds(found.low)}-{units.seconds(found.high)})"

    @property
    def words(self) -> str:
        """What waiting this way costs, as a sentence without its stop."""
        text = f"waiting by {self.way} on {self.target.label}: {self.time} a suspension"
        if self.growth:
            text += f", a module {units.times(self.growth)} the plain one's size"
        if self.slowdown:
            text += f"; where nothing waits, its code is {wording(inverse(self.slowdown))}"
        return text


def suspensions(rows: Iterable[Row]) -> list[Suspension]:
    """Every way that ran beside the plain module, at every n of the session, plain first."""
    groups: dict[tuple[str, Shape, int], dict[str, Row]] = {}
    for row in rows:
        case = row.measurement.case
        if case.workload == WORKLOAD and row.ok and row.summary:
            groups.setdefault((case.target, case.shape, row.measurement.run), {})[case.variant] = row
    return [
        _suspension(way, row, own)
        for own in groups.values()
        if PLAIN in own
        for way, row in sorted(own.items(), key=lambda item: item[0] != PLAIN)
        if not way.endswith(IDLE)
    ]


def _suspension(way: str, row: Row, beside: Mapping[str, Row]) -> Suspension:
    plain, idle = beside[PLAIN], beside.get(f"{way}{IDLE}")
    size, least = _size(row), _size(plain)
    assert row.flops is not None
    assert row.summary is not None
    # The workload's operations are its additions, each of which waits once.
    count = round(row.flops * row.summary.median)
    waits = row is not plain
    return Suspension(
        target=row.target,
        way=way,
        shape=row.measurement.case.shape,
        row=row,
        size=size,
        growth=size / least if size and least else None,
        slowdown=ratio(idle.measurement, plain.measurement) if idle else None,
        suspensions=count if waits else 0,
        seconds=_each(plain, row, count) if waits and count else None,
    )


def _size(row: Row) -> int | None:
    costs = row.measurement.costs
    return costs.module_bytes or None if costs else None


def _each(plain: Row, row: Row, count: int) -> Summary | None:
    """Seconds of one suspension, from what each round saw beyond the plain run of the same round."""
    rounds = pairs(plain.measurement, row.measurement)
    return summarise([(waiting - running) / count for running, waiting in rounds])
