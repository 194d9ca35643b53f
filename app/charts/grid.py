"""Heat maps: fields with figures, by two names each."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from app.charts.picture import Axis, Picture, Scale, Spot


class Tones(StrEnum):
    """How colours tell values: away from 1 to both sides, or from the lowest, the best, upwards."""

    BOTH_WAYS = "both ways"
    ONE_WAY = "one way"


@dataclass(frozen=True)
class Cell:
    """A field of a heat map at its spot's x and y; without a ``value`` its text says why there is none.

    ``marked`` is the one that won; ``under`` stands below its figure where there is room.
    """

    spot: Spot
    value: float | None
    text: str
    marked: bool = False
    under: str = ""


@dataclass(frozen=True, kw_only=True)
class Grid(Picture):
    """A heat map."""

    cells: tuple[Cell, ...]
    tones: Tones = Tones.BOTH_WAYS

    @cached_property
    def spots(self) -> tuple[Spot, ...]:
        """Row by row."""
        return tuple(cell.spot for cell in self.cells)


def name_axis(title: str, names: Sequence[str], downwards: bool = False) -> Axis:
    """An axis of a heat map: name i lies at i, or at -i where the first is to be on top."""
    sign = -1.0 if downwards else 1.0
    last = max(1, len(names))
    span = (0.5 - last, 0.5) if downwards else (-0.5, last - 0.5)
    ticks = tuple((sign * i, name) for i, name in enumerate(names))
    return Axis(title, Scale.LINEAR, ticks=ticks, named=True, span=span)
