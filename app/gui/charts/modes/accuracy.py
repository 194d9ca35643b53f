"""Accuracy: the error of every case against its speed, at one size; the best lie at the bottom right."""

from app.core import units
from app.core.rows import Row
from app.core.series import Quantity, series
from app.gui.charts import choices
from app.gui.charts.modes.mode import Mode
from app.gui.charts.modes.sweep import QUANTITIES, nothing_measured, quantity_axis, quantity_of
from app.gui.charts.picture import Axis, Curve, Empty, Lines, Picture, Scale, Spot
from app.gui.charts.scene import Scene

FINEST = 1e-9
"""Where results without any error stand: finer than any rounding of the types there are."""


def make(scene: Scene) -> Picture | Empty:
    """A mark per case; the error is the one against the original problem, storage included."""
    quantity, shape = quantity_of(scene), scene.shape
    if shape is None:
        return nothing_measured(scene, quantity)
    at = [row for row in scene.own if row.measurement.case.shape == shape and row.measurement.error]
    lines = series(at, quantity)
    if not lines:
        return nothing_measured(scene, quantity)
    what = "speedup" if quantity is Quantity.SPEEDUP else quantity.value
    over = f" over {scene.baseline_title}" if quantity is Quantity.SPEEDUP else ""
    return Lines(
        **scene.frame(f"error against {what}{over}, {shape.label}", "down and right is better"),
        x=quantity_axis(scene, quantity),
        y=Axis("relative error (L2, against float64)", Scale.LOG10, _words, air=0.3),
        curves=tuple(
            Curve((line.target, line.variant), (_spot(line.points[0].row, line.points[0].value),), False)
            for line in lines
        ),
    )


def _spot(row: Row, value: float) -> Spot:
    error = row.measurement.error
    assert error is not None
    return Spot(value, max(FINEST, error.relative_l2), row, note="" if error.relative_l2 else "exact")


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
    (choices.quantity(QUANTITIES), choices.size),
)
