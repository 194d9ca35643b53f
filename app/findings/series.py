"""Series: the lines of a chart, from rows."""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from app.core.shape import Shape
from app.findings.rows import Row


class Quantity(StrEnum):
    """What a chart can show over size."""

    SPEEDUP = "speedup"
    GFLOPS = "GFLOP/s"
    GBYTES = "GB/s"
    CPU_SPEEDUP = "speedup in CPU seconds"

    @property
    def is_speedup(self) -> bool:
        """Whether it says how many times faster than the baseline."""
        return self in (Quantity.SPEEDUP, Quantity.CPU_SPEEDUP)


class Point(Struct, frozen=True):
    """One measured case on a chart; low and high are the 95 % interval, None where samples are too few."""

    value: float
    low: float | None
    high: float | None
    row: Row

    @property
    def shape(self) -> Shape:
        """The shape measured, which says where the point stands on an axis of sizes."""
        return self.row.measurement.case.shape


class Series(Struct, frozen=True):
    """A variant on a target, points in the order of their shapes; a line where those are ``in_line``."""

    label: str
    target: str
    variant: str
    points: tuple[Point, ...]


def series(rows: Iterable[Row], quantity: Quantity) -> list[Series]:
    """The lines for one quantity; rows without a value for it (not ok, no baseline) leave no point."""
    lines: dict[tuple[str, str, str], list[Point]] = {}
    labels: dict[tuple[str, str, str], str] = {}
    for row in rows:
        point = _point(row, quantity)
        if point is None:
            continue
        key = (row.target.id, row.variant.workload, row.name)
        lines.setdefault(key, []).append(point)
        labels[key] = row.label
    return [
        Series(labels[key], key[0], key[2], tuple(sorted(points, key=lambda p: p.shape.order)))
        for key, points in lines.items()
    ]


def _point(row: Row, quantity: Quantity) -> Point | None:
    if quantity.is_speedup:
        ratio = row.speedup if quantity is Quantity.SPEEDUP else row.cpu_speedup
        return Point(ratio.value, ratio.low, ratio.high, row) if ratio else None
    rate = row.flops if quantity is Quantity.GFLOPS else row.bytes
    if rate is None or row.summary is None:
        return None
    work = rate * row.summary.median / 1e9
    fastest, slowest = row.summary.low, row.summary.high
    return Point(
        rate / 1e9,
        work / slowest if slowest else None,
        work / fastest if fastest else None,
        row,
    )
