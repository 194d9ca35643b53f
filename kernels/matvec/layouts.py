"""How the operands of matvec lie in memory for WGSL.

Rows are padded with zeros to whole words; ``swizzle`` interleaves the rows of a thread, ``coalesced`` those
of a workgroup: [rows / n][words][n][lanes of a word] with n rows interleaved.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from app.core.program import RESULT as ANSWER
from app.core.program import Layout, Role, Rows
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.quantise import Quantised, contiguous, pad_columns, quantise, quantise_rows
from kernels.blocks import by_rows

RESULT = np.dtype(np.float32)
Passes = dict[str, tuple[int, int, int]]
_SMALLEST = 1e-30
"""Keeps a ratio to nothing but zeros finite."""


def _passes(rows: int, parameters: Parameters) -> Passes:
    workgroup = int(parameters["workgroup_size"])
    if "rows_per_thread" in parameters:
        return {"main": (-(-rows // (int(parameters["rows_per_thread"]) * workgroup)), 1, 1)}
    groups = -(-rows // int(parameters["rows_per_group"]))
    if "split" not in parameters:
        return {"main": (groups, 1, 1)}
    return {"main": (groups, int(parameters["split"]), 1), "add_parts": (-(-rows // workgroup), 1, 1)}


def _together(order: str, parameters: Parameters) -> int:
    """Rows that lie among each other: a workgroup's, whose last threads read what pads them as well."""
    return 1 if order == "plain" else int(parameters["rows_per_thread"]) * int(parameters["workgroup_size"])


def interleaved(matrix: np.ndarray, lanes: int, order: str, parameters: Parameters) -> np.ndarray:
    """``matrix`` in words of ``lanes`` elements in the order asked for, padded to whole words and rows."""
    padded = pad_columns(matrix, lanes * int(parameters.get("unroll", 1)))
    if order == "plain":
        return padded
    together, block = int(parameters["rows_per_thread"]), _together(order, parameters)
    rows = -(-len(padded) // block) * block
    full = np.pad(padded, ((0, rows - len(padded)), (0, 0)))
    n = together if order == "swizzle" else block
    words = full.reshape(rows // n, n, full.shape[1] // lanes, lanes)
    return contiguous(words.transpose(0, 2, 1, 3))


def _layout(
    matrix: np.ndarray,
    vector: np.ndarray,
    lanes: int,
    order: str,
    parameters: Parameters,
    scalars: dict[str, int | float],
    stored: Callable[[], Operands],
    by_rows: dict[str, np.ndarray] | None = None,
) -> Layout:
    """Matrix and vector, and what there is ``by_rows`` beside them, by name."""
    rows, columns = matrix.shape
    unrolled = lanes * int(parameters.get("unroll", 1))
    buffers = {
        "matrix": interleaved(matrix, lanes, order, parameters),
        "vector": pad_columns(vector, unrolled),
    }
    buffers |= by_rows or {}
    words = -(-columns // unrolled) * unrolled // lanes
    together, split = _together(order, parameters), int(parameters.get("split", 1))
    padded_rows = -(-rows // together) * together
    sizes = {"matrix": buffers["matrix"].nbytes // padded_rows, ANSWER: RESULT.itemsize}
    sizes |= {name: array.itemsize for name, array in (by_rows or {}).items()}
    in_parts = Rows(
        rows,
        sizes,
        partial(_passes, parameters=parameters),
        whole=together,
        reused={"partial": 4 * split} if "split" in parameters else {},
    )
    return Layout(
        buffers=buffers,
        scalars={"rows": rows, "words": words, **scalars},
        output=(RESULT, rows),
        stored=stored,
        passes=in_parts.passes,
        roles={"vector": Role.ACTIVATIONS},
        scratch=in_parts.scratch,
        rows=in_parts,
    )


def _floats(
    storage: type[np.floating],
    compute: type[np.floating],
    lanes: int,
    order: str,
    operands: Operands,
    parameters: Parameters,
) -> Layout:
    """A in ``storage``, x in ``compute``, ``lanes`` elements to a word."""
    matrix, vector = operands[0].astype(storage, copy=False), operands[1].astype(compute, copy=False)
    return _layout(matrix, vector, lanes, order, parameters, {}, lambda: (matrix, vector))


def _u8_weights(compute: type[np.floating], order: str, operands: Operands, parameters: Parameters) -> Layout:
    """Words of sixteen u8 with zero point 128, vector in ``compute``.

    In f32, sum (q - 128) x = sum q x - 128 sum x: the second term is one figure for all rows. In f16 that
    difference of large numbers would lose the answer, so the kernel subtracts 128 from every weight.
    """
    matrix, vector = quantise(operands[0], np.uint8, 128, 127), operands[1].astype(compute, copy=False)
    scalars: dict[str, int | float] = {"scale": matrix.scale}
    growth = 1.0
    if compute is np.float32:
        scalars["zero"] = -128.0 * float(vector.sum(dtype=np.float64))
        growth += 128.0 * matrix.scale / max(float(np.abs(operands[0]).mean()), _SMALLEST)
    plain = _layout(matrix.values, vector, 16, order, parameters, scalars, lambda: (matrix.wide(), vector))
    return replace(plain, growth=growth)


def _dot4(signed: bool, order: str, operands: Operands, parameters: Parameters) -> Layout:
    """Words of sixteen 8-bit integers, vector likewise; unsigned ones have zero point 128.

    sum (q - 128)(p - 128) = sum q p - 128 sum q - 128 sum p + 128^2 n: all but the first, exact in i32
    arithmetic modulo 2^32, are summed up per row beforehand, as runtimes do once per model.
    """
    dtype, point = (np.int8, 0) if signed else (np.uint8, 128)
    matrix, vector = quantise(operands[0], dtype, point, 127), quantise(operands[1], dtype, point, 127)
    return _layout(
        matrix.values,
        vector.values,
        16,
        order,
        parameters,
        {"scale": matrix.scale * vector.scale},
        lambda: (matrix.wide(), vector.wide()),
        None if signed else {"zero": _zero_terms(matrix, vector)},
    )


def _zero_terms(matrix: Quantised, vector: Quantised) -> np.ndarray:
    """What the zero points add to the plain sum of products, per row (i32, modulo 2^32)."""
    columns = matrix.values.shape[1]
    total = matrix.values.sum(axis=1, dtype=np.int64) + int(vector.values.sum(dtype=np.int64))
    zero: np.ndarray = (128 * 128 * columns - 128 * total).astype(np.int32)
    return zero


def channels(operands: Operands, parameters: Parameters) -> Layout:
    """Words of sixteen i8, a scale for each row and one for the vector."""
    matrix, vector = quantise_rows(operands[0]), quantise(operands[1], np.int8, 0, 127)
    return _layout(
        matrix.values,
        vector.values,
        16,
        "plain",
        parameters,
        {"scale": vector.scale},
        lambda: (matrix.wide(), vector.wide()),
        {"row_scales": matrix.scales},
    )


_TYPES: dict[str, Callable[[str, Operands, Parameters], Layout]] = {
    "f32-f32": partial(_floats, np.float32, np.float32, 4),
    "f16-f16": partial(_floats, np.float16, np.float16, 4),
    "f16-f32": partial(_floats, np.float16, np.float32, 8),
    "u8-f32": partial(_u8_weights, np.float32),
    "u8-f16": partial(_u8_weights, np.float16),
    "u8-u8": partial(_dot4, False),
    "i8-i8": partial(_dot4, True),
}

LAYOUTS: dict[str, Callable[[Operands, Parameters], Layout]] = {
    f"{types}-{order}": partial(layout, order)
    for types, layout in _TYPES.items()
    for order in ("plain", "swizzle", "coalesced")
} | {"i8-channels": channels, "i8-blocks": partial(by_rows, "q8_0", "i8")}
