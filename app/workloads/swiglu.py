"""swiglu: y = gate sigmoid(gate) up, between the products of a decoder's feed-forward layer."""

import numpy as np

from app.core.kinds import NORMAL
from app.core.shape import Shape
from app.core.workload import Operands, Workload
from app.workloads.rows import elements, gated, normal, over_rows, pointwise


def _swiglu(gate: np.ndarray, up: np.ndarray) -> np.ndarray:
    answer = gated(gate, -gate)
    answer *= up
    return answer


def _reference(operands: Operands) -> np.ndarray:
    gate, up = operands
    return _swiglu(gate.astype(np.float64), up.astype(np.float64))


def _magnitudes(operands: Operands) -> np.ndarray:
    """The answer's sizes, and more where the gate is negative: exp is off by as many last places."""
    return np.asarray(np.abs(_reference(operands)) * (1 + np.maximum(-operands[0], 0)))


WORKLOAD = Workload(
    name="swiglu",
    title="SwiGLU of two matrices",
    dimensions=("rows", "columns"),
    operand_shapes=lambda shape: (over_rows(shape), over_rows(shape)),
    inputs=lambda shape, seed, kind=NORMAL: normal(shape, seed, kind, 2),
    reference=_reference,
    native=lambda operands: _swiglu(*operands),
    # The sum and quotient of a sigmoid, and two products.
    flops=lambda shape: 4 * elements(shape),
    bytes=lambda shape, element: elements(shape) * (2 * element + 4),
    activations=lambda shape, element: 2 * elements(shape) * element,
    tolerance=pointwise,
    magnitudes=_magnitudes,
    default_shapes=tuple(Shape(n, n) for n in (128, 256, 512, 1024, 2048)),
    odd=(Shape(1, 1), Shape(3, 5), Shape(70, 131)),
    presets={"llama-3-8b-prompt": Shape(128, 14336), "llama-3.2-1b-prompt": Shape(128, 8192)},
)
