"""Panels: a plot of many curves is split up by target or type; what is not in question stands back."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from app.charts.choices import Selector
from app.charts.palette import type_of
from app.charts.peers import in_panels
from app.charts.picture import Curve, Lines
from app.charts.scene import Scene
from app.figures.verdict import Verdict, verdict

MOST_TOGETHER = 8
"""Curves that one plot can hold, each with its name at its end."""

MANY = 20
"""Variants up to which each has a bar, and a cell of its own on every target."""

BEST = 5
"""Curves of a panel that stand out, beside the baseline."""

PANELS = {"target": "Panel per target", "type": "Panel per type", "none": "One plot"}
"""What may share a panel, by the name that a view has for it."""


def crowded(scene: Scene) -> bool:
    """Whether the plan of the workload shown has more curves than one plot can hold, of several targets."""
    cases = [case for case in scene.session.plan.cases if case.workload == scene.workload]
    keys = {(case.target, case.name) for case in cases}
    return len(keys) > MOST_TOGETHER and len({target for target, _ in keys}) > 1


def offer(scene: Scene) -> Selector:
    """The choice of panels, where a plot is split up unless somebody asks for one."""
    chosen = scene.view.panels if scene.view.panels in PANELS else "target"
    return Selector("panels", tuple(PANELS.items()) if crowded(scene) else (), chosen)


def split(picture: Lines, scene: Scene) -> Lines:
    """The picture in panels where it is crowded: by target unless the view has another wish."""
    chosen = offer(scene)
    whole = not chosen.options or chosen.chosen == "none"
    by_type = chosen.chosen == "type"
    named = [
        curve
        if whole
        else replace(curve, panel=type_of(curve.key[1]) if by_type else scene.labels[curve.key[0]])
        for curve in picture.curves
        if not curve.reference
    ]
    references = [curve for curve in picture.curves if curve.reference]
    return replace(picture, curves=(*named, *in_panels(named, references, not whole and not by_type)))


def many(scene: Scene) -> bool:
    """Whether the workload shown has more variants than an eye can hold beside each other."""
    return len(scene.variants) > MANY


Worth = Callable[[Curve], float | None]
"""How much a curve deserves to stand out; None where it does not, unless no other does either."""


def fastest(curve: Curve) -> float | None:
    """What is surely faster than the baseline, by the height at which it ends."""
    row = curve.spots[-1].row
    surely = row is not None and verdict(row.speedup) is Verdict.FASTER
    return curve.spots[-1].y if surely else None


def highest(curve: Curve) -> float:
    """The height at which it ends."""
    return curve.spots[-1].y


def arranged(picture: Lines, scene: Scene, worth: Worth = fastest) -> Lines:
    """The picture in panels where it is crowded, its curves named at their ends, the best before the rest."""
    whole = split(picture, scene)
    return replace(whole, named=True, curves=foremost(whole.curves, worth))


def together(picture: Lines, worth: Worth) -> Lines:
    """The picture in a panel per target where it has more curves than one plot can hold, the best named."""
    several = len(picture.keys) > MOST_TOGETHER and len({target for target, _ in picture.keys}) > 1
    panels = picture.labels if several else {}
    curves = tuple(replace(curve, panel=panels.get(curve.key[0], "")) for curve in picture.curves)
    return replace(picture, named=True, curves=foremost(curves, worth))


def foremost(curves: Sequence[Curve], worth: Worth = fastest) -> tuple[Curve, ...]:
    """The curves, quiet but for each panel's baselines and those that are worth most."""
    groups: dict[str, list[Curve]] = {}
    for curve in (curve for curve in curves if not curve.reference):
        groups.setdefault(curve.panel, []).append(curve)
    loud = {curve.key for own in groups.values() for curve in _loud(own, worth)}
    return tuple(replace(curve, quiet=curve.reference or curve.key not in loud) for curve in curves)


def _loud(curves: Sequence[Curve], worth: Worth) -> Iterable[Curve]:
    if len(curves) <= BEST + 1:
        return curves
    bases = [curve for curve in curves if any(spot.row and spot.row.is_baseline for spot in curve.spots)]
    others = [curve for curve in curves if curve not in bases and curve.spots]
    ranked = [(value, curve) for curve in others if (value := worth(curve)) is not None]
    ranked = ranked or [(highest(curve), curve) for curve in others]
    ranked.sort(key=lambda pair: pair[0], reverse=True)
    return (*bases, *(curve for _, curve in ranked[:BEST]))
