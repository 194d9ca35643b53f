"""quantise: floats as 8-bit integers with a scale for each block, as activations are before their product."""

import numpy as np

from app.core.errors import LimitError
from app.core.kinds import NORMAL
from app.core.operands import of_kind
from app.core.shape import Shape
from app.core.workload import Operands, Workload
from app.workloads.matmul import sizes
from app.workloads.rows import elements, pointwise

MOST = 127
"""The code of the largest magnitude of a block."""

SMALLEST = 1e-30
"""Keeps the scale of a block of zeros finite."""

_NEAR = 1e-4
"""How near to the middle of two codes a value may come: float32's own error is a tenth of that."""


def _operand_shapes(shape: Shape) -> tuple[tuple[int, ...], ...]:
    """x by rows, blocks of a row and elements of a block.

    Raises:
        LimitError: blocks do not fill rows.
    """
    rows, columns, block = sizes(shape)
    if columns % block:
        raise LimitError(f"blocks of {block} do not fill rows of {columns}")
    return ((rows, columns // block, block),)


def _scaled(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What codes are rounded from, and the scales (rows, blocks, 1), in the type of ``x``."""
    one = x.dtype.type
    scales = np.maximum(np.abs(x).max(axis=2, keepdims=True), one(SMALLEST)) / one(MOST)
    return x / scales, scales


def _inputs(shape: Shape, seed: int, kind: str = NORMAL) -> Operands:
    """x (rows, blocks, block), float32, normal.

    All values are ones of 16 bits and none lies in the middle of two codes, where either is right.
    """
    (split,) = _operand_shapes(shape)
    random = np.random.default_rng([seed, *split])
    (x,) = of_kind(kind, random, random.standard_normal((split[0], split[1] * split[2]), dtype=np.float32))
    half = x.reshape(split).astype(np.float16)
    codes, _ = _scaled(half.astype(np.float64))
    between = np.abs(np.abs(codes) % 1 - 0.5) < _NEAR
    further = np.nextafter(half, np.copysign(np.float16(np.inf), half))
    return (np.where(between, further, half).astype(np.float32),)


def _quantised(x: np.ndarray) -> np.ndarray:
    """What the codes stand for, in the type of ``x``."""
    codes, scales = _scaled(x)
    answer: np.ndarray = np.rint(codes)
    answer *= scales
    return answer


def codes_with_scales(raw: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """What a kernel's words stand for: of each block codes, four in a word, then the bits of its scale."""
    words = raw.view(np.uint32).reshape(*shape[:2], -1)
    codes = np.ascontiguousarray(words[..., :-1]).view(np.int8)[..., : shape[2]]
    scales = np.ascontiguousarray(words[..., -1:]).view(np.float32)
    return np.asarray(codes * scales)


def _bytes(shape: Shape, element: float) -> float:
    """x at the storage type's size, a byte for each code, scales as float32."""
    return elements(shape) * (element + 1 + 4 / sizes(shape)[2])


WORKLOAD = Workload(
    name="quantise",
    title="Quantising to 8 bits in blocks",
    dimensions=("rows", "columns", "block"),
    operand_shapes=_operand_shapes,
    inputs=_inputs,
    reference=lambda operands: _quantised(operands[0].astype(np.float64)),
    native=lambda operands: _quantised(operands[0]),
    # A comparison, a product and a rounding for each element.
    flops=lambda shape: 3 * elements(shape),
    bytes=_bytes,
    activations=lambda shape, element: elements(shape) * element,
    tolerance=pointwise,
    default_shapes=tuple(Shape(n, n, 32) for n in (128, 256, 512, 1024, 2048)),
    odd=(Shape(5, 70, 70), Shape(3, 66, 11)),
    presets={
        "llama-3-8b-blocks": Shape(128, 4096, 32),
        "llama-3-8b-tokens": Shape(128, 4096, 4096),
        "llama-3.2-1b-blocks": Shape(128, 2048, 32),
        "minilm-l6-tokens": Shape(512, 384, 384),
    },
)
