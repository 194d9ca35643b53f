"""The shape of a problem, how people write it, and what can be said of several: their order, their names.

A shape is all of its dimensions: 2048x512, 512x2048 and 1024x1024 have as many elements and are three shapes.
"""

import math
import re
from collections.abc import Iterable, Mapping
from fractions import Fraction

from msgspec import Struct

from app.core.errors import UsageError


class Shape(Struct, frozen=True, order=True):
    """The dimensions of a problem; those that a workload does not have are None."""

    rows: int
    columns: int | None = None
    depth: int | None = None

    def __str__(self) -> str:
        return "x".join(str(size) for size in self.dimensions)

    @property
    def dimensions(self) -> tuple[int, ...]:
        """The sizes that this shape has, in the order rows, columns, depth."""
        return tuple(size for size in (self.rows, self.columns, self.depth) if size is not None)

    @property
    def square(self) -> bool:
        """Whether all its sides are equal: a square or a cube, and anything of one dimension."""
        return len(set(self.dimensions)) == 1

    @property
    def label(self) -> str:
        """``512`` for a square, ``32768x2048`` otherwise; among other shapes see ``names``."""
        return str(self.rows) if self.square else str(self)

    def called(self, text: str) -> bool:
        """Whether ``text`` is a name of this shape: ``512`` and ``512x512`` are both of one square."""
        return text in (self.label, str(self))

    @property
    def size(self) -> float:
        """The side of the square (or cube) with as many elements: a measure, which shapes may share.

        It is a place on an axis only where shapes are ``in_line``.
        """
        elements: int = math.prod(self.dimensions)
        return float(elements ** (1 / len(self.dimensions)))

    @property
    def order(self) -> tuple[float, tuple[int, ...]]:
        """What shapes are sorted by: their size, then their dimensions, so that no two share a place."""
        return (self.size, self.dimensions)


def in_order(shapes: Iterable[Shape]) -> tuple[Shape, ...]:
    """The shapes, each once, the small ones first; the same on every start."""
    return tuple(sorted(set(shapes), key=lambda shape: shape.order))


def in_line(shapes: Iterable[Shape]) -> bool:
    """Whether one figure orders the shapes, so that what lies between two of them means something.

    The dimensions that differ must do so by one and the same factor: so do squares, cubes and any shapes of
    one form, and shapes that differ in one dimension alone.
    """
    each = [shape.dimensions for shape in dict.fromkeys(shapes)]
    if len({len(dimensions) for dimensions in each}) > 1:
        return False
    growths = {tuple(Fraction(side, sides[0]) for side in sides) for sides in zip(*each, strict=True)}
    return len(growths - {(Fraction(1),) * len(each)}) <= 1


def names(shapes: Iterable[Shape]) -> dict[Shape, str]:
    """What to call the shapes beside each other: ``512`` where all are squares, else each in full."""
    known = in_order(shapes)
    short = all(shape.square for shape in known)
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
    grows = [a != b for a, b in zip(first.dimensions, last.dimensions, strict=True)]
    factor = (size / first.size) ** (len(grows) / sum(grows))
    sides = [
        f"{float(f'{side * factor:.3g}'):.10g}" if grow else str(side)
        for side, grow in zip(first.dimensions, grows, strict=True)
    ]
    short = all(name == str(shape.rows) for shape, name in line.items())
    return sides[0] if short else "x".join(sides)


LARGEST_DIMENSION = 1 << 24


def parse_shape(text: str, dimensions: int) -> Shape:
    """Read ``512`` (a square) or ``32768x2048`` as a shape with that many dimensions.

    Raises:
        UsageError: the text is no shape, or has another number of dimensions.
    """
    cleaned = text.strip().lower().replace("×", "x")
    if not re.fullmatch(r"\d{1,9}(x\d{1,9})*", cleaned, flags=re.ASCII):
        raise UsageError(f"size {text!r} is not a number such as 512 or a shape such as 32768x2048")
    sizes = [int(part) for part in cleaned.split("x")]
    if len(sizes) == 1:
        sizes *= dimensions
    if len(sizes) != dimensions:
        raise UsageError(f"size {text!r} has {len(sizes)} dimensions; this workload has {dimensions}")
    if not all(1 <= size <= LARGEST_DIMENSION for size in sizes):
        raise UsageError(f"size {text!r}: every dimension must lie between 1 and {LARGEST_DIMENSION}")
    return Shape(*sizes)
