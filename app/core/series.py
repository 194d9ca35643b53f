"""Series: the lines of a chart, from rows."""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from app.core.rows import Row


class Quantity(StrEnum):
    """What a chart can show over size."""

    SPEEDUP = "speedup"
    GFLOPS = "GFLOP/s"
    GBYTES = "GB/s"


class Point(Struct, frozen=True):
    """One measured case on a chart; low and high are the 95 % interval, None where samples are too few."""

    size: float
    value: float
    low: float | None
    high: float | None
    row: Row


class Series(Struct, frozen=True):
    """One line: a variant on a target, points by rising size."""

    label: str
    target: str
    variant: str
    points: tuple[Point, ...]


def series(rows: Iterable[Row], quantity: Quantity) -> list[Series]:
    """The lines for one quantity; rows without a value for it (not ok, no base line) leave no point."""
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
        Series(labels[key], key[0], key[2], tuple(sorted(points, key=lambda p: p.size)))
        for key, points in lines.items()
    ]


def _point(row: Row, quantity: Quantity) -> Point | None:
    size = row.measurement.case.shape.size
    if quantity is Quantity.SPEEDUP:
        ratio = row.speedup
        return Point(size, ratio.value, ratio.low, ratio.high, row) if ratio else None
    rate = row.flops if quantity is Quantity.GFLOPS else row.bytes
    if rate is None or row.summary is None:
        return None
    work = rate * row.summary.median / 1e9
    fastest, slowest = row.summary.low, row.summary.high
    return Point(
        size,
        rate / 1e9,
        work / slowest if slowest else None,
        work / fastest if fastest else None,
        row,
    )
