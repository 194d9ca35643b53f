"""Workloads: a mathematical problem that owns its inputs, its reference and its counts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from app.core.shape import Shape

Operands = tuple[np.ndarray, ...]


@dataclass(frozen=True, eq=False)
class Workload:
    """A problem with a shape; everything about it that does not depend on who computes it.

    ``inputs(shape, seed)`` gives float32 operands; ``reference(operands)`` the float64 answer;
    ``native(operands)`` NumPy's own float32 answer. ``flops(shape)`` counts multiplications and additions;
    ``bytes(shape, bytes_per_element)`` the least traffic that reads each operand and writes the answer once.
    ``tolerance`` gives, for a type of arithmetic, the relative L2 error within which a kernel is right.
    """

    name: str
    title: str
    dimensions: tuple[str, ...]
    inputs: Callable[[Shape, int], Operands]
    reference: Callable[[Operands], np.ndarray]
    native: Callable[[Operands], np.ndarray]
    flops: Callable[[Shape], int]
    bytes: Callable[[Shape, float], float]
    tolerance: Mapping[str, float]
    default_shapes: tuple[Shape, ...] = ()
    presets: Mapping[str, Shape] = field(default_factory=dict)


BYTES_PER_ELEMENT = {"f64": 8.0, "f32": 4.0, "f16": 2.0, "bf16": 2.0, "u8": 1.0, "i8": 1.0}
