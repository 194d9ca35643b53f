"""rmsnorm: y = x gain / sqrt(mean of x x + eps) over each row, before every block of a decoder."""

import numpy as np

from app.core.kinds import NORMAL
from app.core.operands import of_kind
from app.core.shape import Shape
from app.core.workload import Operands, Workload
from app.workloads.rows import blocks, elements, gains, over_rows, within

EPSILON = 1e-5


def _inputs(shape: Shape, seed: int, kind: str = NORMAL) -> Operands:
    """The gain (columns,), near one, and x (rows, columns), normal; float32."""
    rows, columns = over_rows(shape)
    random = np.random.default_rng([seed, rows, columns])
    x = random.standard_normal((rows, columns), dtype=np.float32)
    return (gains(random, columns), *of_kind(kind, random, x))


def _normed(gain: np.ndarray, x: np.ndarray) -> np.ndarray:
    scale = np.sqrt(np.mean(x * x, axis=1, keepdims=True) + x.dtype.type(EPSILON))
    answer: np.ndarray = x / scale
    answer *= gain
    return answer


WORKLOAD = Workload(
    name="rmsnorm",
    title="RMS norm of each row",
    dimensions=("rows", "columns"),
    operand_shapes=lambda shape: ((over_rows(shape)[1],), over_rows(shape)),
    inputs=_inputs,
    reference=lambda operands: blocks(lambda x: _normed(operands[0].astype(np.float64), x), operands[1]),
    native=lambda operands: _normed(*operands),
    # A square, its addition, the products with scale and gain.
    flops=lambda shape: 4 * elements(shape),
    bytes=lambda shape, element: elements(shape) * (element + 4) + 4 * over_rows(shape)[1],
    activations=lambda shape, element: elements(shape) * element,
    tolerance=within,
    default_shapes=tuple(Shape(n, n) for n in (128, 256, 512, 1024, 2048)),
    odd=(Shape(1, 1000), Shape(257, 1), Shape(70, 131)),
    presets={
        "llama-3-8b-prompt": Shape(512, 4096),
        "llama-3-8b-word": Shape(1, 4096),
        "llama-3.2-1b-prompt": Shape(512, 2048),
        "gemma-2b-prompt": Shape(128, 2048),
    },
)
