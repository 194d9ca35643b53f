"""layernorm: y = (x - mean) / sqrt(variance + eps) gain + shift over each row, after an encoder's blocks."""

import numpy as np

from app.core.kinds import NORMAL
from app.core.operands import of_kind
from app.core.shape import Shape
from app.core.workload import Operands, Workload
from app.workloads.rows import blocks, elements, gains, over_rows, within

EPSILON = 1e-12


def _inputs(shape: Shape, seed: int, kind: str = NORMAL) -> Operands:
    """The shift and the gain (columns,), then x (rows, columns), normal; float32."""
    rows, columns = over_rows(shape)
    random = np.random.default_rng([seed, rows, columns])
    shift = random.standard_normal(columns, dtype=np.float32) * np.float32(0.1)
    gain = gains(random, columns)
    x = random.standard_normal((rows, columns), dtype=np.float32)
    return (shift, gain, *of_kind(kind, random, x))


def _normed(shift: np.ndarray, gain: np.ndarray, x: np.ndarray) -> np.ndarray:
    off: np.ndarray = x - x.mean(axis=1, keepdims=True)
    off /= np.sqrt(np.mean(off * off, axis=1, keepdims=True) + x.dtype.type(EPSILON))
    off *= gain
    off += shift
    return off


def _wide(operands: Operands) -> tuple[np.ndarray, np.ndarray]:
    shift, gain, _ = operands
    return shift.astype(np.float64), gain.astype(np.float64)


def _magnitudes(operands: Operands) -> np.ndarray:
    """The answer if mean and shift took nothing away."""
    shift, gain = (np.abs(operand) for operand in _wide(operands))

    def sizes(x: np.ndarray) -> np.ndarray:
        mean, deviation = x.mean(axis=1, keepdims=True), x.std(axis=1, keepdims=True)
        return np.asarray((np.abs(x) + np.abs(mean)) / (deviation + EPSILON**0.5) * gain + shift)

    return blocks(sizes, operands[2])


WORKLOAD = Workload(
    name="layernorm",
    title="Layer norm of each row",
    dimensions=("rows", "columns"),
    operand_shapes=lambda shape: ((over_rows(shape)[1],), (over_rows(shape)[1],), over_rows(shape)),
    inputs=_inputs,
    reference=lambda operands: blocks(lambda x: _normed(*_wide(operands), x), operands[2]),
    native=lambda operands: _normed(*operands),
    # Additions for mean and variance, a square, what is taken away, and the products and sum of the answer.
    flops=lambda shape: 7 * elements(shape),
    bytes=lambda shape, element: elements(shape) * (element + 4) + 8 * over_rows(shape)[1],
    activations=lambda shape, element: elements(shape) * element,
    tolerance=within,
    magnitudes=_magnitudes,
    default_shapes=tuple(Shape(n, n) for n in (128, 256, 512, 1024, 2048)),
    odd=(Shape(1, 1000), Shape(257, 1), Shape(70, 131)),
    presets={"minilm-l6-sentence": Shape(32, 384), "minilm-l6-batch": Shape(32 * 128, 384)},
)
