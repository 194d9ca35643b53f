"""Accuracy: the error of every case against its speed, at one size; the best lie at the bottom right."""

from collections.abc import Sequence
from itertools import pairwise, zip_longest
from math import inf

from app.charts import choices, peers
from app.charts.modes.mode import Mode
from app.charts.modes.size import lines_of, nothing_measured, offer_quantity, quantity_axis, quantity_of
from app.charts.picture import Axis, Curve, Empty, Guide, Lines, Picture, Scale, Spot
from app.charts.scene import Scene
from app.figures import units
from app.findings.best import WORSE
from app.findings.rows import Row
from app.findings.series import Point, Quantity

FINEST = 1e-9
"""The error at which results without any stand: finer than any rounding of the types there are."""


def make(scene: Scene) -> Picture | Empty:
    """A mark per case; the error is the one against the original problem, storage included."""
    quantity, shape = quantity_of(scene), scene.shape
    if shape is None:
        return nothing_measured(scene, quantity)
    at = [row for row in scene.kernels if row.measurement.case.shape == shape and _known(row)]
    lines = lines_of(at, quantity)
    if not lines:
        return nothing_measured(scene, quantity)
    points = [line.points[0] for line in lines]
    best = _front([(point.value, _error(point.row)) for point in points])
    told = sorted((points[i] for i in best), key=lambda point: -point.value)
    over = f" over {scene.baseline_title}" if quantity.is_speedup else ""
    return Lines(
        **scene.frame(
            f"error against {quantity}{over}, {scene.name(shape)}",
            "errors are against float64; named: none is both faster and more accurate",
        ),
        x=quantity_axis(scene, quantity),
        y=Axis("relative error (L2)", Scale.LOG10, _words, air=0.3),
        curves=tuple(
            Curve(
                (line.target, line.variant),
                (_spot(point.row, point.value, _name(scene, point.row) if i in best else ""),),
                joined=False,
                quiet=i not in best,
            )
            for i, (line, point) in enumerate(zip(lines, points, strict=True))
        )
        + tuple(
            Curve(
                (row.target.id, row.name),
                (_spot(row, value, _name(scene, row)),),
                joined=False,
                quiet=True,
                reference=True,
            )
            for row, value in peers.marks(scene, shape, quantity)
            if _known(row)
        ),
        named=True,
        guides=(_staircase([(point.value, max(FINEST, _error(point.row))) for point in told]),),
        remark=f"Unbeaten in speed and accuracy: {', '.join(_described(point, quantity) for point in told)}",
    )


def _staircase(front: Sequence[tuple[float, float]]) -> Guide:
    """What nothing lies beyond: from the fastest, at each speed the least error reached there."""
    corners = [(x, y) for (x, _), (_, y) in pairwise(front)]
    steps = [place for pair in zip_longest(front, corners) for place in pair if place]
    return Guide("", tuple(steps))


def _described(point: Point, quantity: Quantity) -> str:
    row, error = point.row, _error(point.row)
    speed = units.times(point.value) if quantity.is_speedup else f"{units.digits(point.value)} {quantity}"
    if quantity is Quantity.CPU_SPEEDUP:
        speed += " by CPU seconds"
    cost = f"error {units.error(error)}" if error else "exact"
    return f"{row.name} on {row.target.label} ({speed}, {cost})"


def _error(row: Row) -> float:
    error = row.measurement.error
    assert error is not None
    assert error.relative_l2 is not None
    return error.relative_l2


def _known(row: Row) -> bool:
    return row.measurement.error is not None and row.measurement.error.relative_l2 is not None


def _front(places: Sequence[tuple[float, float]]) -> set[int]:
    """The places that no other one beats at both speed and error (the Pareto front).

    Slightly finer errors are no gain: they must differ as much as advice asks for.
    """
    found: set[int] = set()
    least = inf
    for i in sorted(range(len(places)), key=lambda i: (-places[i][0], places[i][1])):
        if places[i][1] * WORSE < least:
            least = places[i][1]
            found.add(i)
    return found


def _name(scene: Scene, row: Row) -> str:
    return f"{row.name}, {row.target.label}" if len(scene.measured_targets) > 1 else row.name


def _spot(row: Row, value: float, name: str) -> Spot:
    error = _error(row)
    return Spot(value, max(FINEST, error), row, note="" if error else "exact", name=name)


def _words(value: float) -> str:
    """``0.01``, ``2e-4``."""
    if value >= 0.01:
        return units.plain(value)
    figure, _, power = f"{value:.0e}".partition("e")
    return f"{figure}e{int(power)}"


MODE = Mode(
    "accuracy",
    "Accuracy",
    "Error against speed: what does a faster variant cost in accuracy?",
    make,
    (offer_quantity, choices.size),
)
