"""Peers in pictures: grey lines with names, for what a library does at the same that kernels do."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.charts.picture import Curve, Guide, Lines, Spot
from app.charts.scene import Scene
from app.core.shape import Shape
from app.core.target import Target
from app.figures import units
from app.findings.peers import comparable
from app.findings.rows import Row
from app.findings.series import Quantity, Series, series

HIGHEST = 2.0
"""What is more than so many times as high as all that it stands beside would make that too small to see."""


def beside(scene: Scene, target: Target) -> list[Row]:
    """What of libraries is most like what ran on ``target``; of each one and its types the quickest."""
    peers = [row for row in scene.peers if row.ok and row.summary]
    own = [row for row in scene.kernels if row.ok and row.target.id == target.id]
    found: dict[tuple[str, str, Shape], Row] = {}
    chosen = {
        id(measurement)
        for kernel in own
        for measurement, _ in comparable(
            (kernel.measurement, kernel.target), [(row.measurement, row.target) for row in peers]
        )
    }
    for row in peers:
        key = (row.target.id, row.variant.storage, row.measurement.case.shape)
        if id(row.measurement) in chosen and (key not in found or _seconds(row) < _seconds(found[key])):
            found[key] = row
    return list(found.values())


def value(scene: Scene, row: Row, target: Target, quantity: Quantity) -> float | None:
    """What a library's ``row`` has of ``quantity`` beside the kernels of ``target``: over their baseline."""
    if quantity is Quantity.SPEEDUP and not scene.fixed:
        shape = row.measurement.case.shape
        own = (r for r in scene.kernels if r.is_baseline and r.target.id == target.id and r.summary)
        base = next((r for r in own if r.measurement.case.shape == shape), None)
        return _seconds(base) / _seconds(row) if base else None
    line: list[Series] = series([row], quantity)
    return line[0].points[0].value if line else None


def curves(scene: Scene, quantity: Quantity) -> list[Curve]:
    """A line for each library and target beside which it stands, in that target's panel."""
    found: dict[tuple[str, str, str], list[Spot]] = {}
    for target in scene.measured_targets:
        for row in [] if quantity is Quantity.CPU_SPEEDUP else beside(scene, target):
            y = value(scene, row, target, quantity)
            if y:
                key = (target.id, row.target.id, row.name)
                x = scene.places[row.measurement.case.shape]
                found.setdefault(key, []).append(Spot(x, y, row, note=f"beside {target.label}"))
    return [
        Curve(
            key[1:],
            tuple(sorted(spots, key=lambda spot: spot.x)),
            joined=scene.in_line and len(spots) > 1,
            quiet=True,
            panel=scene.labels[key[0]],
            reference=True,
        )
        for key, spots in found.items()
    ]


def in_panels(own: Sequence[Curve], references: Iterable[Curve], by_target: bool) -> list[Curve]:
    """``references`` in the panels of the kernels beside which they stand; by type, in every one."""
    panels = list(dict.fromkeys(curve.panel for curve in own))
    if by_target:
        return [curve for curve in references if curve.panel in panels]
    once = {(c.key, tuple((s.x, s.y) for s in c.spots)): c for c in references}
    return [replace(curve, panel=panel) for panel in panels for curve in once.values()]


def at(scene: Scene, shape: Shape, target: Target, quantity: Quantity) -> tuple[tuple[str, float], ...]:
    """Of each type the quickest library, and what it has of ``quantity`` at ``shape`` beside ``target``."""
    found: dict[str, tuple[str, float]] = {}
    for row in [] if quantity is Quantity.CPU_SPEEDUP else beside(scene, target):
        y = value(scene, row, target, quantity)
        known = found.get(row.variant.storage)
        if row.measurement.case.shape == shape and y and (known is None or y > known[1]):
            figure = units.times(y) if quantity.is_speedup else units.digits(y)
            found[row.variant.storage] = (f"{row.name}, {row.target.label}: {figure}", y)
    return tuple(found.values())


def marks(scene: Scene, shape: Shape, quantity: Quantity) -> list[tuple[Row, float]]:
    """Libraries at ``shape`` and what they have of ``quantity``, where it is one beside every target."""
    targets = list({row.target.id: row.target for row in scene.kernels if row.ok}.values())
    if quantity is Quantity.CPU_SPEEDUP or (quantity.is_speedup and not scene.fixed and len(targets) > 1):
        return []
    found = {id(row): (row, target) for target in targets for row in beside(scene, target)}
    valued = ((row, value(scene, row, target, quantity)) for row, target in found.values())
    return [(row, y) for row, y in valued if y and row.measurement.case.shape == shape]


def levels(names: Iterable[tuple[str, float]], left: float, right: float, highest: float) -> list[Guide]:
    """Lines from ``left`` to ``right``; those that lie far above ``highest`` are told of at the top."""
    top = HIGHEST * highest
    ordered = sorted(names, key=lambda pair: pair[1])
    return [
        Guide(
            f"{'↑ ' * (y > top)}{name}",
            ((left, min(y, top)), (right, min(y, top))),
            at=float(i % 2),  # neighbours may be as high
            below=i % 2 == 0,
        )
        for i, (name, y) in enumerate(ordered)
    ]


def with_references(picture: Lines, scene: Scene, quantity: Quantity) -> Lines:
    """``picture`` with the lines of libraries, before it is arranged in panels.

    One that lies far above all kernels is told of in the caption, for it would press these flat.
    """
    top = HIGHEST * max(spot.y for curve in picture.curves for spot in curve.spots)
    found = curves(scene, quantity)
    shown = [curve for curve in found if min(spot.y for spot in curve.spots) <= top]
    above: dict[str, list[float]] = {}
    for curve in found:
        if curve not in shown and (row := curve.spots[0].row):
            above.setdefault(f"{row.name}, {row.target.label}", []).extend(spot.y for spot in curve.spots)
    figure = units.times if quantity.is_speedup else units.digits
    told = [f"↑ {name}: up to {figure(max(values))}" for name, values in above.items()]
    caption = " · ".join(filter(None, (picture.caption, *told)))
    return replace(picture, curves=(*picture.curves, *shown), caption=caption)


def _seconds(row: Row) -> float:
    assert row.summary
    return row.summary.median
