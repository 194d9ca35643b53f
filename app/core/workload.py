"""Workloads: a mathematical problem that owns its inputs, its reference and its counts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

import numpy as np

from app.core.shape import Shape

Operands = tuple[np.ndarray, ...]

OPERANDS = ("normal", "outliers")
"""Kinds of operands: normal figures, or the heavy-tailed channels and rows that layers of models have."""


class Probe(Enum):
    """What a workload can tell of a target: ``app.profile.ceilings`` chooses the shapes."""

    READ = "reading memory"
    COPY = "copying memory"
    ARITHMETIC = "multiply-adds"
    PRODUCT = "multiply-adds where no kernel is made of them alone"
    LINK = "the way to the target and back"


@dataclass(frozen=True, eq=False)
class Workload:
    """A problem with a shape; everything about it that does not depend on who computes it.

    ``inputs(shape, seed)`` gives float32 operands; ``reference(operands)`` the float64 answer;
    ``native(operands)`` NumPy's own float32 answer, None where NumPy has none worth showing.
    ``flops(shape)`` counts multiplications and additions; ``bytes(shape, bytes_per_element)`` the least
    traffic that reads each operand and writes the answer once. ``activations`` counts the bytes of the
    operands that change from call to call; the others are weights, which a page uploads once.
    ``tolerance(compute, sums, shape)`` gives the relative L2 error within which a kernel with these types of
    products and sums is right; see ``rounding``. ``presets`` are shapes that people know by a name.
    ``probes`` is the ceiling that it tells of a target, None where it tells none.
    """

    name: str
    title: str
    dimensions: tuple[str, ...]
    inputs: Callable[[Shape, int], Operands]
    reference: Callable[[Operands], np.ndarray]
    native: Callable[[Operands], np.ndarray] | None
    flops: Callable[[Shape], int]
    bytes: Callable[[Shape, float], float]
    tolerance: Callable[[str, str, Shape], float]
    activations: Callable[[Shape, float], float] | None = None
    default_shapes: tuple[Shape, ...] = ()
    presets: Mapping[str, Shape] = field(default_factory=dict)
    probes: Probe | None = None

    @property
    def has_operands(self) -> bool:
        """Whether it reads arrays, which a cache may hold, and no mere number."""
        one = Shape(1, 1, 1)
        return self.bytes(one, 1.0) > self.bytes(one, 0.0)


def rounding(compute: str, sums: str, terms: int) -> float:
    """The tolerance for an inner product of ``terms`` random terms of either sign.

    Rounding errors of a sum grow like the square root of its length times the unit roundoff (Higham, Accuracy
    and Stability of Numerical Algorithms, 2.6 and 4.2); integer sums are exact, and only decoding rounds. The
    factors leave room for the order of summation, not for a missing term.
    """
    products = UNIT_ROUNDOFF.get(compute, 0.0)
    total = UNIT_ROUNDOFF.get(sums, UNIT_ROUNDOFF["f32"])
    return max(1e-5, 6 * products if compute == "f16" else 0.0, float(total * terms**0.5))


UNIT_ROUNDOFF = {"f16": 2.0**-11, "f32": 2.0**-24, "f64": 2.0**-53}

BYTES_PER_ELEMENT = {"f64": 8.0, "f32": 4.0, "f16": 2.0, "bf16": 2.0, "i32": 4.0, "u8": 1.0, "i8": 1.0}
