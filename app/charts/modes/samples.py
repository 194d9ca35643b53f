"""Samples: those of the chosen cases in the order they were taken, outliers flagged, drift to be seen."""

import numpy as np

from app.charts import choices
from app.charts.modes.mode import Mode
from app.charts.modes.size import nothing_measured, tick_seconds
from app.charts.panels import together
from app.charts.picture import Axis, Curve, Empty, Lines, Picture, Scale, Spot
from app.charts.scene import Scene
from app.figures import units
from app.figures.warnings import outliers
from app.findings.rows import Row

RELATIVE, SECONDS = "relative", "seconds"
MOST, FEWEST = 6000, 100
"""Samples drawn one by one, of all cases together and of each."""

QUANTITIES = {RELATIVE: "Over the median", SECONDS: "Seconds"}


def make(scene: Scene) -> Picture | Empty:
    """Marks for each case of one target and size; round i visited each of them once."""
    target, shape = scene.target, scene.shape
    own = [
        row
        for row in scene.own
        if row.ok
        and row.summary
        and target
        and row.target.id == target.id
        and row.measurement.case.shape == shape
    ]
    if not own or target is None or shape is None:
        return nothing_measured(scene)
    relative = scene.view.quantity != SECONDS
    what = "over its case's median" if relative else "seconds"
    last = max(FEWEST, MOST // len(own))
    odd: dict[str, list[str]] = {}
    for row in own:
        for warning in row.warnings:
            odd.setdefault(warning, []).append(row.name)
    told = [f"{', '.join(names)}: {warning}" for warning, names in odd.items()]
    cut = [f"The last {last} samples of each"] if any(len(r.measurement.samples) > last for r in own) else []
    picture = Lines(
        **scene.frame(
            f"samples {what}, {scene.name(shape)}, {target.label}", "ringed: outliers, which are kept"
        ),
        x=Axis("round, in the order measured", Scale.LINEAR, air=0.5),
        y=Axis("sample over median", Scale.LINEAR, units.plain, always=(0.95, 1.05), air=0.01)
        if relative
        else Axis("seconds per run", Scale.LOG10, tick_seconds),
        curves=tuple(Curve((target.id, row.name), _spots(row, relative, last), joined=False) for row in own),
        base=1.0 if relative else None,
        remark=". ".join([*(told or ["Nothing looks odd about these samples"]), *cut]),
    )
    return together(picture, _odd)


def _odd(curve: Curve) -> float | None:
    """What looks odd about the samples of a case: warnings, then outliers."""
    row, flagged = curve.spots[-1].row, sum(spot.flagged for spot in curve.spots)
    return (len(row.warnings) if row else 0) + flagged / len(curve.spots) or None


def _spots(row: Row, relative: bool, last: int) -> tuple[Spot, ...]:
    """The ``last`` samples; what counts as an outlier is judged among all of them."""
    assert row.summary is not None
    samples, median = row.measurement.samples, row.summary.median
    flags = outliers(np.asarray(samples)).tolist()
    spots = []
    first = max(0, len(samples) - last)
    for i, (seconds, flag) in enumerate(zip(samples[first:], flags[first:], strict=True), first + 1):
        what = "outlier, sample" if flag else "sample"
        note = f"{what} {i} of {len(samples)}: {units.seconds(seconds)}"
        spots.append(Spot(float(i), seconds / median if relative else seconds, row, note=note, flagged=flag))
    return tuple(spots)


MODE = Mode(
    "samples",
    "Samples",
    "Every sample in the order measured: was the machine steady?",
    make,
    (choices.quantity(QUANTITIES), choices.target, choices.size),
)
