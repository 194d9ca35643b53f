"""Pictures of grouped bars, and how the groups are laid out beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

from app.charts.peers import levels
from app.charts.picture import Axis, Guide, Key, Picture, Scale, Spot
from app.core.articles import Figure


@dataclass(frozen=True)
class Bar:
    """A bar from the picture's base to its spot's y; ``figure`` is what an article reports for it."""

    key: Key
    spot: Spot
    text: str
    figure: Figure | None = None


@dataclass(frozen=True)
class BarGroup:
    """Bars that stand together, and how high libraries are beside them, by name."""

    label: str
    bars: tuple[Bar, ...]
    peers: tuple[tuple[str, float], ...] = ()


APART = 0.25
"""Room between groups, as a part of the fullest one."""

FEWEST = 6.0
"""Bars for which there is room: one alone need not fill it."""


@dataclass(frozen=True, kw_only=True)
class Bars(Picture):
    """Grouped bars; each spot's x is where its bar stands. Made by ``bars``.

    They are ``dots`` where an axis has no place for a bar to begin, as a logarithmic one of times.
    """

    groups: tuple[BarGroup, ...]
    width: float
    dots: bool = False

    @cached_property
    def bars(self) -> tuple[Bar, ...]:
        """All bars from left to right."""
        return tuple(bar for group in self.groups for bar in group.bars)

    @cached_property
    def spots(self) -> tuple[Spot, ...]:
        """The bars' spots."""
        return tuple(bar.spot for bar in self.bars)

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """The bars' keys."""
        return self.in_order(bar.key for bar in self.bars)

    def y_reach(self) -> tuple[float, float]:
        """The reach from where the bars stand up, with room for the figures at their ends."""
        low, high = super().y_reach()
        base = low if self.base is None else self.y.scale.place(self.base)
        low, room = min(low, base), 0.14 * (high - min(low, base))
        return low - (room if low < base - room else 0.0), high + room

    def without(self, hidden: frozenset[Key]) -> Self:
        """The picture without some bars, the others closed up."""
        if not hidden:
            return self
        left = [
            replace(group, bars=tuple(bar for bar in group.bars if bar.key not in hidden))
            for group in self.groups
        ]
        groups, width = lay_out([group for group in left if group.bars])
        return replace(self, groups=groups, width=width, x=group_axis(groups), guides=group_guides(groups))


def lay_out(groups: Sequence[BarGroup]) -> tuple[tuple[BarGroup, ...], float]:
    """The groups with every bar at its place, side by side, and the width of a bar.

    Variants that a group lacks leave no hole, and a group of few bars takes little room.
    """
    most = max((len(group.bars) for group in groups), default=1)
    gap = 1.0 + most * APART
    laid, x = [], 0.0
    for group in groups:
        bars = (replace(bar, spot=replace(bar.spot, x=x + i)) for i, bar in enumerate(group.bars))
        laid.append(replace(group, bars=tuple(bars)))
        x += len(group.bars) - 1 + gap
    return tuple(laid), 1.0


def group_guides(groups: Sequence[BarGroup]) -> tuple[Guide, ...]:
    """Over each group that is laid out the libraries beside it; over all, where these are alike."""
    highest = max((bar.spot.y for group in groups for bar in group.bars), default=1.0)
    if groups and len({group.peers for group in groups}) == 1 and (span := group_axis(groups).span):
        return tuple(levels(groups[0].peers, *span, highest))
    return tuple(
        guide
        for group in groups
        for guide in levels(group.peers, group.bars[0].spot.x - 0.5, group.bars[-1].spot.x + 0.5, highest)
    )


def group_axis(groups: Sequence[BarGroup]) -> Axis:
    """The x axis under groups of bars that are laid out."""
    xs = [bar.spot.x for group in groups for bar in group.bars] or [0.0]
    air = 0.5 + APART * max((len(group.bars) for group in groups), default=1)
    ticks = tuple(((g.bars[0].spot.x + g.bars[-1].spot.x) / 2, g.label) for g in groups)
    air = max(air, (FEWEST - (max(xs) - min(xs))) / 2)
    return Axis("", Scale.LINEAR, ticks=ticks, named=True, span=(min(xs) - air, max(xs) + air))
