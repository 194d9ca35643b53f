"""The heat map of what many sessions say together: hardware x variants, with counts and spread."""

from app.charts.grid import Cell, Grid, name_axis
from app.charts.picture import Spot
from app.figures import units
from app.findings.gathered import Gathered, Spread
from app.workloads import workloads

MOST = 14
"""Variants that a heat map has room for: of more, those that are best somewhere."""


def gathered_grid(found: Gathered) -> Grid:
    """A cell per variant and hardware: the median of its speedups, and in how many sessions it ran."""
    hardware, variants = found.hardware, shown(found)
    cells = [
        _cell(variants.index(one.variant), hardware.index(one.hardware), one, found)
        for one in found.spreads
        if one.variant in variants
    ]
    counts = {name: max(one.count for one in found.spreads if one.hardware == name) for name in hardware}
    cells.sort(key=lambda cell: (-cell.spot.y, cell.spot.x))
    workload = workloads().get(found.workload)
    more = len(found.variants) - len(variants)
    return Grid(
        title=found.finding,
        caption=f"{workload.title if workload else found.workload}, {found.shape}: median speedup over "
        f"{found.baseline.split(',')[0]} of the same target, its sessions of {found.sessions}, its spread",
        footer=" · ".join(
            filter(
                None,
                (
                    f"{found.dates[0]} to {found.dates[1]}",
                    "framed: the fastest in most sessions",
                    f"{more} variants that are best nowhere are left out" if more else "",
                    f"{len(found.aside)} outliers set aside" if found.aside else "",
                ),
            )
        ),
        created=f"{found.dates[1]}T00:00:00Z",
        x=name_axis("variant", variants),
        y=name_axis("hardware, sessions", [f"{name} · {counts[name]}" for name in hardware], downwards=True),
        cells=tuple(cells),
        remark=found.finding,
        named=True,
    )


def shown(found: Gathered) -> tuple[str, ...]:
    """The variants that there is room for: baselines, winners, then what is best on some hardware."""
    if len(found.variants) <= MOST:
        return found.variants
    winners = [found.winner(name).variant for name in found.hardware]
    ranked = sorted(found.spreads, key=lambda one: -one.median)
    first = [one.variant for one in found.spreads if one.is_baseline]
    kept = set(list(dict.fromkeys((*first, *winners, *(one.variant for one in ranked))))[:MOST])
    return tuple(name for name in found.variants if name in kept)


def _cell(x: int, y: int, one: Spread, found: Gathered) -> Cell:
    words = f"{one.variant} on {one.hardware}: {one.words}"
    note = f"{words}; half of them between {units.times(one.lower)} and {units.times(one.upper)}"
    note += f"; {one.aside} set aside" if one.aside else ""
    spot = Spot(float(x), -float(y), None, one.low, one.high, note, tip=words)
    won = found.winner(one.hardware) is one
    text = units.times(one.median) + ("" if one.is_baseline else _spread(one))
    return Cell(spot, one.median, text, won, f"fastest in {one.wins}" if one.wins else "")


def _spread(one: Spread) -> str:
    """How far half of the sessions lie apart, after a figure: `` ±4 %``; nothing for one session."""
    if one.count < 2:
        return ""
    half = (one.upper - one.lower) / (2 * one.median)
    return f" ±{units.percent(half)}"
