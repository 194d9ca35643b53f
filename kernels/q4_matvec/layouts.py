"""How the operands of q4-matvec lie in memory for WGSL: the weights in the bytes of their format.

The vector is what it is in f32 and f16; as 8-bit integers it lies in blocks, in words that meet those of the
codes: in formats where neighbours share a byte, the even ones of eight and then the odd ones.
"""

from functools import partial

import numpy as np

from app.core.program import RESULT as ANSWER
from app.core.program import Layout, Role, Rows
from app.core.sketch import Sketch, sketch
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.blocks import BLOCK, FORMATS, Blocks, activations, pack
from app.workloads.quantise import contiguous, pad_columns
from kernels.matvec.layouts import LAYOUTS as MATVEC

RESULT = np.dtype(np.float32)
NEIGHBOURS = ("q4f16_1", "nbits")
UNITS = {"codes": 16, "scales": 4}
"""Bytes of a row that stay together: a block's codes, the scales of two blocks."""


def _grid(rows: int, parameters: Parameters) -> dict[str, tuple[int, int, int]]:
    if "rows_per_group" in parameters:
        return {"main": (-(-rows // int(parameters["rows_per_group"])), 1, 1)}
    each = int(parameters["rows_per_thread"]) * int(parameters["workgroup_size"])
    return {"main": (-(-rows // each), 1, 1)}


def _eights(vector: np.ndarray, format: str) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The vector in blocks of 8 bits as a kernel reads it, and as what it stands for."""
    found = activations(vector)
    codes = found.codes
    if format in NEIGHBOURS:
        codes = codes.reshape(-1, 4, 2).transpose(0, 2, 1)
    sums = found.scales * found.codes.sum(axis=1, dtype=np.int32)
    scales = np.stack([found.scales, sums], axis=1).astype(np.float32)
    return {"vector": np.ascontiguousarray(codes), "vector_scales": scales}, found.wide(len(vector))


def _together(array: np.ndarray, rows: int, whole: int) -> np.ndarray:
    """Units of ``whole`` bytes of each row, those of so many rows among each other."""
    units = array.reshape(len(array) // rows, rows, -1, whole)
    return contiguous(units.transpose(0, 2, 1, 3))


def _q4(format: str, compute: str, swizzled: bool, operands: Operands, parameters: Parameters) -> Layout:
    own = FORMATS[format]
    matrix, vector = operands
    rows, columns = matrix.shape
    together = int(parameters["rows_per_thread"]) if swizzled else 1
    whole = 2 * own.whole if swizzled else own.whole
    padded = pad_columns(matrix, whole)
    if missing := -rows % together:
        padded = np.pad(padded, ((0, missing), (0, 0)))
    packed = pack(padded, own)
    weights = packed.packed if isinstance(packed, Blocks) else packed
    if swizzled:
        # A word of scales has two blocks of each of four rows.
        weights = {name: _together(array, together, UNITS[name]) for name, array in weights.items()}
    x = pad_columns(vector, whole)
    buffers: dict[str, np.ndarray]
    if compute != "i8":
        x = x.astype(np.float16 if compute == "f16" else np.float32, copy=False)
        buffers, used = {"vector": x}, x
    elif isinstance(x, Sketch):
        scales = sketch((len(x) // BLOCK, 2))
        buffers, used = {"vector": sketch(x.shape, np.int8), "vector_scales": scales}, x
    else:
        buffers, used = _eights(x, format)
    sizes = {name: array.nbytes // len(padded) for name, array in weights.items()}
    in_parts = Rows(
        rows, {**sizes, ANSWER: RESULT.itemsize}, partial(_grid, parameters=parameters), whole=together
    )
    return Layout(
        buffers={**weights, **buffers},
        scalars={"rows": rows, "blocks": len(x) // BLOCK},
        output=(RESULT, rows),
        stored=lambda: (
            packed.wide(columns)[:rows] if isinstance(packed, Blocks) else matrix,
            used[:columns],
        ),
        passes=in_parts.passes,
        growth=packed.growth(padded[:, :columns], vector, own.zero if compute == "f16" else 0)
        if isinstance(packed, Blocks)
        else 1.0,
        roles=dict.fromkeys(buffers, Role.ACTIVATIONS),
        rows=in_parts,
    )


LAYOUTS = {
    "f32": MATVEC["f32-f32-plain"],
    **{
        f"{form}-{compute}": partial(_q4, form, compute, False)
        for form in FORMATS
        for compute in ("f32", "f16", "i8")
    },
    **{
        f"{form}-{compute}-swizzle": partial(_q4, form, compute, True)
        for form in NEIGHBOURS
        for compute in ("f32", "i8")
    },
}
