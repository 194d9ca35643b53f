"""Grouped bars as plain data: a group per machine and target, a bar per variant. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

from app.core.articles import Articles, Figure
from app.core.errors import KernelscopeError
from app.core.rows import Row, rows
from app.core.session import Session
from app.core.shape import Shape
from app.core.statistics import Ratio
from app.core.workload import Workload
from app.gui.charts.chart import article_figure, baseline_title, planned_variants

Named = Sequence[tuple[str, Session]]


@dataclass(frozen=True)
class Bar:
    """One variant's speedup; ``figure`` is what an article reports for it."""

    variant: str
    ratio: Ratio
    figure: Figure | None = None


@dataclass(frozen=True)
class BarGroup:
    """The bars of one target of one session."""

    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class BarChart:
    """Everything a drawing needs; ``variants`` fixes order and colours over all groups."""

    title: str
    caption: str
    footer: str
    y_title: str
    groups: tuple[BarGroup, ...]
    variants: tuple[str, ...]

    def y_range(self) -> tuple[float, float]:
        """log2 of the values, their intervals and the articles' figures; 1x always shows."""
        values = [0.0]
        for group in self.groups:
            for bar in group.bars:
                ends = [bar.ratio.value, bar.ratio.low, bar.ratio.high]
                if bar.figure:
                    ends += [bar.figure.low, bar.figure.high]
                values += [log2(v) for v in ends if v]
        low, high = min(values), max(values)
        air = max(0.15, 0.08 * (high - low))
        return low - (air if low < 0 else 0.0), high + air


def make_bar_chart(
    named: Named,
    workloads: dict[str, Workload],
    baseline: str | None = None,
    size: str | None = None,
    articles: Articles | None = None,
) -> BarChart:
    """Speedups at one shape, the largest that every session has unless ``size`` (its label) says which.

    Raises:
        KernelscopeError: there is no such shape, or nothing at it has a speedup.
    """
    first = named[0][1]
    workload = first.plan.cases[0].workload if first.plan.cases else ""
    derived = [
        (name, session, [r for r in rows(session, workloads, baseline) if r.variant.workload == workload])
        for name, session in named
    ]
    shape = _shape([found for _, _, found in derived], size)
    groups = [
        group
        for name, session, found in derived
        for group in _groups(name if len(named) > 1 else "", session, found, shape, baseline, articles)
    ]
    if not groups:
        base = baseline or first.plan.baseline
        raise KernelscopeError(f"nothing to draw: nothing at {shape.label} has a speedup over {base}")
    given = {bar.variant for group in groups for bar in group.bars}
    order = dict.fromkeys(
        name for _, session in named for name in planned_variants(session, workload) if name in given
    )
    title = workloads[workload].title if workload in workloads else workload
    words = baseline_title(first, baseline or first.plan.baseline)
    note = " · grey: the articles' figures, from other GPUs and another compiler" if articles else ""
    return BarChart(
        title=f"{title}, {shape.label}: speedup over {words}",
        caption=" · ".join(_machine(name, session) for name, session in named),
        footer=f"{first.created[:10]} · Kernelscope {first.app_version} · whiskers: 95 % intervals{note}",
        y_title="speedup",
        groups=tuple(groups),
        variants=tuple(order),
    )


def _machine(name: str, session: Session) -> str:
    host = session.host
    drivers = dict.fromkeys(t.driver for t in session.targets if t.driver and t.runtime.value == "wgsl")
    return f"{name}: {', '.join((host.processor or host.system, *drivers))}"


def _shape(found: Sequence[Sequence[Row]], size: str | None) -> Shape:
    each = [{row.measurement.case.shape for row in own if _shown(row)} for own in found]
    common = set.intersection(*each) or set.union(*each)
    if size is not None:
        common = {shape for shape in set.union(*each) if size in (shape.label, str(shape))}
    if not common:
        known = sorted(set.union(*each), key=lambda shape: shape.size)
        there = ", ".join(shape.label for shape in known) or "none with a speedup"
        raise KernelscopeError(f"no such size {size or ''}; there are: {there}")
    return max(common, key=lambda shape: shape.size)


def _shown(row: Row) -> bool:
    return row.speedup is not None and not row.is_baseline


def _groups(
    name: str,
    session: Session,
    found: Sequence[Row],
    shape: Shape,
    baseline: str | None,
    articles: Articles | None,
) -> list[BarGroup]:
    groups = []
    for target in session.targets:
        own = [r for r in found if r.target.id == target.id and r.measurement.case.shape == shape]
        bars = []
        for row in own:
            if row.speedup and not row.is_baseline:
                base = baseline or session.plan.baseline
                figure = article_figure(session, row, base, articles) if articles else None
                bars.append(Bar(row.name, row.speedup, figure))
        if bars:
            groups.append(BarGroup(f"{target.label}\n{name}".strip(), tuple(bars)))
    return groups
