"""Crossover: seconds of a call on a GPU and on Wasm over size, with and without transfers."""

from app.charts import choices
from app.charts.modes.mode import Mode
from app.charts.modes.size import INTERVALS, size_axis, tick_seconds
from app.charts.picture import Axis, Curve, Empty, Guide, Key, Lines, Picture, Scale, Spot
from app.charts.scene import Scene
from app.core.target import Runtime, Target
from app.figures import units
from app.findings.crossover import Crossing, Crossover, Way, crossovers
from app.findings.rows import Row

FASTEST = "fastest variant"


def make(scene: Scene) -> Picture | Empty:
    """A line per engine with its fastest variant at each size; the GPU's once for each way of calling it."""
    gpu = scene.target_of(Runtime.WGSL)
    if gpu is None:
        return _lacks("GPU", "WebGPU adapter")
    if not scene.targets_of(Runtime.WASM):
        return _lacks("Wasm engine", "Wasm engine")
    beside = [row for row in scene.own if row.target.id == gpu.id or row.target.runtime is Runtime.WASM]
    pairs = crossovers(beside)
    if not pairs:
        return Empty(
            "No size has both a GPU's result and Wasm's",
            f"Run {scene.workload} on {gpu.label} and on a Wasm engine at the same sizes, or the named plan "
            "crossover: both sides at their fastest, over all sizes.",
            "plan-crossover",
            "Run the plan crossover",
        )
    curves: dict[Key, dict[float, Spot]] = {}
    for pair in pairs:
        for crossing in pair.crossings:
            for point in crossing.points:
                x = scene.places[point.shape]
                _add(curves, pair.cpu, FASTEST, _spot(x, point.cpu, point.cpu_seconds))
                _add(curves, gpu, crossing.way.value, _spot(x, point.gpu, point.gpu_seconds))
    crossed = [(pair, one) for pair in pairs for one in pair.crossings if one.size and scene.in_line]
    frame = scene.frame(
        f"seconds of a call, {gpu.label} against Wasm",
        f"each at its fastest variant; {INTERVALS} of the kernels, transfers at the fastest seen",
    )
    return Lines(
        **{**frame, "variants": (FASTEST, *Way)},
        x=size_axis(scene),
        y=Axis("seconds of a call", Scale.LOG10, tick_seconds),
        curves=tuple(
            Curve(key, tuple(spots[x] for x in sorted(spots)), joined=scene.in_line)
            for key, spots in curves.items()
        ),
        named=True,
        guides=tuple(_mark(pair, one, curves, i) for i, (pair, one) in enumerate(crossed)),
        remark=_remark(pairs),
    )


def _lacks(what: str, which: str) -> Empty:
    return Empty(
        f"No {what} in this session",
        f"This chart holds a GPU against Wasm: tick a {which} among the targets and run again, or run the "
        "named plan crossover with both ticked.",
        "plan-crossover",
        "Run the plan crossover",
    )


def _add(curves: dict[Key, dict[float, Spot]], target: Target, name: str, spot: Spot) -> None:
    curves.setdefault((target.id, name), {})[spot.x] = spot


def _spot(x: float, row: Row, seconds: float) -> Spot:
    """The kernel's interval, moved by what lies around the kernel."""
    assert row.summary is not None
    beside, low, high = seconds - row.summary.median, row.summary.low, row.summary.high
    return Spot(
        x,
        seconds,
        row,
        low + beside if low else None,
        high + beside if high else None,
        f"{units.seconds(seconds)} a call" + (" with its transfers" if beside > 0 else ""),
    )


def _mark(pair: Crossover, crossing: Crossing, curves: dict[Key, dict[float, Spot]], number: int) -> Guide:
    """A line down to the size axis where both take as long; labels of neighbours stand below each other."""
    assert crossing.size is not None
    ends = [spot.y for spots in curves.values() for spot in spots.values()]
    about = f"{pair.cpu.label}, {crossing.way.value}: {crossing.place}"
    x, at = crossing.size.value, 1.0 - 0.08 * number
    return Guide(about, ((x, min(ends)), (x, max(ends))), at, below=True)


def _remark(pairs: list[Crossover]) -> str:
    """What the chart says, way by way; ways of which the same can be said together."""
    said: dict[str, list[str]] = {}
    for way in Way:
        against: dict[str, list[str]] = {}
        for pair in pairs:
            if crossing := pair.crossing(way):
                against.setdefault(crossing.words, []).append(pair.cpu.label)
        for words, labels in against.items():
            said.setdefault(f"the GPU {words}, against {units.listed(labels)}", []).append(way.value)
    told = [f"{units.listed(ways).capitalize()}: {words}" for words, ways in said.items()]
    if all(pair.crossing(Way.UPLOADED) is None for pair in pairs):
        told.append("Transfers are not known: measure the GPU's ceilings")
    return ". ".join(told) + "."


MODE = Mode(
    "crossover",
    "Crossover",
    "A GPU against Wasm, with and without transfers: from which size on is it worth the trip?",
    make,
    (choices.target_of(Runtime.WGSL),),
    filled=lambda scene: bool(scene.targets_of(Runtime.WGSL) and scene.targets_of(Runtime.WASM)),
)
