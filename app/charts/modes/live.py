"""Live: speedups settle round by round, samples come in, and drift shows, while it runs or afterwards."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from statistics import median

from app.charts import choices
from app.charts.modes import bars
from app.charts.modes.mode import Mode
from app.charts.modes.size import nothing_measured, quantity_axis
from app.charts.panels import arranged, highest, offer
from app.charts.picture import Axis, Curve, Empty, Guide, Lines, Picture, Scale, Spot
from app.charts.scene import Scene
from app.core.pairs import pairs
from app.figures import units
from app.figures.statistics import FEWEST_SAMPLES, Ratio, speedup
from app.figures.verdict import wording
from app.findings.rows import Row
from app.findings.series import Quantity

FORMS = {
    "goal": "Interval",
    "settling": "Settling",
    "bars": "Bars",
    "samples": "Samples",
    "drift": "Drift",
}

LAST = 200
"""Rounds whose samples are drawn one by one."""

TOGETHER = 10
"""Rounds behind each point of the drift."""


def make(scene: Scene) -> Picture | Empty:
    """The rounds of every case at the size shown."""
    form = scene.view.quantity if scene.view.quantity in FORMS else "goal"
    if form == "bars":
        return bars.make(scene)
    rows = [row for row in scene.own if row.ok and row.measurement.case.shape == scene.shape]
    if form == "goal":
        picture = _goal(scene, rows)
    else:
        picture = _drift(scene, rows) if form == "drift" else _speedups(scene, rows, form)
    return picture if picture.curves else nothing_measured(scene)


def _goal(scene: Scene, rows: Sequence[Row]) -> Lines:
    """The half-width of every speedup's interval as rounds come in, and how narrow it is to become."""
    precision = scene.session.plan.settings.precision
    curves, reached = [], 0
    for row in rows:
        base = None if row.is_baseline else _base_of(rows, scene.own, row)
        spots = tuple(_widths(row, base)) if base else ()
        if spots:
            curves.append(Curve(_key(row), spots))
            reached += spots[-1].y <= precision
    last = max((spot.x for curve in curves for spot in curve.spots), default=1.0)
    goal = Guide(f"goal: ±{units.percent(precision)}", ((FEWEST_SAMPLES, precision), (last, precision)))
    picture = Lines(
        **scene.frame(f"width of each interval, {_label(scene)}", "half the 95 % interval, of the speedup"),
        x=Axis("rounds so far", Scale.LOG2),
        y=Axis("interval, ± of the speedup", Scale.LOG10, units.percent, air=0.1),
        curves=tuple(curves),
        guides=(goal,) if curves else (),
        remark=f"{reached} of {len(curves)} speedups are as sure as asked for (±{units.percent(precision)})",
    )
    return arranged(picture, scene, highest)


def _widths(row: Row, base: Row) -> Iterator[Spot]:
    for spot in _settling(row, base):
        if spot.low and spot.high:
            width = (spot.high - spot.low) / (spot.high + spot.low)
            if width > 0:
                yield Spot(spot.x, width, row, note=spot.note, tip=f"{row.name}  ±{units.percent(width)}")


def _speedups(scene: Scene, rows: Sequence[Row], form: str) -> Lines:
    """Speedups over the rounds: of all up to each one, or of each one alone."""
    settling = form == "settling"
    curves = []
    for row in rows:
        base = None if row.is_baseline else _base_of(rows, scene.own, row)
        if base is not None:
            spots = tuple(_settling(row, base) if settling else _single(row, base))
            curves.append(Curve(_key(row), spots, joined=settling))
    what = f"speedup over {scene.baseline_title}, {_label(scene)}"
    note = (
        "whiskers: 95 % intervals of the rounds so far" if settling else "a mark per round, the last of them"
    )
    rounds = Axis("rounds so far" if settling else "round", Scale.LOG2 if settling else Scale.LINEAR)
    picture = Lines(
        **scene.frame(what, note),
        x=rounds,
        y=quantity_axis(scene, Quantity.SPEEDUP),
        curves=tuple(curve for curve in curves if curve.spots),
        base=1.0,
    )
    return arranged(picture, scene)


def _base_of(here: Sequence[Row], everywhere: Sequence[Row], row: Row) -> Row | None:
    """The baseline's row at the same shape: of the same target, else the one for all."""
    shape = row.measurement.case.shape
    own = (r for r in here if r.is_baseline and r.target.id == row.target.id)
    others = (r for r in everywhere if r.ok and r.is_baseline and r.measurement.case.shape == shape)
    return next(own, None) or next(others, None)


def _settling(row: Row, base: Row) -> Iterator[Spot]:
    """The speedup after ever more rounds, each time a quarter more."""
    both = pairs(base.measurement, row.measurement)
    theirs, ours = (tuple(side) for side in zip(*both, strict=True)) if both else _alone(base, row)
    for count, ratio, note in _settled(theirs, ours, bool(both)):
        yield Spot(count, ratio.value, row, ratio.low, ratio.high, note, sure=ratio.low is not None)


def _alone(base: Row, row: Row) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Samples of two that never met."""
    return base.measurement.samples, row.measurement.samples


@lru_cache(maxsize=256)
def _settled(
    theirs: tuple[float, ...], ours: tuple[float, ...], paired: bool
) -> tuple[tuple[int, Ratio, str], ...]:
    """Rounds, speedup and words; kept, for while a chart fills most cases have no new samples."""
    rounds, count = min(len(ours), len(theirs)), FEWEST_SAMPLES
    found = []
    while count <= rounds:
        if ratio := speedup(theirs[:count], ours[:count], paired):
            found.append((count, ratio, f"after {count} rounds {wording(ratio)}"))
        if count == rounds:
            break
        count = min(rounds, count + 1 + count // 4)
    return tuple(found)


def _single(row: Row, base: Row) -> Iterator[Spot]:
    """The speedup of each round by itself."""
    both = pairs(base.measurement, row.measurement)
    first = max(0, len(both) - LAST)
    for number, (theirs, ours) in enumerate(both[first:], first + 1):
        note = f"round {number}: {units.seconds(ours)}, {units.times(theirs / ours)}"
        yield Spot(number, theirs / ours, row, note=note)


def _drift(scene: Scene, rows: Sequence[Row]) -> Lines:
    """The time of each case over its median: what rises or falls in all of them is the machine's doing."""
    long = [row for row in rows if len(row.measurement.samples) >= TOGETHER]
    stretches = [tuple(_stretches(row)) for row in long]
    picture = Lines(
        **scene.frame(f"drift, {_label(scene)}", f"a point per {TOGETHER} rounds"),
        x=Axis("round", Scale.LINEAR),
        y=Axis("time over its median", Scale.LINEAR, _percent, always=(0.95, 1.05), air=0.01),
        curves=tuple(Curve(_key(row), spots) for row, spots in zip(long, stretches, strict=True)),
        base=1.0,
        remark=_least_steady(long, stretches),
    )
    return arranged(picture, scene, lambda curve: _strays(curve.spots))


def _strays(spots: Sequence[Spot]) -> float:
    """How far a case strays from its median."""
    return max(spot.y for spot in spots) - min(spot.y for spot in spots)


def _least_steady(rows: Sequence[Row], stretches: Sequence[Sequence[Spot]]) -> str:
    """The case that strays most, in words."""
    if not rows:
        return ""
    row, spots = max(zip(rows, stretches, strict=True), key=lambda pair: _strays(pair[1]))
    low, high = min(spot.y for spot in spots), max(spot.y for spot in spots)
    return f"{row.label} is the least steady: {_percent(low)} to {_percent(high)} off its median"


def _stretches(row: Row) -> Iterator[Spot]:
    samples = row.measurement.samples
    middle = median(samples)
    step = TOGETHER * max(1, len(samples) // (TOGETHER * LAST))
    for start in range(0, len(samples) - TOGETHER + 1, step):
        seconds = median(samples[start : start + step])
        end = min(len(samples), start + step)
        yield Spot(end, seconds / middle, row, note=f"rounds {start + 1}-{end}: {units.seconds(seconds)}")


def _percent(value: float) -> str:
    return f"{100 * (value - 1):+.0f} %" if abs(value - 1) > 1e-9 else "0 %"


def _label(scene: Scene) -> str:
    return scene.name(scene.shape) if scene.shape else ""


def _key(row: Row) -> tuple[str, str]:
    return (row.target.id, row.measurement.case.name)


MODE = Mode(
    "live",
    "Live",
    "Speedups as they settle round by round: is it enough yet, and does the machine drift?",
    make,
    (choices.quantity(FORMS), offer, choices.size),
)
