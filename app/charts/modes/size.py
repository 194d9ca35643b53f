"""Size: speedups or rates over size, a line per target and variant."""

from collections.abc import Iterable

from app.charts import choices
from app.charts.choices import Selector
from app.charts.grid import name_axis
from app.charts.modes.mode import Mode
from app.charts.panels import arranged, offer
from app.charts.peers import with_references
from app.charts.picture import Axis, Band, Curve, Empty, Lines, Picture, Scale, Spot
from app.charts.scene import Scene
from app.core.articles import Articles, Figure, figure_for
from app.core.baseline import baseline_names, fixed_baseline
from app.core.session import Session
from app.figures import units
from app.figures.verdict import Verdict, verdict, wording
from app.findings.rows import Row
from app.findings.series import Quantity, Series, series

QUANTITIES = {
    Quantity.SPEEDUP.value: "Speedup",
    Quantity.GFLOPS.value: "GFLOP/s",
    Quantity.GBYTES.value: "GB/s",
    Quantity.CPU_SPEEDUP.value: "CPU speedup",
}

INTERVALS = "whiskers: 95 % intervals"
ARTICLES_FOOTNOTE = "grey: the articles' figures, from other GPUs and another compiler"


def make(scene: Scene) -> Picture | Empty:
    """A point per case with a result."""
    quantity = quantity_of(scene)
    found = lines_of(scene.kernels, quantity)
    if not found:
        return nothing_measured(scene, quantity)
    bands = _bands(scene) if quantity is Quantity.SPEEDUP else ()
    what = {
        Quantity.SPEEDUP: f"speedup over {scene.baseline_title}",
        Quantity.GFLOPS: "arithmetic rate by size",
        Quantity.GBYTES: "memory rate by size",
        Quantity.CPU_SPEEDUP: f"{Quantity.CPU_SPEEDUP} over {scene.baseline_title}",
    }
    picture = Lines(
        **scene.frame(what[quantity], f"{INTERVALS}{f' · {ARTICLES_FOOTNOTE}' if bands else ''}"),
        x=size_axis(scene),
        y=quantity_axis(scene, quantity),
        curves=tuple(
            Curve(
                (line.target, line.variant),
                tuple(
                    Spot(
                        scene.places[p.shape],
                        p.value,
                        p.row,
                        p.low,
                        p.high,
                        _note(p.value, p.low, p.high, quantity),
                        sure=p.low is not None,
                    )
                    for p in line.points
                ),
                joined=scene.in_line,
            )
            for line in found
        ),
        bands=bands,
        base=1.0 if quantity.is_speedup else None,
        remark=most(found, quantity),
    )
    return arranged(with_references(picture, scene, quantity), scene)


def lines_of(rows: Iterable[Row], quantity: Quantity) -> list[Series]:
    """The series of what has this quantity at all: a copy, for one, has no arithmetic."""
    return [line for line in series(rows, quantity) if all(point.value > 0 for point in line.points)]


def most(lines: Iterable[Series], quantity: Quantity) -> str:
    """What reaches the highest rate; speedups are judged by their intervals, see ``headline``."""
    points = [point for line in lines for point in line.points]
    if quantity is Quantity.SPEEDUP or not points:
        return ""
    if quantity is Quantity.CPU_SPEEDUP:
        return _most_by_cpu([point.row for point in points])
    best = max(points, key=lambda point: point.value)
    rate, row = _note(best.value, best.low, best.high, quantity), best.row
    return f"{row.name} reaches most: {rate} at {row.size} on {row.target.label}"


def _most_by_cpu(rows: Iterable[Row]) -> str:
    compared = [row for row in rows if row.cpu_speedup and not row.is_baseline]
    surely = [row for row in compared if verdict(row.cpu_speedup) is Verdict.FASTER]
    if not surely:
        return "By CPU seconds nothing here is surely faster than its baseline"
    best = max(surely, key=lambda row: (row.cpu_speedup and row.cpu_speedup.low) or 0.0)
    told = wording(best.cpu_speedup, than="its baseline")
    return f"By CPU seconds {best.name} is {told} at {best.size} on {best.target.label}"


def offer_quantity(scene: Scene) -> Selector:
    """Speedups and rates; CPU seconds where they are known of anything that is compared."""
    known = dict(QUANTITIES)
    if not any(row.cpu_speedup and not row.is_baseline for row in scene.own):
        del known[Quantity.CPU_SPEEDUP.value]
    return choices.quantity(known)(scene)


def quantity_of(scene: Scene) -> Quantity:
    """What the view asks for; speedups unless it asks for something else that there is."""
    return Quantity(offer_quantity(scene).chosen)


def size_axis(scene: Scene) -> Axis:
    """The sizes of the session; where they are not in line, their names beside each other."""
    workload = scene.workloads.get(scene.workload)
    dimensions = " x ".join(workload.dimensions) if workload else "size"
    square = all(shape.square for shape in scene.shapes)
    several = bool(workload and len(workload.dimensions) > 1)
    title = f"size ({dimensions}{', square' if square and several else ''})"
    if not scene.in_line:
        return name_axis(title, list(map(scene.name, scene.shapes)))
    return Axis(title, ticks=tuple((shape.size, scene.name(shape)) for shape in scene.shapes), air=0.35)


def quantity_axis(scene: Scene, quantity: Quantity, scale: Scale = Scale.LOG2) -> Axis:
    """The axis of speedups, which always shows the baseline, or of rates."""
    if quantity.is_speedup:
        always = (2.0**-0.5, 2.0**0.5)
        return Axis(f"{quantity} over {scene.baseline_short}", Scale.LOG2, tick_times, always=always)
    return Axis("GFLOP/s" if quantity is Quantity.GFLOPS else "GB/s (operands read once)", scale)


def tick_times(value: float) -> str:
    """``2×``, ``½×``."""
    return units.multiple(value)


def tick_seconds(value: float) -> str:
    """``20 µs``."""
    figure, unit = units.seconds(value).split()
    return f"{units.plain(float(figure.replace(',', '')))} {unit}"


def _note(value: float, low: float | None, high: float | None, quantity: Quantity) -> str:
    """A speedup stands in the read-out anyway."""
    if quantity is Quantity.SPEEDUP:
        return ""
    if quantity is Quantity.CPU_SPEEDUP:
        return f"by CPU seconds {units.speedup(value, low, high)}"
    return f"{units.digits(value)} {quantity.value} ({units.interval(low, high)})"


def nothing_measured(scene: Scene, quantity: Quantity = Quantity.SPEEDUP) -> Empty:
    """Why no row has this quantity."""
    if any(row.ok for row in scene.own):
        return Empty(
            "No speedups to show",
            f"The baseline {scene.baseline_short or scene.baseline} has no result in this session. Pick "
            "another one above, or look at GFLOP/s: the measurements are there."
            if quantity is Quantity.SPEEDUP
            else f"{scene.workload} has no {quantity.value}.",
            *(("gflops", "Show GFLOP/s") if quantity is Quantity.SPEEDUP else ()),
        )
    return Empty("No results to draw", f"Nothing of {scene.workload or 'this session'} has a result.")


def _bands(scene: Scene) -> tuple[Band, ...]:
    """What the articles report; figures of one range share its band."""
    if scene.articles is None:
        return ()
    told: dict[tuple[float, float], list[str]] = {}
    for variant, figure in figures_of(scene.session, scene.own, scene.baseline, scene.articles):
        ends = (figure.low or 1.0, figure.high or figure.low or 1.0)
        told.setdefault(ends, []).append(f"{variant}: {figure.words}")
    return tuple(Band("; ".join(words), *ends) for ends, words in told.items())


def figures_of(
    session: Session, rows: Iterable[Row], baseline: str, articles: Articles
) -> tuple[tuple[str, Figure], ...]:
    """The variants that have a speedup and of which the articles speak, with what they say."""
    found = {
        (row.variant.name, figure): None
        for row in rows
        if row.speedup and (figure := article_figure(session, row, baseline, articles))
    }
    return tuple(found)


def article_figure(session: Session, row: Row, baseline: str, articles: Articles) -> Figure | None:
    """What an article reports of this row's variant over its baseline.

    None where the baseline is on another target: the articles speak of none such.
    """
    if fixed_baseline(session.targets, baseline):
        return None
    variant = row.variant
    key = (variant.workload, variant.runtime.value)
    base = next(
        (name for *group, name in baseline_names(session.variants, baseline) if tuple(group) == key), ""
    )
    return figure_for(articles.figures, *key, variant.name, base)


MODE = Mode(
    "size",
    "Size",
    "Speedups or rates over size: what pays off, and from where on?",
    make,
    (offer_quantity, offer),
    articles=True,
)
