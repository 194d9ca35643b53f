"""The shape of a problem, how people write it, and what can be said of several: their order, their names.

A shape is all of its dimensions: 2048x512, 512x2048 and 1024x1024 have as many elements and are three shapes.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from app.core.errors import UsageError


@dataclass(frozen=True, order=True, init=False, slots=True)
class Shape:
    """The sizes of a problem, as many as its workload names (``Workload.dimensions``).

    A ``config`` is a name for the last ``fixed`` of them, such as a model's heads: ``minilm:512``. What is
    computed is the same without it, so shapes that differ in nothing else are equal.
    """

    sizes: tuple[int, ...]
    config: str = field(default="", compare=False)
    fixed: int = field(default=0, compare=False)

    def __init__(self, *sizes: int, config: str = "", fixed: int = 0) -> None:
        for name, value in (("sizes", sizes), ("config", config), ("fixed", fixed)):
            object.__setattr__(self, name, value)

    def __str__(self) -> str:
        return "x".join(map(str, self.sizes))

    @property
    def rows(self) -> int:
        """The first size."""
        return self.sizes[0]

    @property
    def columns(self) -> int | None:
        """The second size; None where there is none."""
        return self.sizes[1] if len(self.sizes) > 1 else None

    @property
    def depth(self) -> int | None:
        """The third size; None where there is none."""
        return self.sizes[2] if len(self.sizes) > 2 else None

    @property
    def free(self) -> tuple[int, ...]:
        """The sizes that no config fixes."""
        return self.sizes[: len(self.sizes) - self.fixed]

    @property
    def square(self) -> bool:
        """Whether all its sides are equal: a square or a cube, and anything of one dimension."""
        return len(set(self.sizes)) == 1

    @property
    def label(self) -> str:
        """``512`` for a square, ``minilm:512`` with a config, ``32768x2048`` otherwise.

        Among other shapes see ``names``.
        """
        if self.config:
            return f"{self.config}:{'x'.join(map(str, self.free))}"
        return str(self.rows) if self.square else str(self)

    def called(self, text: str) -> bool:
        """Whether ``text`` is a name of this shape: ``512`` and ``512x512`` are both of one square."""
        return text in (self.label, str(self))

    @property
    def size(self) -> float:
        """The side of the square (or cube) with as many elements: a measure, which shapes may share.

        It is a place on an axis only where shapes are ``in_line``.
        """
        return float(math.prod(self.sizes) ** (1 / len(self.sizes)))

    @property
    def order(self) -> tuple[float, tuple[int, ...]]:
        """What shapes are sorted by: their size, then their sides, so that no two share a place."""
        return (self.size, self.sizes)


def in_order(shapes: Iterable[Shape]) -> tuple[Shape, ...]:
    """The shapes, each once, the small ones first; the same on every start."""
    return tuple(sorted(set(shapes), key=lambda shape: shape.order))


def in_line(shapes: Iterable[Shape]) -> bool:
    """Whether one figure orders the shapes, so that what lies between two of them means something.

    The dimensions that differ must do so by one and the same factor: so do squares, cubes and any shapes of
    one form, and shapes that differ in one dimension alone.
    """
    each = [shape.sizes for shape in dict.fromkeys(shapes)]
    if len({len(sizes) for sizes in each}) > 1:
        return False
    growths = {tuple(Fraction(side, sides[0]) for side in sides) for sides in zip(*each, strict=True)}
    return len(growths - {(Fraction(1),) * len(each)}) <= 1


def names(shapes: Iterable[Shape]) -> dict[Shape, str]:
    """What to call the shapes beside each other: in short where all are squares or have configs."""
    known = in_order(shapes)
    short = all(shape.square or shape.config for shape in known)
    return {shape: shape.label if short else str(shape) for shape in known}


def names_by_workload(shapes: Iterable[tuple[str, Shape]]) -> dict[tuple[str, Shape], str]:
    """What to call the shapes of each workload, which the first of a pair names, beside each other."""
    found: dict[str, list[Shape]] = {}
    for workload, shape in dict.fromkeys(shapes):
        found.setdefault(workload, []).append(shape)
    return {(workload, shape): name for workload, own in found.items() for shape, name in names(own).items()}


def name_on_line(line: Mapping[Shape, str], size: float) -> str:
    """What a shape of this size would be called among shapes that are ``in_line``, given with their names.

    ``703`` between squares, ``1024x703`` between others.
    """
    first, *_, last = line
    grows = [a != b for a, b in zip(first.sizes, last.sizes, strict=True)]
    factor = (size / first.size) ** (len(grows) / sum(grows))
    sides = [
        f"{float(f'{side * factor:.3g}'):.10g}" if grow else str(side)
        for side, grow in zip(first.sizes, grows, strict=True)
    ]
    if all(shape.config and name == shape.label for shape, name in line.items()):
        return f"{first.config}:{'x'.join(sides[: len(first.free)])}"
    short = all(name == str(shape.rows) for shape, name in line.items())
    return sides[0] if short else "x".join(sides)


LARGEST_DIMENSION = 1 << 24


Configs = Mapping[str, tuple[int, ...]]
"""The last sizes of a shape by the name that people know them by."""


def parse_shape(text: str, dimensions: int, configs: Configs | None = None) -> Shape:
    """Read ``512`` (a square) or ``32768x2048`` as a shape with that many dimensions.

    Where there are ``configs``, ``minilm:512`` gives the sizes that this one leaves open, and ``512`` those
    that the first leaves.

    Raises:
        UsageError: the text is no shape, or has another number of dimensions.
    """
    cleaned = text.strip().replace("×", "x")
    config, _, written = cleaned.rpartition(":")
    written = written.lower()
    if not re.fullmatch(r"\d{1,9}(x\d{1,9})*", written, flags=re.ASCII):
        raise UsageError(f"size {text!r} is not a number such as 512 or a shape such as 32768x2048")
    if config and config not in (configs or {}):
        known = f"there are: {', '.join(configs)}" if configs else "this workload has none"
        raise UsageError(f"size {text!r}: no config {config!r}; {known}")
    sizes = [int(part) for part in written.split("x")]
    if configs and not config and len(sizes) < dimensions:
        config = next(iter(configs))
    fixed = configs[config] if configs and config else ()
    if len(sizes) == 1:
        sizes *= dimensions - len(fixed)
    if len(sizes) != dimensions - len(fixed):
        open_ = f"{dimensions - len(fixed)} beside its config" if fixed else dimensions
        raise UsageError(f"size {text!r} has {len(sizes)} dimensions; this workload has {open_}")
    if not all(1 <= size <= LARGEST_DIMENSION for size in sizes):
        raise UsageError(f"size {text!r}: every dimension must lie between 1 and {LARGEST_DIMENSION}")
    return Shape(*sizes, *fixed, config=config, fixed=len(fixed))
