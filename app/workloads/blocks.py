"""Weights of 4 or 8 bits in blocks along a row, in the bytes of those who ship them: codes, scales, offsets.

A weight is ``scale * q + offset``, with a code q (0 to 15) and a scale and an offset for each block of 32.
A format says how both follow from a block, and how all of it lies in memory.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from app.core.program import Layout
from app.core.sketch import Sketch, sketch
from app.core.workload import Operands
from app.kept import kept
from app.workloads.quantise import pad_columns

BLOCK = 32
"""Weights that share a scale."""

SUPER = 256
"""Weights of Q4_K that share the scales of scales."""

BITS = 4.5
"""Of a weight, its part of the scales included: in every format of 4 bits."""

_SMALLEST = 1e-8
"""Keeps the scale of a block of zeros finite."""


class Blocks(NamedTuple):
    """Rows as blocks: ``codes`` u8 or i8 (rows, blocks, 32), ``scales`` and ``offsets`` f32 (rows, blocks).

    ``packed`` are the arrays that a kernel reads, by name.
    """

    codes: np.ndarray
    scales: np.ndarray
    offsets: np.ndarray
    packed: dict[str, np.ndarray]

    def growth(self, matrix: np.ndarray, vector: np.ndarray, centre: int) -> float:
        """How many times larger than the products of ``matrix`` and ``vector`` the terms of a kernel are.

        These are ``scale * (q - centre)`` and what that leaves of the offset, by the vector, or by several
        (vectors, columns).
        """
        sizes = np.abs(self.codes.astype(np.float32) - centre) * np.abs(self.scales)[..., None]
        sizes += np.abs(self.offsets + centre * self.scales)[..., None]
        x = np.abs(vector)
        usual = float(np.linalg.norm(x @ np.abs(matrix).T))
        terms = float(np.linalg.norm(x @ sizes.reshape(len(sizes), -1)[:, : x.shape[-1]].T))
        return max(1.0, terms / usual) if usual else 1.0

    def wide(self, columns: int) -> np.ndarray:
        """The weights that the codes stand for, float32 (rows, columns)."""
        values = self.codes * self.scales[..., None]
        values += self.offsets[..., None]
        return np.asarray(values.reshape(len(values), -1)[:, :columns])


class Format(NamedTuple):
    """How rows of weights become blocks. ``whole`` is how many weights a row is padded to multiples of.

    ``zero`` is the code in the middle. ``packed`` gives the names and the bytes of a row of so many weights.
    """

    whole: int
    zero: int
    encode: Callable[[np.ndarray], Blocks]
    packed: Callable[[int], dict[str, int]]


def pack(matrix: np.ndarray, format: Format) -> dict[str, np.ndarray] | Blocks:
    """The blocks of ``matrix``, kept on disk where they take long; of a sketch, only what they take up."""
    padded = pad_columns(matrix, format.whole)
    if isinstance(matrix, Sketch):
        rows, columns = padded.shape
        return {name: sketch((rows, size), np.uint8) for name, size in format.packed(columns).items()}
    how = f"{Path(__file__).stat().st_mtime_ns} {format.encode.__qualname__} {format.zero}"
    found = kept(how, padded, lambda: _flat(format.encode(padded)))
    packed = {name.removeprefix(_PACKED): one for name, one in found.items() if name.startswith(_PACKED)}
    return Blocks(found["codes"], found["scales"], found["offsets"], packed)


_PACKED = "packed "


def _flat(blocks: Blocks) -> dict[str, np.ndarray]:
    """``blocks`` as arrays by name."""
    codes, scales, offsets, packed = blocks
    own = {"codes": codes, "scales": scales, "offsets": offsets}
    return {**own, **{_PACKED + name: one for name, one in packed.items()}}


def _blocks(matrix: np.ndarray) -> np.ndarray:
    return matrix.reshape(len(matrix), -1, BLOCK)


def _half(array: np.ndarray) -> np.ndarray:
    """``array`` as 16-bit floats hold it."""
    return array.astype(np.float16).astype(np.float32)


def _symmetric(matrix: np.ndarray, zero: int) -> tuple[np.ndarray, np.ndarray]:
    """Codes around ``zero``, and scales: the largest magnitude of a block meets an end of the codes.

    With 7 in the middle that is either end; with 8, whose codes reach further down than up, it is always the
    lower one, and the scale has the sign that this takes.
    """
    blocks = _blocks(matrix)
    if zero == 7:
        scales = _half(np.maximum(np.abs(blocks).max(axis=2), _SMALLEST) / 7)
    else:
        peaks = np.take_along_axis(blocks, np.abs(blocks).argmax(axis=2)[..., None], axis=2)[..., 0]
        scales = _half(np.where(np.abs(peaks) < _SMALLEST, np.float32(_SMALLEST), peaks) / -8)
    scales[scales == 0] = np.float32(2.0**-24)
    codes = np.rint(blocks / scales[..., None]) + zero
    return np.clip(codes, 0, 14 if zero == 7 else 15).astype(np.uint8), scales


def _nibbles(codes: np.ndarray) -> np.ndarray:
    """Neighbours share a byte, the first in its lower half: (rows, blocks, 16)."""
    return np.asarray(codes[..., 0::2] | codes[..., 1::2] << 4)


def _halves(codes: np.ndarray) -> np.ndarray:
    """Codes i and i + n/2 of the last axis share a byte, the first in its lower half."""
    n = codes.shape[-1] // 2
    return np.asarray(codes[..., :n] | codes[..., n:] << 4)


def _apart(zero: int) -> Callable[[np.ndarray], Blocks]:
    def encode(matrix: np.ndarray) -> Blocks:
        codes, scales = _symmetric(matrix, zero)
        packed = {
            "codes": _nibbles(codes).reshape(len(matrix), -1),
            "scales": scales.astype(np.float16).view(np.uint8),
        }
        return Blocks(codes, scales, -zero * scales, packed)

    return encode


def _q4_0(matrix: np.ndarray) -> Blocks:
    codes, scales = _symmetric(matrix, 8)
    heads = scales.astype(np.float16)[..., None].view(np.uint8)
    both = np.concatenate([heads, _halves(codes)], axis=2)
    return Blocks(codes, scales, -8 * scales, {"codes": both.reshape(len(matrix), -1)})


def _q4_k(matrix: np.ndarray) -> Blocks:
    """Scales and minima of eight blocks in 6 bits each, beside two of 16 that scale these."""
    blocks = matrix.reshape(len(matrix), -1, SUPER // BLOCK, BLOCK)
    low = np.minimum(blocks.min(axis=3), 0)
    steps = np.maximum(blocks.max(axis=3) - low, _SMALLEST) / 15
    tops = [np.maximum(part.max(axis=2), 63 * 2.0**-24) for part in (steps, -low)]
    d, dmin = (_half(top / 63) for top in tops)
    sc = np.clip(np.rint(steps / d[..., None]), 1, 63).astype(np.uint8)
    m = np.clip(np.rint(-low / dmin[..., None]), 0, 63).astype(np.uint8)
    scales, offsets = d[..., None] * sc, -dmin[..., None] * m
    codes = np.clip(np.rint((blocks - offsets[..., None]) / scales[..., None]), 0, 15).astype(np.uint8)
    sixes = np.concatenate(
        [
            sc[..., :4] | sc[..., 4:] >> 4 << 6,
            m[..., :4] | m[..., 4:] >> 4 << 6,
            sc[..., 4:] & 15 | m[..., 4:] << 4,
        ],
        axis=2,
    )
    heads = np.stack([d, dmin], axis=2).astype(np.float16).view(np.uint8)
    # Two blocks share 32 bytes, the first in the lower halves.
    pairs = _halves(codes.reshape(*codes.shape[:2], -1, 2 * BLOCK)).reshape(*codes.shape[:2], -1)
    packed = np.concatenate([heads, sixes, pairs], axis=2).reshape(len(matrix), -1)
    rows = len(matrix)
    flat = codes.reshape(rows, -1, BLOCK), scales.reshape(rows, -1), offsets.reshape(rows, -1)
    return Blocks(*flat, {"codes": packed})


def _eight(zero: int, largest: int) -> Callable[[np.ndarray], Blocks]:
    """A byte a code, within ``largest`` of ``zero``: a scale of 16 bits, then the 32 of a block."""

    def encode(matrix: np.ndarray) -> Blocks:
        blocks = _blocks(matrix)
        scales = _half(np.maximum(np.abs(blocks).max(axis=2), _SMALLEST) / largest)
        scales[scales == 0] = np.float32(2.0**-24)
        codes = np.clip(np.rint(blocks / scales[..., None]), -largest, largest) + zero
        codes = codes.astype(np.uint8 if zero else np.int8)
        heads = scales.astype(np.float16)[..., None].view(np.uint8)
        both = np.concatenate([heads, codes.view(np.uint8)], axis=2)
        return Blocks(codes, scales, -zero * scales, {"codes": both.reshape(len(matrix), -1)})

    return encode


def _bytes_apart(columns: int) -> dict[str, int]:
    return {"codes": columns // 2, "scales": columns // BLOCK * 2}


FORMATS = {
    "q4f16_1": Format(BLOCK, 7, _apart(7), _bytes_apart),
    "nbits": Format(BLOCK, 8, _apart(8), _bytes_apart),
    "q4_0": Format(2 * BLOCK, 8, _q4_0, lambda columns: {"codes": columns // BLOCK * 18}),
    "q4_k": Format(SUPER, 8, _q4_k, lambda columns: {"codes": columns // SUPER * 144}),
}
"""By the names that people know: MLC's, ONNX Runtime's MatMulNBits, two of llama.cpp."""


def _whole_bytes(columns: int) -> dict[str, int]:
    return {"codes": columns // BLOCK * 34}


EIGHTS = {
    "q8_0": Format(2 * BLOCK, 0, _eight(0, 127), _whole_bytes),
    "q7_0": Format(2 * BLOCK, 64, _eight(64, 63), _whole_bytes),
}
"""Of 8 bits: llama.cpp's Q8_0, and the like with codes of 0 to 127, as Wasm's relaxed dot takes them."""


class Activations(NamedTuple):
    """A vector in blocks of 8 bits: ``codes`` i8 (blocks, 32), ``scales`` f32 (blocks)."""

    codes: np.ndarray
    scales: np.ndarray

    def wide(self, columns: int) -> np.ndarray:
        """The vector that the codes stand for, float32."""
        return np.asarray(self.codes * self.scales[:, None]).reshape(-1)[:columns]


def activations(vector: np.ndarray) -> Activations:
    """``vector``, padded to whole blocks, with a scale for each block: its largest magnitude is 127."""
    blocks = vector.reshape(-1, BLOCK)
    scales = (np.maximum(np.abs(blocks).max(axis=1), _SMALLEST) / 127).astype(np.float32)
    return Activations(np.rint(blocks / scales[:, None]).astype(np.int8), scales)


def of_columns(found: Layout) -> Layout:
    """As one of A B, a layout that takes the columns of B for tokens: what it stored of B, and its answer."""

    def stored() -> Operands:
        a, columns = found.stored()
        return a, columns.T

    return replace(found, stored=stored, decode=lambda raw: found.decode(raw).T)
