"""Workloads: a mathematical problem that owns its inputs, its reference and its counts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from math import pi
from typing import Protocol

import numpy as np

from app.core.graph import Model
from app.core.kinds import NORMAL
from app.core.shape import Configs, Shape, parse_shape

Operands = tuple[np.ndarray, ...]


class Inputs(Protocol):
    """Makes float32 operands; ``kind`` is one of ``app.core.kinds.OPERANDS``, see ``app.core.operands``."""

    def __call__(self, shape: Shape, seed: int, kind: str = NORMAL) -> Operands: ...


class Tolerance(Protocol):
    """The relative L2 error within which a kernel with these types of products and sums is right.

    ``condition`` is how many times larger the answer's norm would be if no term had a sign: that of
    ``|A| |x|`` over that of ``A x``. ``growth`` is how many times larger than the operands' products the
    terms are that the kernel adds up, because of zero points.
    """

    def __call__(
        self, compute: str, sums: str, shape: Shape, condition: float = 1.0, growth: float = 1.0
    ) -> float: ...


class Probe(Enum):
    """What a workload can tell of a target: ``app.machine.ceilings`` chooses the shapes."""

    READ = "reading memory"
    COPY = "copying memory"
    ARITHMETIC = "multiply-adds"
    PRODUCT = "multiply-adds where no kernel is made of them alone"
    LINK = "the way to the target and back"


@dataclass(frozen=True, eq=False)
class Workload:
    """A problem with a shape; everything about it that does not depend on who computes it.

    ``inputs(shape, seed, kind)`` gives float32 operands of the shapes that ``operand_shapes(shape)`` names;
    ``reference(operands)`` the float64 answer; ``native(operands)`` NumPy's own float32 answer, None where
    NumPy has none worth showing.
    ``flops(shape)`` counts multiplications and additions; ``bytes(shape, bytes_per_element)`` the least
    traffic that reads each operand and writes the answer once. ``activations`` counts the bytes of the
    operands that change from call to call; the others are weights, which a page uploads once.
    ``tolerance`` is explained at its type and at ``rounding``; ``magnitudes(operands)`` is what an element's
    rounding error grows with, None where that is the answer on operands without signs. ``presets`` are shapes
    that people know by a name, ``configs`` names for the last sizes of shapes (``Shape.config``). ``odd`` are
    shapes that fit no tile, at which kernels are checked; those of ``app.measure.crooked`` where there are
    none. ``probes`` is the ceiling that it tells of a target, None where it tells none. ``model`` makes
    operators of it; its variants are recipes then (``app.catalog.models``).
    """

    name: str
    title: str
    dimensions: tuple[str, ...]
    operand_shapes: Callable[[Shape], tuple[tuple[int, ...], ...]]
    inputs: Inputs
    reference: Callable[[Operands], np.ndarray]
    native: Callable[[Operands], np.ndarray] | None
    flops: Callable[[Shape], int]
    bytes: Callable[[Shape, float], float]
    tolerance: Tolerance
    magnitudes: Callable[[Operands], np.ndarray] | None = None
    activations: Callable[[Shape, float], float] | None = None
    default_shapes: tuple[Shape, ...] = ()
    presets: Mapping[str, Shape] = field(default_factory=dict)
    probes: Probe | None = None
    configs: Configs = field(default_factory=dict)
    odd: tuple[Shape, ...] = ()
    model: Model | None = None

    def shape(self, text: str) -> Shape:
        """The shape that people call ``text``: a preset, sizes, or a config with the sizes it leaves open.

        Raises:
            UsageError: there is none, or the problem has no such shape.
        """
        found = self.presets.get(text.strip())
        found = found or parse_shape(text, len(self.dimensions), self.configs)
        self.operand_shapes(found)
        return found

    @property
    def has_operands(self) -> bool:
        """Whether it reads arrays, which a cache may hold, and no mere number."""
        if self.model:
            return True
        one = Shape(*[1] * len(self.dimensions))
        return self.bytes(one, 1.0) > self.bytes(one, 0.0)


def rounding(compute: str, sums: str, terms: int, condition: float = 1.0, growth: float = 1.0) -> float:
    """The tolerance for an inner product of ``terms`` terms; the other arguments are those of ``Tolerance``.

    An element's error is within a multiple of ``u sum |a_i| |x_i|`` (Higham, Accuracy and Stability of
    Numerical Algorithms, 3.1), which grows like the square root of the length where rounding errors are
    random (2.6 and 4.2). Random terms of either sign cancel as random walks do, and so do the errors on the
    way: there ``u sqrt(n)`` remains of it. Terms that cancel more than twice as much as those may do so in
    any order, so their partial sums may be as large as half of all magnitudes. Integer sums are exact, and
    only decoding rounds. The factors leave room for the order of summation, not for a missing term.
    """
    products = 6 * UNIT_ROUNDOFF["f16"] if compute == "f16" else 0.0
    total = growth * UNIT_ROUNDOFF.get(sums, UNIT_ROUNDOFF["f32"]) * terms**0.5
    excess = max(1.0, condition / (2 / pi * terms**0.5))
    total *= excess if excess <= MOST_OF_CHANCE else max(excess, condition / 2)
    return float(max(1e-5, excess * products, total))


MOST_OF_CHANCE = 2.0
"""How many times more than random terms the terms may cancel and still pass for random ones."""

UNIT_ROUNDOFF = {"f16": 2.0**-11, "f32": 2.0**-24, "f64": 2.0**-53}

BYTES_PER_ELEMENT = {
    "f64": 8.0,
    "f32": 4.0,
    "f16": 2.0,
    "bf16": 2.0,
    "i32": 4.0,
    "u32": 4.0,
    "i16": 2.0,
    "u16": 2.0,
    "u8": 1.0,
    "i8": 1.0,
    "q4": 4.5 / 8,
}
