"""Roofline: every case of a target under the most that its memory and arithmetic reach."""

from collections.abc import Iterable, Sequence
from math import inf

from app.charts import choices
from app.charts.modes.mode import Mode, read_row
from app.charts.modes.size import nothing_measured
from app.charts.panels import BEST, foremost
from app.charts.picture import Axis, Curve, Empty, Guide, Key, Lines, Picture, Region, Scale, Spot
from app.charts.scene import Scene
from app.core.ceilings import Ceilings
from app.core.target import Target
from app.figures import units
from app.findings.rows import NOISE, Row

BESIDE = 4.0
"""The roof reaches this many times beyond the outermost case, so that its slope can be seen."""

SMALLEST = 0.6
"""The size of the smallest marks, as a part of the largest one."""


def make(scene: Scene) -> Picture | Empty:
    """A mark per case at its FLOP per byte and its GFLOP/s (Williams, Waterman and Patterson, 2009)."""
    target = scene.target
    every = [row for row in scene.own if target and row.target.id == target.id and row.flops and row.bytes]
    own = [row for row in every if not row.launch_bound]
    if target is None or not every:
        return nothing_measured(scene)
    if not own:
        return Empty(
            "No roofline of these sizes",
            f"An empty kernel takes nearly as long on {target.label} as any of these: measure larger sizes.",
        )
    workload = scene.workloads.get(scene.workload)
    if workload and not workload.has_operands:
        return Empty(
            "No roofline of this workload",
            f"{scene.workload} reads no operands, so neither memory nor arithmetic is what bounds it.",
        )
    ceilings = scene.session.ceilings.get(target.id)
    if ceilings is None or not ceilings.read:
        return unknown_ceilings(target)
    largest = max(row.measurement.case.shape.size for row in own)
    curves: dict[Key, list[Spot]] = {}
    for row in own:
        curves.setdefault((target.id, row.name), []).append(
            _spot(scene, row, largest, ceilings.flops.get(row.variant.compute, inf) / ceilings.read)
        )
    guides = _roof(ceilings, [spot for spots in curves.values() for spot in spots], own)
    return Lines(
        **scene.frame(
            f"roofline of {target.label}",
            "dashed: the fastest that probes of memory and arithmetic reached; larger marks: "
            + ("larger sizes" if scene.in_line else "more elements")
            + (f"; grey: all but the {BEST} nearest their ceilings" if len(curves) > BEST + 1 else ""),
        ),
        x=Axis("intensity, FLOP per byte (operands read once)", Scale.LOG2),
        y=Axis("GFLOP/s", Scale.LOG2, air=1.3),
        curves=foremost(
            [Curve(key, tuple(spots), joined=False) for key, spots in curves.items()], _of_ceiling
        ),
        guides=tuple(guides),
        regions=_regions(guides, min(spot.y for spots in curves.values() for spot in spots)),
        remark=_remark(own, len(every) - len(own)),
    )


def _of_ceiling(curve: Curve) -> float | None:
    """The most of its ceiling that a variant reaches at any size."""
    return max((s.row.of_ceiling for s in curve.spots if s.row and s.row.of_ceiling), default=None)


def unknown_ceilings(target: Target) -> Empty:
    """Says so, and offers to measure them."""
    return Empty(
        f"The ceilings of {target.label} are not known",
        "How fast it reads, copies and computes at most is measured once, in some seconds, and kept.",
        "ceilings",
        "Measure the ceilings",
    )


def _remark(rows: Sequence[Row], waiting: int) -> str:
    """What comes closest to its ceiling, and why others lie above theirs."""
    under = [row for row in rows if row.of_ceiling and row.of_ceiling <= NOISE]
    beyond = [row for row in rows if row.of_ceiling and row.of_ceiling > NOISE]
    cached = [row for row in beyond if row.in_cache]
    memory = [row for row in beyond if row.memory_bound and not row.in_cache]
    arithmetic = [row for row in beyond if not row.memory_bound]
    told = []
    if under:
        best = max(under, key=lambda row: row.of_ceiling or 0.0)
        told.append(f"{_named([best])} reaches most of its ceiling: {units.percent(best.of_ceiling)}")
    if cached:
        told.append(f"Above memory's line, for a cache served their operands: {_named(cached)}")
    if memory:
        told.append(f"Above memory's line, for its probe reached less: {_named(memory)}")
    if arithmetic:
        told.append(f"Above their arithmetic's line, for its probe reached less: {_named(arithmetic)}")
    if waiting:
        told.append(f"Left out, for an empty kernel takes nearly as long: {waiting} of {waiting + len(rows)}")
    return ". ".join(told)


def _named(rows: Sequence[Row]) -> str:
    """Variants with the sizes of each."""
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.name, []).append(row.size)
    return "; ".join(f"{name} at {', '.join(sizes)}" for name, sizes in found.items())


def _spot(scene: Scene, row: Row, largest: float, ridge: float) -> Spot:
    """What it computes and moves are rates, and so in the ratio of the counts; a mark grows with its size.

    Where shapes are in line that tells them apart, and the largest bears its variant's name; elsewhere every
    mark bears its shape's.
    """
    assert row.computed
    assert row.bytes
    assert row.summary
    work = row.computed * row.summary.median / 1e9
    slow, fast, size = row.summary.high, row.summary.low, row.measurement.case.shape.size
    return Spot(
        row.computed / row.bytes,
        row.computed / 1e9,
        row,
        work / slow if slow else None,
        work / fast if fast else None,
        name=(row.name if size == largest else "") if scene.in_line else row.size,
        tip=_tip(row, ridge),
        large=max(SMALLEST, (size / largest) ** 0.5),
    )


def _roof(ceilings: Ceilings, spots: Iterable[Spot], rows: Iterable[Row]) -> list[Guide]:
    """The slope of memory up to the highest peak, and a flat one for each arithmetic in use."""
    assert ceilings.read
    read = ceilings.read / 1e9
    used = dict.fromkeys(row.variant.compute for row in rows)
    peaks = {kind: peak / 1e9 for kind in used if (peak := ceilings.peak(kind))}
    xs = [spot.x for spot in spots]
    ridges = [peak / read for peak in peaks.values()]
    left, right = min([*xs, *ridges]) / BESIDE, max([*xs, *ridges]) * BESIDE
    top = max(ridges, default=right)
    memory = f"memory: {units.digits(read)} GB/s"
    return [
        Guide(memory, ((left, left * read), (top, top * read)), at=0.7),
        *(
            # Peaks may lie close together: each label stands further to the left.
            Guide(f"{kind}: {units.digits(peak)} GFLOP/s", ((peak / read, peak), (right, peak)), 1 - 0.2 * i)
            for i, (kind, peak) in enumerate(peaks.items())
        ),
    ]


def _regions(guides: Sequence[Guide], lowest: float) -> tuple[Region, ...]:
    """What bounds a kernel left of the ridge, and right of it, where the highest peak meets the slope."""
    (left, low), (ridge, peak) = guides[0].places
    if len(guides) < 2 or ridge <= left:
        return ()
    right = guides[1].places[-1][0]
    floor = low / 1e6
    return (
        Region("memory", ((left, floor), (left, low), (ridge, peak), (ridge, floor)), (left, lowest)),
        Region(
            "arithmetic",
            ((ridge, floor), (ridge, peak), (right, peak), (right, floor)),
            (ridge, lowest),
            light=True,
        ),
    )


def _tip(row: Row, ridge: float) -> str:
    """The share of the ceiling, and which one that is."""
    if not row.of_ceiling or not row.computed or not row.bytes:
        return row.name
    bound = "memory" if row.computed / row.bytes < ridge else "arithmetic"
    beyond = ", served by a cache" if row.in_cache else ""
    return f"{row.name}: {units.percent(row.of_ceiling)} of {bound}{beyond}"


def read(scene: Scene, spot: Spot) -> str:
    """A row's words, with its share of the ceiling."""
    row = spot.row
    share = f"  ·  {units.percent(row.of_ceiling)} of its ceiling" if row and row.of_ceiling else ""
    cache = " (served by a cache)" if row and row.in_cache else ""
    return f"{read_row(scene, spot)}  ·  {units.digits(spot.y)} GFLOP/s{share}{cache}"


MODE = Mode(
    "roofline",
    "Roofline",
    "Every case under what this target's memory and arithmetic reach at most: what holds it back?",
    make,
    (choices.target,),
    read,
)
