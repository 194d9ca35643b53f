"""Threads: how much faster kernels become with more threads, at one size."""

from app.charts import choices
from app.charts.modes.mode import Mode
from app.charts.modes.size import tick_times
from app.charts.panels import highest, together
from app.charts.picture import Axis, Curve, Empty, Guide, Lines, Picture, Scale, Spot
from app.charts.scene import Scene
from app.core.shape import Shape, in_order
from app.figures import units
from app.figures.statistics import Ratio
from app.findings.scaling import Scaling, Step, at_every_size

SPEEDUP, EFFICIENCY = "speedup", "efficiency"
QUANTITIES = {SPEEDUP: "Speedup", EFFICIENCY: "Efficiency"}


def make(scene: Scene) -> Picture | Empty:
    """A line per kernel, from one thread upwards; the ideal is a straight line."""
    shape = scene.shape_of(_shapes(scene))
    if shape is None:
        return Empty(
            "Nothing ran with several numbers of threads",
            "Wasm variants with +threads scale over shared memory. The named plan threads runs them on one "
            "thread, two, four and so on up to every core.",
            "plan-threads",
            "Run the plan threads",
        )
    found = [one for one in scene.scalings if one.shape == shape]
    share = scene.view.quantity == EFFICIENCY
    most = max(step.threads for one in found for step in one.steps)
    counts = sorted({step.threads for one in found for step in one.steps})
    frame = scene.frame(f"{'efficiency' if share else 'speedup over one thread'}, {scene.name(shape)}")
    picture = Lines(
        **{**frame, "variants": tuple(dict.fromkeys(one.variant.name for one in found))},
        x=Axis("threads", Scale.LOG2, ticks=tuple((float(n), str(n)) for n in counts)),
        y=Axis("efficiency", Scale.LINEAR, units.percent, always=(0.0,))
        if share
        else Axis("speedup over one thread", Scale.LOG2, tick_times),
        curves=tuple(_curve(one, share) for one in found),
        guides=(_ideal(float(most), share),),
        base=None if share else 1.0,
        remark=". ".join(_told(scene, one) for one in found),
    )
    return together(picture, highest)


def _told(scene: Scene, one: Scaling) -> str:
    """What holds at every size of a kernel."""
    kernel = (one.target.id, one.variant.name)
    own = [other for other in scene.scalings if (other.target.id, other.variant.name) == kernel]
    own.sort(key=lambda other: other.shape.size)
    return f"{one.variant.name} on {one.target.label}: {at_every_size(own)}"


def _shapes(scene: Scene) -> tuple[Shape, ...]:
    return in_order(one.shape for one in scene.scalings)


def _ideal(most: float, share: bool) -> Guide:
    """The guide of threads that all count in full: as many times faster as there are."""
    if share:
        return Guide("ideal", ((1.0, 1.0), (most, 1.0)), at=0.02, below=True)
    return Guide("ideal", ((1.0, 1.0), (most, most)), at=0.6)


def _curve(scaling: Scaling, share: bool) -> Curve:
    spots = tuple(_spot(step, step.efficiency if share else step.speedup) for step in scaling.steps)
    return Curve((scaling.target.id, scaling.variant.name), spots)


def _spot(step: Step, ratio: Ratio) -> Spot:
    noun = "thread" if step.threads == 1 else "threads"
    gain, share = units.times(step.speedup.value), units.percent(step.efficiency.value)
    note = f"{step.threads} {noun}: {gain} one, efficiency {share}"
    return Spot(float(step.threads), ratio.value, step.row, ratio.low, ratio.high, note)


MODE = Mode(
    "threads",
    "Threads",
    "Speedup over one thread: how far does a kernel scale?",
    make,
    (choices.quantity(QUANTITIES), choices.size_of(_shapes)),
    filled=lambda scene: bool(scene.scalings),
)
