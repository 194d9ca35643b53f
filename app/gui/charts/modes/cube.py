"""Cube: types x techniques as a heat map of speedups, on one target at one size."""

from collections.abc import Sequence

from app.core import units
from app.core.measurement import Status
from app.core.rows import Row
from app.core.variant import Variant
from app.gui.charts import choices
from app.gui.charts.modes.mode import Mode
from app.gui.charts.modes.sweep import nothing_measured
from app.gui.charts.picture import Cell, Empty, Grid, Picture, Spot, name_axis
from app.gui.charts.scene import Scene

Types = tuple[str, str, str]
Techniques = tuple[str, ...]

SHORT = {Status.UNSUPPORTED: "unsupported", Status.WRONG: "wrong", Status.CANCELLED: "stopped"}


def make(scene: Scene) -> Picture | Empty:
    """A cell per case; where several share one, the fastest."""
    target, shape = scene.target, scene.shape
    if target is None or shape is None:
        return nothing_measured(scene)
    found: dict[tuple[Types, Techniques], list[Row]] = {}
    for row in scene.own:
        case = row.measurement.case
        if case.target == target.id and case.shape == shape and row.variant.checked:
            found.setdefault((types(row.variant), techniques(row.variant)), []).append(row)
    if not any(row.speedup for own in found.values() for row in own):
        return nothing_measured(scene)
    first = sorted(found, key=lambda place: min(scene.variants.index(row.name) for row in found[place]))
    rows = list(dict.fromkeys(kinds for kinds, _ in first))
    columns = sorted(dict.fromkeys(how for _, how in first), key=len)
    best = max((r for own in found.values() for r in own if r.speedup), key=_speedup)
    cells = [
        _cell(columns.index(how), rows.index(kinds), min(own, key=_order), best)
        for (kinds, how), own in found.items()
    ]
    cells.sort(key=lambda cell: (-cell.spot.y, cell.spot.x))
    return Grid(
        **scene.frame(
            f"speedup over {scene.baseline_on(target)}, {shape.label}, {target.label}",
            "blue: faster, orange: slower, hatched: no result, framed: the fastest",
        ),
        x=name_axis("techniques", [_stacked(how) for how in columns]),
        y=name_axis("storage → arithmetic", _labels(rows), downwards=True),
        cells=tuple(cells),
    )


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


def _stacked(how: Techniques) -> str:
    return "\n".join(how) or "plain"


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
    "cube",
    "Cube",
    "Storage, arithmetic and techniques as a heat map: which combination pays off here?",
    make,
    (choices.target, choices.size),
)
