"""Pictures: charts as plain data, what to draw and what to write beside it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from math import log2, log10
from typing import Self

from app.core.measurement import Measurement
from app.figures import units
from app.findings.rows import Row

Key = tuple[str, str]
"""Target id and variant name: what a line, a bar or a mark is called by."""


class Scale(StrEnum):
    """How values lie on an axis; a place is where one comes to lie."""

    LINEAR = "linear"
    LOG2 = "log2"
    LOG10 = "log10"

    def place(self, value: float) -> float:
        """The place of ``value``; logarithmic scales have no place for 0 and below."""
        return value if self is Scale.LINEAR else log2(value) if self is Scale.LOG2 else log10(value)

    def at(self, place: float) -> float:
        """The value that lies there."""
        if self is Scale.LINEAR:
            return place
        return float((2.0 if self is Scale.LOG2 else 10.0) ** place)


@dataclass(frozen=True)
class Axis:
    """A direction of a picture.

    ``words`` turns a value into a tick's text. ``ticks`` are values with labels of their own; ``named`` ones
    are names, of which all are shown. ``always`` are values that show whatever else does, ``span`` the places
    from which to which it reaches where data have no say, and ``air`` the least room at either end.
    """

    title: str
    scale: Scale = Scale.LOG2
    words: Callable[[float], str] = units.plain
    ticks: tuple[tuple[float, str], ...] = ()
    named: bool = False
    always: tuple[float, ...] = ()
    span: tuple[float, float] | None = None
    air: float = 0.12

    def reach(self, values: Iterable[float]) -> tuple[float, float]:
        """The places that show all of these values."""
        if self.span:
            return self.span
        given = (*values, *self.always, *(value for value, _ in self.ticks))
        places = [self.scale.place(v) for v in given] or [0.0, 4.0]
        low, high = min(places), max(places)
        air = max(self.air, 0.05 * (high - low))
        return low - air, high + air


@dataclass(frozen=True)
class Spot:
    """Something that can be pointed at; ``low`` and ``high`` are its 95 % interval along y, if it has one.

    ``row`` is None where no case of the session stands behind it; ``results`` are then what it is made of.
    ``note`` is what the read-out says first, ``name`` what stands beside it, ``tip`` what does while it is
    pointed at. ``flagged`` is to stand out, such as an outlier; what is not ``sure`` is drawn hollow. A
    ``large`` mark is 1, smaller ones parts of it.
    """

    x: float
    y: float
    row: Row | None = None
    low: float | None = None
    high: float | None = None
    note: str = ""
    name: str = ""
    tip: str = ""
    flagged: bool = False
    sure: bool = True
    large: float = 1.0
    results: tuple[Measurement, ...] = ()


@dataclass(frozen=True)
class Guide:
    """A line that nobody measured point by point, such as what could be; ``at`` says where its label stands.

    0 is its beginning and 1 its end; a label stands above the line and left of there, or ``below`` and right.
    """

    label: str
    places: tuple[tuple[float, float], ...]
    at: float = 1.0
    below: bool = False


@dataclass(frozen=True)
class Band:
    """A range of y that somebody else reports, laid beneath everything."""

    label: str
    low: float
    high: float


@dataclass(frozen=True)
class Region:
    """An area that its label names, shaded beneath everything; ``light`` ones less."""

    label: str
    places: tuple[tuple[float, float], ...]
    at: tuple[float, float]
    light: bool = False


@dataclass(frozen=True, kw_only=True)
class Picture:
    """What every kind of picture has.

    ``targets`` and ``variants`` are all that there could be, in an order that fixes looks while a picture
    fills; ``notes`` stand under a variant in the legend of an exported picture. ``remark`` says in words what
    the picture shows, and ``base`` the value from which things are told: bars stand on it; ``bases`` are the
    rows that speedups are over. ``created`` is the session's. What is ``named`` needs no legend.
    """

    title: str
    caption: str
    footer: str
    created: str = ""
    named: bool = False
    bases: tuple[Row, ...] = ()
    remark: str = ""
    x: Axis
    y: Axis
    targets: tuple[str, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    variants: tuple[str, ...] = ()
    guides: tuple[Guide, ...] = ()
    bands: tuple[Band, ...] = ()
    regions: tuple[Region, ...] = ()
    base: float | None = None
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def spots(self) -> tuple[Spot, ...]:
        """All that can be pointed at, in the order in which the arrow keys walk."""
        raise NotImplementedError

    @property
    def keys(self) -> tuple[Key, ...]:
        """What can be told apart in it."""
        return ()

    @property
    def listed(self) -> tuple[Key, ...]:
        """What a legend lists: nothing of what is named in place."""
        return () if self.named else self.keys

    def in_order(self, keys: Iterable[Key]) -> tuple[Key, ...]:
        """Each key once, by target and variant; those that the picture does not know of come last."""
        targets = {target: i for i, target in enumerate(self.targets)}
        variants = {variant: i for i, variant in enumerate(self.variants)}
        last = len(targets) + len(variants)
        return tuple(
            sorted(dict.fromkeys(keys), key=lambda k: (targets.get(k[0], last), variants.get(k[1], last)))
        )

    def without(self, hidden: frozenset[Key]) -> Self:
        """The picture with these left out."""
        return self

    def x_reach(self) -> tuple[float, float]:
        """The places on the x axis that show everything."""
        guides = [x for guide in self.guides for x, _ in guide.places]
        return self.x.reach([*(spot.x for spot in self.spots), *guides])

    def y_reach(self) -> tuple[float, float]:
        """The places on the y axis that show everything, intervals too."""
        ends = [v for s in self.spots for v in (s.y, s.low or s.y, s.high or s.y)]
        guides = [y for guide in self.guides for _, y in guide.places]
        bands = [v for band in self.bands for v in (band.low, band.high)]
        return self.y.reach([*ends, *guides, *bands])


@dataclass(frozen=True)
class Curve:
    """The spots of one key, ``joined`` by a line, in a ``panel``; ``quiet`` as context or a ``reference``."""

    key: Key
    spots: tuple[Spot, ...]
    joined: bool = True
    quiet: bool = False
    panel: str = ""
    reference: bool = False


@dataclass(frozen=True, kw_only=True)
class Lines(Picture):
    """Curves and scattered marks, in as many panels as the curves name; all share their axes."""

    curves: tuple[Curve, ...]

    @cached_property
    def parts(self) -> tuple[tuple[str, Self], ...]:
        """The panels: a heading for each, which is empty where there is but one, and what it shows."""
        place = {key: i for i, key in enumerate(self.keys)}
        panels = dict.fromkeys(c.panel for c in sorted(self.curves, key=lambda curve: place[curve.key]))
        if not any(panels):
            rest = sum(curve.quiet for curve in self.curves) if self.named else 0
            return ((_in_grey(rest), self),)
        found = []
        for panel in panels:
            own = tuple(replace(curve, panel="") for curve in self.curves if curve.panel == panel)
            rest = sum(curve.quiet and not curve.reference for curve in own)
            targets = tuple(t for t in self.targets if any(curve.key[0] == t for curve in own))
            heading = "  ·  ".join(filter(None, (panel, _in_grey(rest))))
            # What is said of the whole is none of its business: it is another only where it looks otherwise.
            part = replace(self, curves=own, targets=targets, title="", remark="", bases=())
            found.append((heading, part))
        return tuple(found)

    def name_of(self, curve: Curve) -> str:
        """Its variant, target or both, as far as curves differ; baselines of several targets are one line."""
        label = self.labels.get(curve.key[0], curve.key[0])
        if curve.reference:
            return f"{curve.key[1]}, {label}"
        targets, variants = map(set, zip(*(c.key for c in self.curves if not c.reference), strict=True))
        if len(targets) < 2:
            return curve.key[1]
        if self.base is not None and all(s.row and s.row.is_baseline for s in curve.spots):
            return ""
        return label if len(variants) < 2 else f"{curve.key[1]}, {label}"

    @cached_property
    def spots(self) -> tuple[Spot, ...]:
        """Curve by curve."""
        return tuple(spot for curve in self.curves for spot in curve.spots)

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """The curves' keys, in the order of targets and variants."""
        return self.in_order(curve.key for curve in self.curves)

    @property
    def listed(self) -> tuple[Key, ...]:
        """A legend leaves out what is only context."""
        return () if self.named else self.in_order(curve.key for curve in self.curves if not curve.quiet)

    def without(self, hidden: frozenset[Key]) -> Self:
        """The picture without some curves."""
        if not hidden:
            return self
        return replace(self, curves=tuple(curve for curve in self.curves if curve.key not in hidden))


def _in_grey(count: int) -> str:
    return f"{count} more in grey" if count else ""


@dataclass(frozen=True)
class Empty:
    """Why there is no picture, and what to do; ``action`` names what one click on ``button`` would do."""

    heading: str
    advice: str
    action: str = ""
    button: str = ""
