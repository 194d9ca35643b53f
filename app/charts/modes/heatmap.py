"""Heat map: types x techniques, as a grid of speedups on one target; with one technique, types x sizes.

Of many variants on several targets it first shows types x targets, the best technique in each cell.
"""

from collections.abc import Sequence
from dataclasses import replace

from app.charts import choices
from app.charts.choices import Selector
from app.charts.grid import Cell, Grid, name_axis
from app.charts.modes.mode import Mode
from app.charts.modes.size import nothing_measured
from app.charts.panels import many
from app.charts.picture import Empty, Picture, Spot
from app.charts.scene import Scene
from app.core.measurement import Status
from app.core.shape import Shape
from app.core.variant import Variant
from app.figures import units
from app.findings.rows import Row

Types = tuple[str, str, str]
Techniques = tuple[str, ...]
Column = Techniques | Shape

EVERY = "every"
"""What all targets at once are called among the choices of one."""

SHORT = {Status.UNSUPPORTED: "unsupported", Status.WRONG: "wrong", Status.CANCELLED: "stopped"}


def make(scene: Scene) -> Picture | Empty:
    """A cell per case; where several share one, the fastest."""
    target, shape = scene.target, scene.shape
    if _target(scene).chosen == EVERY:
        return _every(scene)
    if target is None or shape is None:
        return nothing_measured(scene)
    over_sizes = _alike(scene) and not _size(scene).chosen
    found: dict[tuple[Types, Column], list[Row]] = {}
    for row in _candidates(scene):
        at = row.measurement.case.shape
        if over_sizes or at == shape:
            column = at if over_sizes else techniques(row.variant)
            found.setdefault((types(row.variant), column), []).append(row)
    if not any(row.speedup for own in found.values() for row in own):
        return nothing_measured(scene)
    first = sorted(found, key=lambda place: min(scene.variants.index(row.name) for row in found[place]))
    rows = list(dict.fromkeys(kinds for kinds, _ in first))
    columns = sorted(dict.fromkeys(column for _, column in first), key=_place)
    best = max((r for own in found.values() for r in own if r.speedup), key=_speedup)
    cells = [
        _cell(columns.index(column), rows.index(kinds), min(own, key=_order), best)
        for (kinds, column), own in found.items()
    ]
    cells.sort(key=lambda cell: (-cell.spot.y, cell.spot.x))
    where = (target.label,) if over_sizes else (scene.name(shape), target.label)
    return Grid(
        **scene.frame(
            ", ".join((f"speedup over {scene.baseline_on(target)}", *where)),
            "blue: faster, orange: slower, hatched: no result, framed: the fastest",
        ),
        x=name_axis("size" if over_sizes else "techniques", [_name(scene, column) for column in columns]),
        y=name_axis("storage → arithmetic", _labels(rows), downwards=True),
        cells=tuple(cells),
    )


def _every(scene: Scene) -> Picture | Empty:
    """Of each type the fastest on each target, at one size; the fastest of a target is framed."""
    targets, shape = scene.measured_targets, scene.shape
    own = [row for row in scene.own if row.measurement.case.shape == shape and row.variant.checked]
    if shape is None or not any(row.speedup for row in own):
        return nothing_measured(scene)
    kinds = list(dict.fromkeys(types(row.variant) for row in own))
    cells = []
    for x, target in enumerate(targets):
        there = [row for row in own if row.target.id == target.id]
        best = min(there, key=_order, default=None)
        for y, kind in enumerate(kinds):
            same = [row for row in there if types(row.variant) == kind]
            if best and same:
                row = min(same, key=_order)
                how = " ".join(techniques(row.variant)) or "plain"
                cells.append(replace(_cell(x, y, row, best), under=how if row.speedup else ""))
    cells.sort(key=lambda cell: (-cell.spot.y, cell.spot.x))
    what = f"speedup over {scene.baseline_title}, {scene.name(shape)}: of each type the fastest technique"
    return Grid(
        **scene.frame(
            what, "blue: faster, orange: slower, hatched: no result, framed: fastest of its target"
        ),
        x=name_axis("target", [target.label for target in targets]),
        y=name_axis("storage → arithmetic", _labels(kinds), downwards=True),
        cells=tuple(cells),
    )


def _target(scene: Scene) -> Selector:
    """The choice of a target; of many variants on several, first of all at once."""
    one = choices.target(scene)
    if not many(scene) or len(one.options) < 2:
        return one
    known = scene.view.target in dict(one.options)
    return replace(
        one, options=((EVERY, "every target"), *one.options), chosen=one.chosen if known else EVERY
    )


def _candidates(scene: Scene) -> list[Row]:
    """What ran, or should have run, on the target shown."""
    target = scene.target
    return [row for row in scene.own if target and row.target.id == target.id and row.variant.checked]


def _alike(scene: Scene) -> bool:
    """Whether all have one technique, so that sizes beside each other tell more."""
    return len({techniques(row.variant) for row in _candidates(scene)}) < 2


def _size(scene: Scene) -> Selector:
    """The choice of a size; every one where techniques do not need the room."""
    together = _target(scene).chosen == EVERY
    return choices.size_or_every(scene) if _alike(scene) and not together else choices.size(scene)


def types(variant: Variant) -> Types:
    """What operands are stored as, multiplied as and added up as."""
    return (variant.storage, variant.compute, variant.sums)


def techniques(variant: Variant) -> Techniques:
    """How it goes about it, beside its arithmetic: packed dot products are an arithmetic here."""
    return tuple(how for how in variant.techniques if how != "dot4")


def _labels(rows: Sequence[Types]) -> list[str]:
    """``f16`` where all types are one, else ``f16 → f32``; sums only where they set two rows apart."""
    shorts = [storage if storage == compute else f"{storage} → {compute}" for storage, compute, _ in rows]
    return [
        f"{short}, {sums} sums" if shorts.count(short) > 1 else short
        for short, (_, _, sums) in zip(shorts, rows, strict=True)
    ]


def _name(scene: Scene, column: Column) -> str:
    return scene.name(column) if isinstance(column, Shape) else "\n".join(column) or "plain"


def _place(column: Column) -> tuple[float, tuple[int, ...]]:
    """Small sizes, and few techniques, come first."""
    return column.order if isinstance(column, Shape) else (len(column), ())


def _speedup(row: Row) -> float:
    return row.speedup.value if row.speedup else 0.0


def _order(row: Row) -> float:
    """The fastest first, then what has no result."""
    return -_speedup(row)


def _cell(x: int, y: int, row: Row, best: Row) -> Cell:
    ratio, status = row.speedup, row.measurement.status
    text = units.times(ratio.value) if ratio else SHORT.get(status, status.value)
    spot = Spot(float(x), float(-y), row, ratio.low if ratio else None, ratio.high if ratio else None)
    return Cell(spot, ratio.value if ratio else None, text, marked=row is best)


MODE = Mode(
    "heatmap",
    "Heat map",
    "Storage, arithmetic and techniques as a heat map: which combination pays off here?",
    make,
    (_target, _size),
)
