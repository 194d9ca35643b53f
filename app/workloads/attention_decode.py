"""attention-decode: one new token looks at all those before it, whose keys and values a cache keeps."""

from dataclasses import replace
from functools import partial
from typing import NamedTuple

import numpy as np

from app.core.shape import Shape
from app.workloads.attention_prefill import attention, inputs, of_model, seen, sizes

_SMALLEST = 1e-30
"""Keeps the scale of a head of zeros finite."""


class Cache(NamedTuple):
    """Keys or values as a cache keeps them: ``codes`` (context, heads, size) in the type of the storage.

    Of 8 bits, each head of each token has one of ``scales`` (context, heads), float32, or each of its
    ``channels`` one for all tokens (heads, size); others have none.
    """

    codes: np.ndarray
    scales: np.ndarray | None
    channels: bool = False

    def wide(self) -> np.ndarray:
        """What the codes stand for, float32 at least."""
        if self.scales is None:
            return self.codes
        return np.asarray(self.codes * (self.scales if self.channels else self.scales[..., None]))


def cached(array: np.ndarray, storage: str) -> Cache:
    """``array`` (context, heads, size) in ``storage``: f32, f16, or i8 with scales of tokens or channels.

    Keys have outliers in some channels, which cost the others nothing where each has a scale (Liu et al.,
    KIVI, 2024); whoever keeps a cache so knows the scales beforehand, from what a model was tried on.
    """
    if not storage.startswith("i8"):
        return Cache(array.astype(np.dtype(f"f{int(storage[1:]) // 8}"), copy=False), None)
    channels = storage == "i8-channels"
    scales = (np.maximum(np.abs(array).max(axis=0 if channels else 2), _SMALLEST) / 127).astype(np.float32)
    wide = scales if channels else scales[..., None]
    return Cache(np.rint(array / wide).astype(np.int8), scales, channels)


def _operand_shapes(shape: Shape) -> tuple[tuple[int, ...], ...]:
    """Those of queries (1, heads, size), keys and values (context, heads, size).

    Raises:
        UsageError: as ``seen``.
    """
    _, heads, _, size = sizes(shape)
    return (1, heads, size), *seen(shape, "a context")


def _flops(shape: Shape) -> int:
    context, heads, _, size = sizes(shape)
    return (4 * size + 5) * heads * context


def _bytes(shape: Shape, element: float) -> float:
    """Keys and values at the storage type's size; query and answer as float32."""
    context, heads, shared, size = sizes(shape)
    return 2 * context * shared * size * element + 8 * heads * size


_ALIKE = attention("attention-decode", "Attention of one token to a cache", False, "llama-3.2-1b")

WORKLOAD = replace(
    _ALIKE,
    dimensions=("context", "heads", "key heads", "head size"),
    operand_shapes=_operand_shapes,
    inputs=partial(inputs, _operand_shapes),
    flops=_flops,
    bytes=_bytes,
    activations=lambda shape, element: 4 * shape.sizes[1] * shape.sizes[3],
    default_shapes=tuple(of_model("llama-3.2-1b", context) for context in (512, 2048, 8192)),
    odd=(Shape(300, 6, 2, 12), Shape(37, 2, 1, 42)),
)
