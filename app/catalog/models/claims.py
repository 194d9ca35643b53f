"""What is to be checked of a model's operators, and where it is found once somebody has looked into a run."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from app.catalog.models.forms import Form
from app.core.variant import Variant
from app.workloads.attention_decode import cached

FLOAT = np.dtype(np.float32)

Raw = Callable[[str, np.dtype], np.ndarray]
"""The elements of a buffer of that name."""

Find = Callable[[Raw], np.ndarray]

Span = tuple[int, int]
"""Rows of a tensor, the first and how many; (0, 0) for all."""

ALL: Span = (0, 0)


class Held(NamedTuple):
    """A tensor in a buffer."""

    buffer: str
    form: Form


class Claim(NamedTuple):
    """An operator's operands and its answer, as its kernel met them; ``buffers`` are those to look at."""

    title: str
    workload: str
    variant: Variant
    shape: tuple[int, ...]
    growth: float
    operands: tuple[Find, ...]
    answer: Find
    buffers: frozenset[str]


def constant(array: np.ndarray) -> Find:
    return lambda raw: array


def found(held: Held, span: Span, raw: Raw) -> np.ndarray:
    """The tensor, or a span's rows of it, as floats of 64 bits."""
    whole = held.form.view(raw(held.buffer, held.form.dtype))
    first, count = span
    return (whole[first : first + count] if count else whole).astype(np.float64)


def dequantised(held: tuple[Held, ...], how: str, neighbours: bool, raw: Raw) -> np.ndarray:
    """What the codes stand for that a step made of activations."""
    codes = held[0]
    (count, columns), (pitch, _) = codes.form.dims, codes.form.strides
    if how == "rows":
        found = raw(codes.buffer, np.dtype(np.int8))[: count * pitch].reshape(count, pitch)
        scales = raw(held[1].buffer, FLOAT)[:count, None]
        return np.asarray(found[:, :columns] * scales.astype(np.float64))
    blocks = count * pitch // 32
    if how == "stream":
        both = raw(codes.buffer, np.dtype(np.int8))[: blocks * 64].reshape(blocks, 64)
        scales = np.ascontiguousarray(both[:, :4]).view(np.float32)
        found = both[:, 32:]
        if neighbours:
            found = found.reshape(blocks, 2, 16).transpose(0, 2, 1).reshape(blocks, 32)
    else:
        found = raw(codes.buffer, np.dtype(np.int8))[: blocks * 32].reshape(blocks, 32)
        scales = raw(held[1].buffer, FLOAT).reshape(-1, 2)[:blocks, :1]
        if neighbours:
            found = found.reshape(-1, 2, 4).transpose(0, 2, 1).reshape(blocks, 32)
    return np.asarray((found * scales.astype(np.float64)).reshape(count, pitch)[:, :columns])


def appended(stored: np.ndarray, held: Held, storage: str, raw: Raw) -> np.ndarray:
    """The cache as it was stored, its last row the new one in the same storage."""
    new = found(held, ALL, raw).reshape(1, *stored.shape[1:]).astype(np.float32)
    types = {"int8": "i8", "float16": "f16"}
    return np.concatenate([stored[:-1], cached(new, types.get(storage, "f32")).wide()]).astype(np.float64)


def in_order(finds: list[Find], tensors: tuple[int, ...]) -> tuple[Find, ...]:
    """By the numbers of the node's operands."""
    return tuple(find for _, find in sorted(zip(tensors, finds, strict=True), key=lambda pair: pair[0]))
