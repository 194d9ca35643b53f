"""Suspension: what the ways to wait in synchronous code cost, a bar each."""

from app.charts import choices
from app.charts.bar_groups import Bar, BarGroup, Bars, group_axis, lay_out
from app.charts.modes.bars import two_lines
from app.charts.modes.mode import Mode
from app.charts.modes.size import tick_seconds, tick_times
from app.charts.picture import Axis, Empty, Picture, Scale, Spot
from app.charts.scene import Scene
from app.figures import units
from app.findings.suspension import PLAIN, WORKLOAD, Suspension, suspensions

TIME, SIZE, SLOWDOWN = "time", "size", "slowdown"
QUANTITIES = {TIME: "Time of each", SIZE: "Size of the module", SLOWDOWN: "Slowdown without one"}
TITLES = {
    TIME: "time of a suspension and its resumption",
    SIZE: "size of the module over the plain one",
    SLOWDOWN: "how many times longer it takes when nothing waits",
}


def make(scene: Scene) -> Picture | Empty:
    """A group per target, at one n."""
    known, shape = suspensions(scene.own), scene.shape
    if not known or shape is None:
        return Empty(
            "Nothing here was suspended",
            f"The workload {WORKLOAD} runs the articles' promiseFib with Asyncify, fibers and JSPI, as the "
            "named plan suspension does at three sizes.",
            "plan-suspension",
            "Run the plan suspension",
        )
    chosen = scene.view.quantity if scene.view.quantity in QUANTITIES else TIME
    groups = []
    for target in scene.session.targets:
        own = [one for one in known if one.target.id == target.id and one.shape == shape]
        bars = tuple(filter(None, (_bar(one, chosen) for one in own)))
        if bars:
            groups.append(BarGroup(two_lines(target.label), bars))
    if not groups:
        return Empty(
            "Not measured", f"No way to wait has a known {QUANTITIES[chosen].lower()} at n = {shape}."
        )
    laid, width = lay_out(groups)
    ways = [bar for group in laid for bar in group.bars if bar.key[1] != PLAIN]
    least = min(ways, key=lambda bar: bar.spot.y, default=None)
    axis = Axis(TITLES[chosen], Scale.LOG10, tick_seconds if chosen == TIME else tick_times, air=0.2)
    return Bars(
        **scene.frame(f"{TITLES[chosen]}, n = {scene.name(shape)}", "whiskers: 95 % intervals"),
        x=group_axis(laid),
        y=axis,
        groups=laid,
        width=width,
        base=None if chosen == TIME else 1.0,
        dots=chosen == TIME,
        remark=f"{least.key[1]} on {scene.labels[least.key[0]]} costs least: {least.text}" if least else "",
    )


def _bar(one: Suspension, chosen: str) -> Bar | None:
    key = (one.target.id, one.way)
    if chosen == TIME:
        found = one.seconds
        if found is None or found.median <= 0:
            return None
        low = found.low if found.low and found.low > 0 else None
        spot = Spot(0.0, found.median, one.row, low, found.high if low else None, f"{one.time} a suspension")
        return Bar(key, spot, units.seconds(found.median))
    if chosen == SIZE:
        if one.size is None or one.growth is None:
            return None
        note = f"a module of {units.bytes_(one.size)}, {units.times(one.growth)} the plain one"
        return Bar(key, Spot(0.0, one.growth, one.row, note=note), units.bytes_(one.size))
    ratio = one.slowdown
    if ratio is None:
        return None
    text = units.times(ratio.value)
    note = f"{text} as long when nothing waits"
    return Bar(key, Spot(0.0, ratio.value, one.row, ratio.low, ratio.high, note), text)


MODE = Mode(
    "suspension",
    "Suspension",
    "Asyncify, fibers and JSPI beside each other: what does waiting cost in code that cannot wait?",
    make,
    (choices.quantity(QUANTITIES), choices.size),
    filled=lambda scene: scene.workload == WORKLOAD and bool(scene.measured_shapes),
)
