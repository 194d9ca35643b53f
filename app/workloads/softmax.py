"""softmax: y = exp(x - max) / sum over each row, what makes attention's scores weights."""

import numpy as np

from app.core.errors import LimitError
from app.core.kinds import NORMAL
from app.core.operands import of_kind
from app.core.shape import Shape
from app.core.workload import Operands, Workload
from app.workloads.rows import blocks, elements, over_rows, within


def _inputs(shape: Shape, seed: int, kind: str = NORMAL) -> Operands:
    """x (rows, columns), float32, normal, as scores are after their scale.

    Raises:
        LimitError: a row is one element, whose softmax is 1 whatever it is: nothing to compute or to check.
    """
    rows, columns = over_rows(shape)
    if columns < 2:
        raise LimitError("the softmax of one column is 1 whatever it holds; give at least 2")
    random = np.random.default_rng([seed, rows, columns])
    return of_kind(kind, random, random.standard_normal((rows, columns), dtype=np.float32))


def _softmax(x: np.ndarray) -> np.ndarray:
    weights: np.ndarray = np.exp(x - x.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    return weights


def _magnitudes(operands: Operands) -> np.ndarray:
    """The answer by one more than the distance to the largest: that is rounded before exp takes it.

    exp is as good as 3 + 2 |d| units in the last place of its answer in WGSL.
    """
    return blocks(lambda x: _softmax(x) * (1 + x.max(axis=1, keepdims=True) - x), operands[0])


WORKLOAD = Workload(
    name="softmax",
    title="Softmax of each row",
    dimensions=("rows", "columns"),
    operand_shapes=lambda shape: (over_rows(shape),),
    inputs=_inputs,
    reference=lambda operands: blocks(_softmax, operands[0]),
    native=lambda operands: _softmax(operands[0]),
    # A comparison, a subtraction, an addition and a product for each element, beside its exp.
    flops=lambda shape: 4 * elements(shape),
    bytes=lambda shape, element: elements(shape) * (element + 4),
    activations=lambda shape, element: elements(shape) * element,
    tolerance=within,
    magnitudes=_magnitudes,
    default_shapes=tuple(Shape(n, n) for n in (128, 256, 512, 1024, 2048)),
    odd=(Shape(1, 1000), Shape(257, 2), Shape(70, 131)),
    presets={
        "minilm-l6-scores": Shape(12 * 512, 512),
        "llama-3.2-1b-scores": Shape(32, 2048),
        "llama-3-8b-logits": Shape(1, 128256),
    },
)
