"""Bars of several sessions beside each other: a group per session and target."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.charts.bar_groups import BarGroup, Bars
from app.charts.modes.bars import bars, groups_of, one_line
from app.charts.scene import Scene, View
from app.charts.scene import machine as describe
from app.core.articles import Articles
from app.core.errors import KernelscopeError
from app.core.measurement import Status
from app.core.session import Session
from app.core.shape import Shape, in_order, names
from app.core.workload import Workload
from app.findings.rows import rows
from app.findings.series import Quantity

Named = Sequence[tuple[str, Session]]


def comparison_bars(
    named: Named,
    workloads: Mapping[str, Workload],
    baseline: str | None = None,
    size: str | None = None,
    articles: Articles | None = None,
    workload: str = "",
    target: str = "",
) -> Bars:
    """Speedups at one shape, the largest that every session has unless ``size`` (its label) says which.

    ``workload`` is the first that all sessions have unless another is given, ``target`` the id of the only
    one to show. Groups of the same target stand side by side.

    Raises:
        KernelscopeError: there is no such shape, or nothing at it has a speedup.
    """
    workload = workload or next(iter(workload_names(named)), "")
    scenes = []
    for name, session in named:
        base = baseline or session.plan.baseline
        own = rows(session, dict(workloads), base)
        scenes.append((name, Scene(session, own, workloads, base, View(workload=workload), articles)))
    scenes = [(name, scene) for name, scene in scenes if scene.workload == workload]
    if not scenes:
        raise KernelscopeError("nothing to draw: no session has a result")
    shape = _shape([scene for _, scene in scenes], size)
    where = shape_names(named, workload)[shape]
    found = [
        (group.bars[0].key[0], _named(group, name if len(named) > 1 else ""))
        for name, scene in scenes
        for group in groups_of(scene, shape, Quantity.SPEEDUP)
    ]
    order = list(dict.fromkeys(id for id, _ in found))
    found.sort(key=lambda pair: order.index(pair[0]))
    groups = [group for id, group in found if target in ("", id)]
    scene = scenes[0][1]
    if not groups:
        raise KernelscopeError(f"nothing to draw: nothing at {where} has a speedup over {scene.baseline}")
    alike = len({other.baseline_short for _, other in scenes}) == 1
    over = scene.baseline_title if alike else "each session's own baseline"
    made = bars(scene, f"speedup over {over}, {where}", groups, Quantity.SPEEDUP)
    variants = dict.fromkeys(name for _, other in scenes for name in other.variants)
    labels = {bar.key[0]: one_line(group.label) for group in groups for bar in group.bars}
    machines: dict[str, list[str]] = {}
    for name, session in named:
        machines.setdefault(describe(session), []).append(name)
    return replace(
        made,
        bases=(),
        y=made.y if alike else replace(made.y, title=f"speedup over {over}"),
        caption=" · ".join(f"{', '.join(names)}: {words}" for words, names in machines.items()),
        targets=tuple(labels),
        labels=labels,
        variants=tuple(variants),
    )


def workload_names(named: Named) -> tuple[str, ...]:
    """Names of the workloads that sessions have, first those that all have."""
    each = [{case.workload for case in session.plan.cases} for _, session in named]
    names = dict.fromkeys(case.workload for _, session in named for case in session.plan.cases)
    return tuple(sorted(names, key=lambda name: not all(name in own for own in each)))


def target_labels(named: Named, workload: str) -> dict[str, str]:
    """The targets that have a result of this workload in some session, by id."""
    return {
        target.id: target.label
        for _, session in named
        for used in [{m.case.target for m in session.measurements if m.case.workload == workload}]
        for target in session.targets
        if target.id in used
    }


def shape_names(named: Named, workload: str) -> dict[Shape, str]:
    """The shapes at which some session has a result of this workload, in order, with their names."""
    return names(
        m.case.shape
        for _, session in named
        for m in session.measurements
        if m.case.workload == workload and m.status is Status.OK
    )


def baseline_choices(named: Named, workload: str) -> tuple[str, ...]:
    """The variants that could be the baseline: those of which some session has a result."""
    found = (
        m.case.variant
        for _, session in named
        for m in session.measurements
        if m.case.workload == workload and m.status is Status.OK
    )
    return tuple(dict.fromkeys(found))


def _named(group: BarGroup, name: str) -> BarGroup:
    """Targets of several sessions may have one id: their keys get the session's name."""
    if not name:
        return group
    bars = (
        replace(
            bar,
            key=(f"{name}/{bar.key[0]}", bar.key[1]),
            spot=replace(bar.spot, note=" · ".join(filter(None, (name, bar.spot.note)))),
        )
        for bar in group.bars
    )
    return BarGroup(f"{group.label}\n{name}", tuple(bars))


def _shape(scenes: Sequence[Scene], size: str | None) -> Shape:
    each = [
        {row.measurement.case.shape for row in scene.own if row.speedup and not row.is_baseline}
        for scene in scenes
    ]
    common = set.intersection(*each) or set.union(*each)
    if size is not None:
        common = {shape for shape in set.union(*each) if shape.called(size)}
    if not common:
        there = ", ".join(names(set.union(*each)).values()) or "none with a speedup"
        raise KernelscopeError(f"no such size {size or ''}; there are: {there}")
    return in_order(common)[-1]
