"""Bars of several sessions beside each other: a group per session and target. No Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.core.articles import Articles
from app.core.errors import KernelscopeError
from app.core.rows import rows
from app.core.series import Quantity
from app.core.session import Session
from app.core.shape import Shape
from app.core.workload import Workload
from app.gui.charts.modes.bars import bars, groups_of
from app.gui.charts.picture import Bars, Group
from app.gui.charts.scene import Scene, View
from app.gui.charts.scene import machine as describe

Named = Sequence[tuple[str, Session]]


def comparison_bars(
    named: Named,
    workloads: Mapping[str, Workload],
    baseline: str | None = None,
    size: str | None = None,
    articles: Articles | None = None,
) -> Bars:
    """Speedups at one shape, the largest that every session has unless ``size`` (its label) says which.

    Raises:
        KernelscopeError: there is no such shape, or nothing at it has a speedup.
    """
    first = named[0][1]
    workload = first.plan.cases[0].workload if first.plan.cases else ""
    scenes = []
    for name, session in named:
        base = baseline or session.plan.baseline
        found = rows(session, dict(workloads), base)
        scenes.append((name, Scene(session, found, workloads, base, View(workload=workload), articles)))
    shape = _shape([scene for _, scene in scenes], size)
    groups = [
        _named(group, name if len(named) > 1 else "")
        for name, scene in scenes
        if scene.workload == workload
        for group in groups_of(scene, shape, Quantity.SPEEDUP)
    ]
    scene = scenes[0][1]
    if not groups:
        raise KernelscopeError(
            f"nothing to draw: nothing at {shape.label} has a speedup over {scene.baseline}"
        )
    made = bars(scene, f"speedup over {scene.baseline_title}, {shape.label}", groups, Quantity.SPEEDUP)
    variants = dict.fromkeys(name for _, other in scenes for name in other.variants)
    labels = {f"{bar.key[0]}": group.label.replace("\n", ", ") for group in groups for bar in group.bars}
    return replace(
        made,
        caption=" · ".join(f"{name}: {describe(session)}" for name, session in named),
        targets=tuple(labels),
        labels=labels,
        variants=tuple(variants),
    )


def _named(group: Group, name: str) -> Group:
    """Targets of several sessions may have one id: their keys get the session's name."""
    if not name:
        return group
    bars = (replace(bar, key=(f"{name}/{bar.key[0]}", bar.key[1])) for bar in group.bars)
    return Group(f"{group.label}\n{name}", tuple(bars))


def _shape(scenes: Sequence[Scene], size: str | None) -> Shape:
    each = [
        {row.measurement.case.shape for row in scene.own if row.speedup and not row.is_baseline}
        for scene in scenes
    ]
    common = set.intersection(*each) or set.union(*each)
    if size is not None:
        common = {shape for shape in set.union(*each) if size in (shape.label, str(shape))}
    if not common:
        known = sorted(set.union(*each), key=lambda shape: shape.size)
        there = ", ".join(shape.label for shape in known) or "none with a speedup"
        raise KernelscopeError(f"no such size {size or ''}; there are: {there}")
    return max(common, key=lambda shape: shape.size)
