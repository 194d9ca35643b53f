"""The shape of a problem, and how people write it."""

import math
import re

from msgspec import Struct

from app.core.errors import KernelscopeError


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
    def label(self) -> str:
        """``512`` for a square, ``32768x2048`` otherwise: what axes and tables print."""
        return str(self.rows) if len(set(self.dimensions)) == 1 else str(self)

    @property
    def size(self) -> float:
        """The side of the square (or cube) with as many elements: the place on a size axis."""
        elements: int = math.prod(self.dimensions)
        return float(elements ** (1 / len(self.dimensions)))


LARGEST_DIMENSION = 1 << 24


def parse_shape(text: str, dimensions: int) -> Shape:
    """Read ``512`` (a square) or ``32768x2048`` as a shape with that many dimensions.

    Raises:
        KernelscopeError: the text is no shape, or has another number of dimensions.
    """
    cleaned = text.strip().lower().replace("×", "x")
    if not re.fullmatch(r"\d{1,9}(x\d{1,9})*", cleaned, flags=re.ASCII):
        raise KernelscopeError(f"size {text!r} is not a number such as 512 or a shape such as 32768x2048")
    sizes = [int(part) for part in cleaned.split("x")]
    if len(sizes) == 1:
        sizes *= dimensions
    if len(sizes) != dimensions:
        raise KernelscopeError(f"size {text!r} has {len(sizes)} dimensions; this workload has {dimensions}")
    if not all(1 <= size <= LARGEST_DIMENSION for size in sizes):
        raise KernelscopeError(f"size {text!r}: every dimension must lie between 1 and {LARGEST_DIMENSION}")
    return Shape(*sizes)
