"""transfer: bytes between host and target, unchanged; what a GPU result costs beside the kernel."""

import numpy as np

from app.core.shape import Shape
from app.core.workload import Operands, Probe, Workload


def _inputs(shape: Shape, seed: int) -> Operands:
    """x (rows,), float32, normal, every value another one."""
    return (np.random.default_rng([seed, shape.rows]).standard_normal(shape.rows, dtype=np.float32),)


WORKLOAD = Workload(
    name="transfer",
    title="Transfer of n numbers",
    dimensions=("rows",),
    inputs=_inputs,
    reference=lambda operands: operands[0].astype(np.float64),
    native=None,
    flops=lambda shape: 0,
    bytes=lambda shape, element: shape.rows * element,
    tolerance=lambda compute, sums, shape: 0.0,
    default_shapes=tuple(Shape(1 << bits) for bits in (8, 12, 16, 20, 22)),
    probes=Probe.LINK,
)
