"""A chart as plain data: what to draw and what to write beside it. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

from app.core import units
from app.core.articles import Articles, Figure, figure_for
from app.core.baseline import baseline_names, fixed_baseline
from app.core.rows import Row
from app.core.series import Point, Quantity, Series, series
from app.core.session import Session
from app.core.target import Runtime
from app.core.verdict import wording
from app.core.workload import Workload

Key = tuple[str, str]
"""Target id and variant name: what a line is called by."""


@dataclass(frozen=True)
class Chart:
    """Everything a drawing needs; ``places`` are the sizes on the axis with their labels.

    ``references`` are what the articles report of a variant, to be laid under its line.
    """

    title: str
    caption: str
    footer: str
    quantity: Quantity
    y_title: str
    x_title: str
    lines: tuple[Series, ...]
    labels: dict[str, str]
    places: tuple[tuple[float, str], ...]
    targets: tuple[str, ...]
    variants: tuple[str, ...]
    references: tuple[tuple[str, Figure], ...] = ()

    @property
    def suffix(self) -> str:
        """What follows a figure on the y axis."""
        return "x" if self.quantity is Quantity.SPEEDUP else ""

    def x_range(self) -> tuple[float, float]:
        """log2 of the sizes, with air on both sides."""
        sizes = [log2(size) for size, _ in self.places] or [8.0, 12.0]
        return min(sizes) - 0.35, max(sizes) + 0.35

    def y_range(self, hidden: frozenset[Key] = frozenset()) -> tuple[float, float]:
        """log2 of the values and their intervals; a speedup axis always shows its base line."""
        shown = [p for line in self.lines if (line.target, line.variant) not in hidden for p in line.points]
        values = [log2(v) for p in shown for v in (p.value, p.low or p.value, p.high or p.value) if v > 0]
        if self.quantity is Quantity.SPEEDUP:
            values += [-0.5, 0.5]
        values += [log2(v) for _, figure in self.references for v in (figure.low, figure.high) if v]
        if not values:
            values = [0.0, 4.0]
        low, high = min(values), max(values)
        air = max(0.12, 0.05 * (high - low))
        return low - air, high + air


def make_chart(
    session: Session,
    rows: Sequence[Row],
    quantity: Quantity,
    baseline: str,
    workloads: dict[str, Workload],
    articles: Articles | None = None,
) -> Chart:
    """The chart of a session; its first workload's when it has several.

    With ``articles``, speedups have their figures beneath where one is over the same base line.
    """
    cases = session.plan.cases
    name = cases[0].workload if cases else ""
    workload = workloads.get(name)
    own = [row for row in rows if row.measurement.case.workload == name]
    shapes = sorted({case.shape for case in cases if case.workload == name}, key=lambda s: s.size)
    square = all(len(set(shape.dimensions)) == 1 for shape in shapes)
    dimensions = " x ".join(workload.dimensions) if workload else "size"
    return Chart(
        title=f"{workload.title if workload else name}: {_what(session, quantity, baseline)}",
        caption=_caption(session),
        footer=f"{session.created[:10]} · Kernelscope {session.app_version} · bands: 95 % intervals"
        + (" · grey: the articles' figures, from other GPUs and another compiler" if articles else ""),
        quantity=quantity,
        y_title=_y_title(session, quantity, baseline),
        x_title=f"size ({dimensions}, square)" if square else f"size ({dimensions})",
        lines=tuple(series(own, quantity)),
        labels={target.id: target.label for target in session.targets},
        places=tuple((shape.size, shape.label) for shape in shapes),
        targets=tuple(target.id for target in session.targets),
        variants=planned_variants(session, name),
        references=_references(session, own, baseline, articles) if quantity is Quantity.SPEEDUP else (),
    )


def _references(
    session: Session, rows: Sequence[Row], baseline: str, articles: Articles | None
) -> tuple[tuple[str, Figure], ...]:
    if articles is None:
        return ()
    found = {
        (row.variant.name, figure): None
        for row in rows
        if row.speedup and (figure := article_figure(session, row, baseline, articles))
    }
    return tuple(found)


def article_figure(session: Session, row: Row, baseline: str, articles: Articles) -> Figure | None:
    """What an article reports of this row's variant over its base line.

    None where the base line is on another target: the articles speak of none such.
    """
    if fixed_baseline(session.targets, baseline):
        return None
    variant = row.variant
    key = (variant.workload, variant.runtime.value)
    base = next(
        (name for *group, name in baseline_names(session.variants, baseline) if tuple(group) == key), ""
    )
    return figure_for(articles.figures, *key, variant.name, base)


def planned_variants(session: Session, workload: str) -> tuple[str, ...]:
    """Those the plan runs, in the catalogue's order, so that colours stay while a chart fills."""
    names = [variant.name for variant in session.variants if variant.workload == workload]
    planned = [case for case in session.plan.cases if case.workload == workload]
    planned.sort(key=lambda case: names.index(case.variant))
    return tuple(dict.fromkeys(case.name for case in planned))


def baseline_title(session: Session, baseline: str) -> str:
    """The base line in a title; ``baseline_short`` says less for the axis."""
    same = "" if fixed_baseline(session.targets, baseline) else " of the same target"
    return baseline_short(session, baseline) + same


def baseline_short(session: Session, baseline: str) -> str:
    """``f32 / f32-scalar``, or ``f32 on NumPy``."""
    fixed = fixed_baseline(session.targets, baseline)
    if fixed:
        label = next((t.label for t in session.targets if t.id == fixed[0]), baseline.rsplit("/", 1)[0])
        return f"{fixed[1]} on {label}"
    used = {t.runtime.value for t in session.targets}
    shown = {case.workload for case in session.plan.cases[:1]}
    found = sorted(baseline_names(session.variants, baseline))
    names = dict.fromkeys(name for workload, runtime, name in found if workload in shown and runtime in used)
    return " / ".join(sorted(names, key=lambda name: name != baseline))


def read_out(point: Point, quantity: Quantity, baseline: str) -> str:
    """What the hover line says of a point, figures first."""
    row = point.row
    shape = row.measurement.case.shape.label
    parts = [f"{row.label} at {shape}"]
    if quantity is Quantity.SPEEDUP:
        parts.append(_faster(row, baseline))
    else:
        unit = quantity.value
        bounds = units.interval(point.low, point.high)
        parts.append(f"{units.digits(point.value)} {unit} ({bounds})")
    if row.summary:
        parts.append(units.seconds(row.summary.median))
    if row.measurement.error:
        parts.append(f"error {units.digits(row.measurement.error.relative_l2, 2)}")
    return "  ·  ".join(parts)


def _faster(row: Row, baseline: str) -> str:
    ratio = row.speedup
    if row.is_baseline:
        return "the base line"
    if ratio is None:
        return f"no speedup: {baseline} has no result here"
    return wording(ratio)


def _what(session: Session, quantity: Quantity, baseline: str) -> str:
    words = {
        Quantity.SPEEDUP: f"speedup over {baseline_title(session, baseline)}",
        Quantity.GFLOPS: "arithmetic rate by size",
        Quantity.GBYTES: "memory rate by size",
    }
    return words[quantity]


def _y_title(session: Session, quantity: Quantity, baseline: str) -> str:
    if quantity is Quantity.SPEEDUP:
        return f"speedup over {baseline_short(session, baseline)}"
    return "GFLOP/s" if quantity is Quantity.GFLOPS else "GB/s (operands read once)"


def _caption(session: Session) -> str:
    """The machine, then the drivers of what computed on it; NumPy's build string says little here."""
    host = session.host
    cores = f", {host.cores} cores" if host.cores else ""
    drivers = [
        f"{t.label}: {t.driver}" if t.driver and t.runtime is not Runtime.NUMPY else t.label
        for t in session.targets
    ]
    return " · ".join(dict.fromkeys((f"{host.processor or host.system}{cores}", *drivers)))
