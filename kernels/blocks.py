"""Weights in blocks, in the bytes of their format, and vectors that meet them, in memory for WGSL.

Vectors are what they are in f32 and f16; as 8-bit integers they lie in blocks, in words that meet those of
the codes: in formats where neighbours share a byte, the even ones of eight and then the odd ones.
"""

from dataclasses import replace
from functools import partial

import numpy as np

from app.core.program import RESULT as ANSWER
from app.core.program import Grid, Layout, Role, Rows
from app.core.sketch import Sketch, sketch
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.blocks import BLOCK, EIGHTS, FORMATS, Blocks, activations, pack
from app.workloads.quantise import contiguous, pad_columns

RESULT = np.dtype(np.float32)
NEIGHBOURS = ("q4f16_1", "nbits")
UNITS = {"codes": 16, "scales": 4}
"""Bytes of a row that stay together: a block's codes, the scales of two blocks."""


def _grid(rows: int, parameters: Parameters) -> dict[str, Grid]:
    if "rows_per_group" in parameters:
        return {"main": (-(-rows // int(parameters["rows_per_group"])), 1, 1)}
    each = int(parameters["rows_per_thread"]) * int(parameters["workgroup_size"])
    return {"main": (-(-rows // each), 1, 1)}


def _eights(x: np.ndarray, format: str) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Vectors in blocks of 8 bits as a kernel reads them, and as what they stand for."""
    found = activations(x)
    codes = found.codes
    if format in NEIGHBOURS:
        codes = codes.reshape(-1, 4, 2).transpose(0, 2, 1)
    sums = found.scales * found.codes.sum(axis=1, dtype=np.int32)
    scales = np.stack([found.scales, sums], axis=1).astype(np.float32)
    wide = found.wide(x.size).reshape(x.shape)
    return {"vector": np.ascontiguousarray(codes), "vector_scales": scales}, wide


def _together(array: np.ndarray, rows: int, whole: int) -> np.ndarray:
    """Units of ``whole`` bytes of each row, those of so many rows among each other."""
    units = array.reshape(len(array) // rows, rows, -1, whole)
    return contiguous(units.transpose(0, 2, 1, 3))


def weights_and_vectors(format: str, compute: str, operands: Operands, together: int = 0) -> Layout:
    """The weights (rows, columns) and one vector (columns,) or several, as a kernel reads them.

    So many rows lie ``together``, two blocks of each at a time; 0 is a row after the other.
    """
    own = (FORMATS | EIGHTS)[format]
    matrix, vector = operands
    rows, columns = matrix.shape
    whole = 2 * own.whole if together else own.whole
    padded = pad_columns(matrix, whole)
    if missing := -rows % (together or 1):
        padded = np.pad(padded, ((0, missing), (0, 0)))
    packed = pack(padded, own)
    weights = packed.packed if isinstance(packed, Blocks) else packed
    if together:
        # A word of scales has two blocks of each of four rows.
        weights = {name: _together(array, together, UNITS[name]) for name, array in weights.items()}
    x = pad_columns(vector, whole)
    buffers: dict[str, np.ndarray]
    if compute != "i8":
        x = x.astype(np.float16 if compute == "f16" else np.float32, copy=False)
        buffers, used = {"vector": x}, x
    elif isinstance(x, Sketch):
        scales = sketch((x.size // BLOCK, 2))
        buffers, used = {"vector": sketch(x.shape, np.int8), "vector_scales": scales}, x
    else:
        buffers, used = _eights(x, format)
    return Layout(
        buffers={**weights, **buffers},
        scalars={"rows": rows, "blocks": x.shape[-1] // BLOCK},
        output=(RESULT, rows * x.size // x.shape[-1]),
        stored=lambda: (
            packed.wide(columns)[:rows] if isinstance(packed, Blocks) else matrix,
            used[..., :columns],
        ),
        growth=packed.growth(padded[:, :columns], vector, own.zero if compute == "f16" else 0)
        if isinstance(packed, Blocks)
        else 1.0,
        roles=dict.fromkeys(buffers, Role.ACTIVATIONS),
    )


def by_rows(
    format: str, compute: str, operands: Operands, parameters: Parameters, together: int = 0
) -> Layout:
    """One vector: threads, or workgroups, have rows of their own."""
    found = weights_and_vectors(format, compute, operands, together)
    rows, whole = len(operands[0]), together or 1
    padded = -(-rows // whole) * whole
    sizes = {name: array.nbytes // padded for name, array in found.buffers.items() if name not in found.roles}
    grids = partial(_grid, parameters=parameters)
    in_parts = Rows(rows, {**sizes, ANSWER: RESULT.itemsize}, grids, whole=whole)
    return replace(found, passes=in_parts.passes, rows=in_parts)


def swizzled(format: str, compute: str, operands: Operands, parameters: Parameters) -> Layout:
    """As ``by_rows``, the rows of a thread among each other."""
    return by_rows(format, compute, operands, parameters, int(parameters["rows_per_thread"]))


def by_tokens(format: str, compute: str, operands: Operands, parameters: Parameters) -> Layout:
    """Several vectors, a token each, by tiles of rows and tokens; the answer is (tokens, rows)."""
    found = weights_and_vectors(format, compute, operands)
    (rows, _), tokens = operands[0].shape, len(operands[1])
    p = {name: int(value) for name, value in parameters.items()}

    def grid(some: int, of_tokens: int) -> dict[str, Grid]:
        if "tiles_down" in p:  # a subgroup has whole tiles of the size that its adapter multiplies
            across, down = p["n"] * p["tiles_across"], p["m"] * p["tiles_down"]
        else:
            across, down = p["tile_rows"] * p["workgroup_x"], p["tile_tokens"] * p["workgroup_y"]
        return {"main": (-(-some // across), -(-of_tokens // down), 1)}

    each = {name: buffer.nbytes for name, buffer in found.buffers.items()}
    # The answer lies token after token, as the next layer reads it: rows of weights are columns of it.
    by_weights = Rows(
        rows,
        {name: size // rows for name, size in each.items() if name not in found.roles},
        lambda count: grid(count, tokens),
        strided={ANSWER: RESULT.itemsize},
    )
    in_parts = Rows(
        tokens,
        {**{name: each[name] // tokens for name in found.roles}, ANSWER: RESULT.itemsize * rows},
        lambda count: grid(rows, count),
        scalar="tokens",
        otherwise=by_weights,
    )
    return replace(
        found,
        scalars={**found.scalars, "tokens": tokens, "columns": rows},
        passes=in_parts.passes,
        rows=in_parts,
        decode=lambda raw: raw.reshape(tokens, rows),
    )
