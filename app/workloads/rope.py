"""rope: rotary position embedding, each head's halves turned by the angle of its token's place."""

import numpy as np

from app.core.errors import LimitError
from app.core.kinds import NORMAL
from app.core.operands import of_kind
from app.core.shape import Shape
from app.core.workload import Operands, Workload
from app.workloads.matmul import sizes
from app.workloads.quantise import contiguous, pad_columns
from app.workloads.rows import pointwise

BASE = 500_000.0
"""That of Llama 3; another changes angles and no work."""


def _operand_shapes(shape: Shape) -> tuple[tuple[int, ...], ...]:
    tokens, heads, width = sizes(shape)
    return (tokens, width), (tokens, heads, width)


def _inputs(shape: Shape, seed: int, kind: str = NORMAL) -> Operands:
    """A table (tokens, width), cosines and then sines of the angles, and x (tokens, heads, width), normal.

    The angle of pair i at place t is t BASE^(-2i / width) (Su and others, RoFormer, 2021).

    Raises:
        LimitError: heads have no halves.
    """
    tokens, heads, width = sizes(shape)
    if width % 2:
        raise LimitError(f"rope turns pairs of elements; a head of {width} has one left over")
    random = np.random.default_rng([seed, tokens, heads, width])
    angles = np.arange(1, tokens + 1)[:, None] * BASE ** (-2 * np.arange(width // 2) / width)
    table = np.concatenate([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    flat = random.standard_normal((tokens, heads * width), dtype=np.float32)
    return table, *(x.reshape(tokens, heads, width) for x in of_kind(kind, random, flat))


def _turned(table: np.ndarray, x: np.ndarray, sign: int = -1) -> np.ndarray:
    """Element i pairs with that half a head on, as in the models of Llama and Gemma."""
    half = x.shape[2] // 2
    c, s = table[:, None, :half], table[:, None, half:]
    a, b = x[..., :half], x[..., half:]
    return np.concatenate([a * c + sign * (b * s), b * c + a * s], axis=2)


def _native(operands: Operands) -> np.ndarray:
    table, x = operands
    return _turned(table, x)


def _wide(operands: Operands) -> tuple[np.ndarray, np.ndarray]:
    table, x = operands
    return table.astype(np.float64), x.astype(np.float64)


def _magnitudes(operands: Operands) -> np.ndarray:
    """Both products of an element, as if they had one sign."""
    table, x = _wide(operands)
    return _turned(np.abs(table), np.abs(x), 1)


def halves(array: np.ndarray) -> np.ndarray:
    """``array`` (..., width) as (..., 2, half a width), halves padded with zeros to whole words of four."""
    return pad_columns(contiguous(array).reshape(*array.shape[:-1], 2, array.shape[-1] // 2), 4)


def whole(raw: np.ndarray, like: np.ndarray) -> np.ndarray:
    """What lies as ``halves(like)`` does in the shape of ``like``."""
    split = raw.reshape(*like.shape[:-1], 2, -1)
    return np.asarray(split[..., : like.shape[-1] // 2].reshape(like.shape))


def _elements(shape: Shape) -> int:
    tokens, heads, width = sizes(shape)
    return tokens * heads * width


WORKLOAD = Workload(
    name="rope",
    title="Rotary position embedding of each head",
    dimensions=("tokens", "heads", "width"),
    operand_shapes=_operand_shapes,
    inputs=_inputs,
    reference=lambda operands: _turned(*_wide(operands)),
    native=_native,
    # Two products and their sum for each element.
    flops=lambda shape: 3 * _elements(shape),
    bytes=lambda shape, element: _elements(shape) * (element + 4) + 4 * shape.rows * sizes(shape)[2],
    activations=lambda shape, element: _elements(shape) * element,
    tolerance=pointwise,
    magnitudes=_magnitudes,
    default_shapes=tuple(Shape(n, 32, 64) for n in (64, 128, 256, 512, 1024)),
    odd=(Shape(1, 1, 2), Shape(7, 3, 10)),
    presets={
        "llama-3-8b-queries": Shape(128, 32, 128),
        "llama-3.2-1b-queries": Shape(128, 32, 64),
        "gemma-2b-queries": Shape(128, 8, 256),
    },
)
