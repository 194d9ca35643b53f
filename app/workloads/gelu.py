"""gelu: y = x (1 + erf(x / sqrt 2)) / 2, between the products of an encoder's feed-forward layer."""

import math
from functools import cache

import numpy as np

from app.core.kinds import NORMAL
from app.core.shape import Shape
from app.core.workload import Workload
from app.workloads.rows import blocks, elements, normal, over_rows, pointwise

_STEPS = 512
"""Exact values of erf in a unit; between them a cubic is off by 3e-13 at most."""

_END = 6
"""Beyond it erf is one in float64."""


@cache
def _nodes() -> tuple[np.ndarray, np.ndarray]:
    at = np.arange(_END * _STEPS + 2) / _STEPS
    return np.array([math.erf(x) for x in at]), 2 / math.sqrt(math.pi) * np.exp(-at * at) / _STEPS


def _erf(x: np.ndarray) -> np.ndarray:
    """erf by cubics between exact values and slopes (Hermite)."""
    values, slopes = _nodes()
    place = np.minimum(np.abs(x), _END) * _STEPS
    left = place.astype(np.int64)
    t = place - left
    first = values[left] + t * slopes[left]
    rise = values[left + 1] - values[left]
    bend = (3 - 2 * t) * rise - (2 - t) * slopes[left] - (1 - t) * slopes[left + 1]
    return np.asarray(np.copysign(first + t * t * bend, x))


def gelu(x: np.ndarray) -> np.ndarray:
    """The exact form, by erf; right to float64 whatever the type of ``x``."""
    return np.asarray(x * (1 + _erf(x / math.sqrt(2))) / 2)


WORKLOAD = Workload(
    name="gelu",
    title="GELU of each element",
    dimensions=("rows", "columns"),
    operand_shapes=lambda shape: (over_rows(shape),),
    inputs=lambda shape, seed, kind=NORMAL: normal(shape, seed, kind, 1),
    reference=lambda operands: blocks(gelu, operands[0]),
    # NumPy has no erf.
    native=None,
    # Half of x, one more than erf, their product; erf itself is no such count.
    flops=lambda shape: 3 * elements(shape),
    bytes=lambda shape, element: elements(shape) * (element + 4),
    activations=lambda shape, element: elements(shape) * element,
    tolerance=pointwise,
    # Where erf nears -1, what is left of x is rounded as x is.
    magnitudes=lambda operands: np.abs(operands[0], dtype=np.float64),
    default_shapes=tuple(Shape(n, n) for n in (128, 256, 512, 1024, 2048)),
    odd=(Shape(1, 1), Shape(3, 5), Shape(70, 131)),
    presets={"minilm-l6-ffn": Shape(512, 1536)},
)
