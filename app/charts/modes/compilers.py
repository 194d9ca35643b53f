"""Compilers: the same kernels on one adapter through naga and through a browser's compiler, side by side."""

from collections import Counter
from collections.abc import Sequence

from app.charts import choices
from app.charts.bar_groups import Bar, BarGroup, Bars, group_axis, lay_out
from app.charts.modes.mode import Mode
from app.charts.modes.size import tick_seconds
from app.charts.picture import Axis, Empty, Picture, Scale, Spot
from app.charts.scene import Scene
from app.core.shape import Shape, in_order
from app.figures import units
from app.figures.verdict import Verdict, verdict, wording
from app.findings.compilers import GUARDS, Twin
from app.findings.rows import Row

TIME, COMPILE = "time", "compile"
QUANTITIES = {TIME: "Time of a run", COMPILE: "Time to compile"}
TITLES = {TIME: "time of a run", COMPILE: "time to compile"}


def make(scene: Scene) -> Picture | Empty:
    """A group per variant at one size, a bar per target."""
    shape = scene.shape_of(_shapes(scene))
    if shape is None:
        return Empty(
            "No adapter was measured both ways",
            "Add a browser, tick its GPU beside the same adapter's own, and run: naga compiles for one, "
            "the browser's compiler for the other.",
            "add_browser",
            "Add a browser…",
        )
    chosen = scene.view.quantity if scene.view.quantity in QUANTITIES else TIME
    known = [one for one in scene.twins if one.shape == shape]
    laid, width = lay_out([_group(one, chosen) for one in known])
    frame = scene.frame(f"{TITLES[chosen]} through each compiler, {scene.name(shape)}", GUARDS.split(";")[0])
    compilers = dict.fromkeys(bar.key[1] for group in laid for bar in group.bars)
    return Bars(
        **{**frame, "variants": tuple(compilers)},
        x=group_axis(laid),
        y=Axis(TITLES[chosen], Scale.LOG10, tick_seconds, air=0.2),
        groups=laid,
        width=width,
        dots=True,
        remark=". ".join(filter(None, (_remark(known), _always(scene.twins)))) if chosen == TIME else "",
    )


def _remark(known: Sequence[Twin]) -> str:
    """How many kernels each compiler makes surely faster."""
    found = Counter(verdict(one.ratio) for one in known)
    if not found[Verdict.FASTER] and not found[Verdict.SLOWER]:
        return f"Neither compiler makes any of {len(known)} kernels surely faster"
    return (
        f"Of {len(known)} kernels {found[Verdict.FASTER]} are surely faster through the browser's compiler, "
        f"{found[Verdict.SLOWER]} through {NAGA}"
    )


def _always(every: Sequence[Twin]) -> str:
    """The kernels that one compiler makes surely faster at every size, of several."""
    found: dict[str, list[Verdict]] = {}
    for one in every:
        found.setdefault(one.native.variant.name, []).append(verdict(one.ratio))
    if max(map(len, found.values()), default=0) < 2:
        return ""
    told = []
    for how, compiler in ((Verdict.FASTER, "the browser's compiler"), (Verdict.SLOWER, NAGA)):
        if names := [name for name, seen in found.items() if set(seen) == {how}]:
            told.append(f"at every size {compiler} makes {units.listed(names)} faster")
    words = "; ".join(told) or "no kernel is surely faster through one of them at every size"
    return words[:1].upper() + words[1:]


def _shapes(scene: Scene) -> tuple[Shape, ...]:
    return in_order(one.shape for one in scene.twins)


def _group(one: Twin, chosen: str) -> BarGroup:
    page = one.page.target
    compiler = page.properties.get("shader compiler", "the browser's")
    names = (NAGA, f"{compiler}, {page.properties.get('browser', page.label)}", f"{NAGA}, unchecked")
    rows = (one.native, one.page, one.unchecked)
    bars = [_bar(one, row, name, chosen) for row, name in zip(rows, names, strict=True) if row]
    return BarGroup(one.native.variant.name, tuple(bars))


def _bar(one: Twin, row: Row, compiler: str, chosen: str) -> Bar:
    assert row.summary
    key = (one.native.target.id, compiler)
    if chosen == COMPILE:
        seconds = max(row.measurement.costs.compile_s if row.measurement.costs else 0.0, SHORTEST)
        return Bar(key, Spot(0.0, seconds, row, note="time to compile"), units.seconds(seconds))
    note = f"the browser's is {wording(one.ratio)}" if row is one.page else ""
    found = row.summary
    return Bar(key, Spot(0.0, found.median, row, found.low, found.high, note), units.seconds(found.median))


NAGA = "naga"
SHORTEST = 1e-6
"""Seconds; browsers' clocks tell no less, and a logarithm needs some."""

MODE = Mode(
    "compilers",
    "Compilers",
    "Naga beside a browser's compiler on one adapter: which makes the faster code, and how soon?",
    make,
    (choices.quantity(QUANTITIES), choices.size_of(_shapes)),
    filled=lambda scene: bool(scene.twins),
)
