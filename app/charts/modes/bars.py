"""Bars: a group per target, a bar per variant, at one size; as the articles chart theirs."""

from collections.abc import Sequence
from dataclasses import replace

from app.charts import choices, peers
from app.charts.bar_groups import Bar, BarGroup, Bars, group_axis, group_guides, lay_out
from app.charts.modes.mode import Mode
from app.charts.modes.size import (
    ARTICLES_FOOTNOTE,
    article_figure,
    lines_of,
    most,
    nothing_measured,
    offer_quantity,
    quantity_axis,
    quantity_of,
)
from app.charts.panels import BEST, many
from app.charts.picture import Empty, Picture, Scale, Spot
from app.charts.scene import Scene
from app.core.shape import Shape
from app.figures import units
from app.findings.series import Quantity, Series


def make(scene: Scene) -> Picture | Empty:
    """The bars of the size shown."""
    quantity, shape = quantity_of(scene), scene.shape
    groups = groups_of(scene, shape, quantity) if shape else ()
    if not groups or shape is None:
        return nothing_measured(scene, quantity)
    what = f"{quantity} over {scene.baseline_title}" if quantity.is_speedup else quantity.value
    if many(scene):
        groups, what = tuple(map(_best, groups)), f"the {BEST} best of each target by {what}"
    made = bars(scene, f"{what}, {scene.name(shape)}", groups, quantity)
    shown = [bar.spot.row for bar in made.bars if bar.spot.row]
    return replace(made, remark=most(lines_of(shown, quantity), quantity))


def _best(group: BarGroup) -> BarGroup:
    """The highest bars of a group, the highest first: of many an eye sees nothing."""
    highest = sorted(group.bars, key=lambda bar: bar.spot.y, reverse=True)[:BEST]
    return replace(group, bars=tuple(highest))


def bars(scene: Scene, what: str, groups: Sequence[BarGroup], quantity: Quantity) -> Bars:
    """The picture of these groups."""
    laid, width = lay_out(groups)
    footnote = "whiskers: 95 % intervals"
    if scene.articles:
        footnote += f" · {ARTICLES_FOOTNOTE}"
    return Bars(
        **scene.frame(what, footnote),
        x=group_axis(laid),
        y=quantity_axis(scene, quantity, Scale.LINEAR),
        groups=laid,
        width=width,
        guides=group_guides(laid),
        base=1.0 if quantity.is_speedup else 0.0,
        notes=_notes(laid),
    )


def groups_of(scene: Scene, shape: Shape, quantity: Quantity) -> tuple[BarGroup, ...]:
    """A group per target; a baseline is no bar among speedups, for it is the line they stand on."""
    at = [row for row in scene.kernels if row.measurement.case.shape == shape]
    lines = lines_of(at, quantity)
    groups = []
    for target in scene.session.targets:
        own = [line for line in lines if line.target == target.id]
        made = [
            _bar(scene, line, quantity)
            for line in sorted(own, key=lambda line: scene.variants.index(line.variant))
            if not (quantity.is_speedup and line.points[0].row.is_baseline)
        ]
        if made:
            groups.append(
                BarGroup(two_lines(target.label), tuple(made), peers.at(scene, shape, target, quantity))
            )
    return tuple(groups)


def _bar(scene: Scene, line: Series, quantity: Quantity) -> Bar:
    point = line.points[0]
    note = "" if quantity.is_speedup else f"{units.digits(point.value)} {quantity.value}"
    if quantity is Quantity.CPU_SPEEDUP:
        note = f"by CPU seconds {units.speedup(point.value, point.low, point.high)}"
    figure = None
    if scene.articles and quantity is Quantity.SPEEDUP:
        figure = article_figure(scene.session, point.row, scene.baseline, scene.articles)
        note = f"{figure.words}, {figure.where}" if figure else note
    spot = Spot(0.0, point.value, point.row, point.low, point.high, note)
    text = units.times(point.value) if quantity.is_speedup else units.digits(point.value)
    return Bar((line.target, line.variant), spot, text, figure)


def two_lines(label: str) -> str:
    """``llvmpipe (Vulkan)`` with what tells it from others on a line of its own."""
    return label.replace(" (", "\n(", 1)


def one_line(label: str) -> str:
    """What ``two_lines`` broke, whole again, with what follows it."""
    return label.replace("\n(", " (").replace("\n", ", ")


def _notes(groups: Sequence[BarGroup]) -> dict[str, tuple[str, ...]]:
    """What the articles report, for the legend."""
    told: dict[str, dict[str, None]] = {}
    for group in groups:
        for bar in group.bars:
            if bar.figure:
                told.setdefault(bar.key[1], {})[f"{bar.figure.words} ({bar.figure.where})"] = None
    return {variant: tuple(words) for variant, words in told.items()}


MODE = Mode(
    "bars",
    "Bars",
    "Variants beside each other at one size, a group per target: which wins where?",
    make,
    (offer_quantity, choices.size),
    articles=True,
)
