"""How the operands of matvec lie in a Wasm memory.

``rows`` rows at a time, a step of each in turn, so that the weights are one stream; one row at a time is
plain rows. Rows are padded with zeros to whole steps, and the last rows to a whole block.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from app.core.program import Layout, Role
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.quantise import Quantised, contiguous, pad_columns, quantise, quantise_rows
from wasm_modules.blocks import by_rows

RESULT = np.dtype(np.float32)
STEP = 16
"""Bytes of a row in one step: a vector register."""

_HALF_SCALE = np.float32(2.0**112)
"""The difference of the exponents' zeros in f32 and f16: moving a half's bits leaves this factor."""


def _rows(parameters: Parameters) -> int:
    return int(parameters.get("rows", 1))


def _blocks(matrix: np.ndarray, parameters: Parameters, step: int = STEP) -> np.ndarray:
    """``matrix`` as (blocks of rows, bytes), with ``step`` bytes of each row of a block in turn."""
    rows, lanes = _rows(parameters), step // matrix.itemsize
    padded = pad_columns(matrix, lanes * int(parameters["sums"]))
    if missing := -len(padded) % rows:
        padded = np.pad(padded, [(0, missing), (0, 0)])
    blocks = padded.reshape(len(padded) // rows, rows, -1, lanes).transpose(0, 2, 1, 3)
    return contiguous(blocks).reshape(len(padded) // rows, -1)


def _layout(
    matrix: np.ndarray, vector: np.ndarray, parameters: Parameters, stored: Operands, step: int = STEP
) -> Layout:
    """Floats: the matrix in blocks and a vector that is already as the kernel meets it."""
    blocks, count = _blocks(matrix, parameters, step), len(matrix)
    return Layout(
        buffers={"matrix": blocks, "vector": vector},
        scalars={"blocks": len(blocks), "block_bytes": blocks.strides[0]},
        output=(RESULT, len(blocks) * _rows(parameters)),
        stored=lambda: stored,
        decode=lambda raw: raw[:count],
        roles={"vector": Role.ACTIVATIONS},
    )


def _padded(vector: np.ndarray, parameters: Parameters, lanes: int) -> np.ndarray:
    return pad_columns(vector, lanes * int(parameters["sums"]))


def scalar(operands: Operands, parameters: Parameters) -> Layout:
    """f32, one float a step."""
    matrix, vector = operands
    return _layout(matrix, _padded(vector, parameters, 1), parameters, operands, step=4)


def f32(operands: Operands, parameters: Parameters) -> Layout:
    """f32, four floats a step."""
    matrix, vector = operands
    return _layout(matrix, _padded(vector, parameters, 4), parameters, operands)


def _even_odd(vector: np.ndarray, parameters: Parameters) -> np.ndarray:
    """The vector, of each eight floats the even ones first: 16-bit weights widen into evens and odds."""
    return contiguous(_padded(vector, parameters, 8).reshape(-1, 4, 2).transpose(0, 2, 1)).reshape(-1)


def f16(operands: Operands, parameters: Parameters) -> Layout:
    """f16 by f32. The vector carries the factor that widening a half by moving its bits leaves."""
    matrix, vector = operands[0].astype(np.float16), operands[1]
    return _layout(matrix, _even_odd(vector, parameters) * _HALF_SCALE, parameters, (matrix, vector))


def bf16(operands: Operands, parameters: Parameters) -> Layout:
    """The upper halves of f32, rounded to nearest even, by f32."""
    bits = contiguous(operands[0]).view(np.uint32)
    upper = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16
    stored = (upper << 16).view(np.float32), operands[1]
    return _layout(upper.astype(np.uint16), _even_odd(operands[1], parameters), parameters, stored)


def f16_f16(operands: Operands, parameters: Parameters) -> Layout:
    """f16 by f16."""
    matrix, vector = operands[0].astype(np.float16), operands[1].astype(np.float16)
    return _layout(matrix, _padded(vector, parameters, 8), parameters, (matrix, vector))


def _of_integers(
    matrix: np.ndarray,
    x: Quantised,
    parameters: Parameters,
    dtype: type[np.integer],
    stored: Callable[[], Operands],
) -> Layout:
    """i8 by ``x``, as ``dtype``; what scales the answer is missing.

    sum q (p - z) = sum q p - z sum q: the second term is summed up per row beforehand, as runtimes do once
    per model.
    """
    plain = _layout(matrix, _padded(x.values.astype(dtype), parameters, 16), parameters, ())
    zero = np.zeros(plain.output[1], np.int32)
    zero[: len(matrix)] = -x.zero * matrix.sum(axis=1, dtype=np.int64)
    return replace(plain, buffers={**plain.buffers, "zero": zero}, stored=stored)


def _i8(operands: Operands, parameters: Parameters, x: Quantised, dtype: type[np.integer]) -> Layout:
    matrix = quantise(operands[0], np.int8, 0, 127)
    plain = _of_integers(matrix.values, x, parameters, dtype, lambda: (matrix.wide(), x.wide()))
    return replace(plain, scalars={**plain.scalars, "scale": matrix.scale * x.scale})


def i8(operands: Operands, parameters: Parameters) -> Layout:
    """i8 by i8."""
    return _i8(operands, parameters, quantise(operands[1], np.int8, 0, 127), np.int8)


def i8_i16(operands: Operands, parameters: Parameters) -> Layout:
    """i8 by i8 that lies widened to 16 bits."""
    return _i8(operands, parameters, quantise(operands[1], np.int8, 0, 127), np.int16)


def i8_i7(operands: Operands, parameters: Parameters) -> Layout:
    """i8 by 0..127 around a zero point of 64: what relaxed dot computes alike on every CPU."""
    return _i8(operands, parameters, quantise(operands[1], np.int8, 64, 63), np.int8)


def channels(operands: Operands, parameters: Parameters) -> Layout:
    """i8, a scale for each row, by 0..127 around a zero point of 64."""
    matrix, x = quantise_rows(operands[0]), quantise(operands[1], np.int8, 64, 63)
    plain = _of_integers(matrix.values, x, parameters, np.int8, lambda: (matrix.wide(), x.wide()))
    scales = np.zeros(plain.output[1], np.float32)
    scales[: len(matrix.scales)] = matrix.scales
    return replace(
        plain, buffers={**plain.buffers, "scales": scales}, scalars={**plain.scalars, "scale": x.scale}
    )


LAYOUTS: dict[str, Callable[[Operands, Parameters], Layout]] = {
    "i8-channels": channels,
    "i8-blocks": partial(by_rows, "q7_0", "i8"),
    "scalar": scalar,
    "f32": f32,
    "f16": f16,
    "bf16": bf16,
    "f16-f16": f16_f16,
    "i8": i8,
    "i8-i16": i8_i16,
    "i8-i7": i8_i7,
}
