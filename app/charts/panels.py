"""Panels: a plot of many curves is split up by target, and what is not in question stands back."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.charts.picture import Curve, Lines
from app.charts.scene import Scene
from app.figures.verdict import Verdict, verdict

MOST_TOGETHER = 8
"""Curves that one plot can hold, each with its name at its end."""

MANY = 20
"""Variants up to which each has a bar, and a cell of its own on every target."""

BEST = 5
"""Curves of a panel that stand out, beside the baseline."""


def crowded(scene: Scene) -> bool:
    """Whether the plan of the workload shown has more curves than one plot can hold, of several targets."""
    cases = [case for case in scene.session.plan.cases if case.workload == scene.workload]
    keys = {(case.target, case.name) for case in cases}
    return len(keys) > MOST_TOGETHER and len({target for target, _ in keys}) > 1


def many(scene: Scene) -> bool:
    """Whether the workload shown has more variants than an eye can hold beside each other."""
    return len(scene.variants) > MANY


def arranged(picture: Lines, scene: Scene) -> Lines:
    """The picture in panels where it is crowded, its curves named at their ends, the best before the rest."""
    return replace(picture, apart=crowded(scene), named=True, curves=foremost(picture.curves))


def foremost(curves: Sequence[Curve]) -> tuple[Curve, ...]:
    """The curves, quiet but for each target's baseline and the highest that are surely above it."""
    groups: dict[str, list[Curve]] = {}
    for curve in curves:
        groups.setdefault(curve.key[0], []).append(curve)
    loud = {curve.key for own in groups.values() for curve in _loud(own)}
    return tuple(replace(curve, quiet=curve.key not in loud) for curve in curves)


def _loud(curves: Sequence[Curve]) -> Iterable[Curve]:
    if len(curves) <= BEST + 1:
        return curves
    bases = [curve for curve in curves if any(spot.row and spot.row.is_baseline for spot in curve.spots)]
    others = [curve for curve in curves if curve not in bases and curve.spots]
    surely = [curve for curve in others if _faster(curve)] or others
    surely.sort(key=lambda curve: curve.spots[-1].y, reverse=True)
    return (*bases, *surely[:BEST])


def _faster(curve: Curve) -> bool:
    row = curve.spots[-1].row
    return row is not None and verdict(row.speedup) is Verdict.FASTER
