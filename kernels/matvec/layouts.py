"""How the operands of matvec lie in memory for WGSL: rows after rows, padded to whole words."""

import numpy as np

from app.core.program import Layout
from app.core.quantise import pad_columns, quantise
from app.core.variant import Parameters
from app.core.workload import Operands

RESULT = np.dtype(np.float32)


def _passes(rows: int, parameters: Parameters) -> dict[str, tuple[int, int, int]]:
    per_workgroup = int(parameters["rows_per_thread"]) * int(parameters["workgroup_size"])
    return {"main": (-(-rows // per_workgroup), 1, 1)}


def _floats(
    operands: Operands,
    parameters: Parameters,
    storage: type[np.floating],
    compute: type[np.floating],
    lanes: int,
) -> Layout:
    """A in ``storage``, x in ``compute``, ``lanes`` elements to a word."""
    matrix, vector = operands[0].astype(storage, copy=False), operands[1].astype(compute, copy=False)
    padded = pad_columns(matrix, lanes)
    return Layout(
        buffers={"matrix": padded, "vector": pad_columns(vector, lanes)},
        scalars={"rows": len(matrix), "words": padded.shape[1] // lanes},
        output=(RESULT, len(matrix)),
        stored=lambda: (matrix, vector),
        passes=_passes(len(matrix), parameters),
    )


def f32(operands: Operands, parameters: Parameters) -> Layout:
    """Words of four f32."""
    return _floats(operands, parameters, np.float32, np.float32, 4)


def f16(operands: Operands, parameters: Parameters) -> Layout:
    """Words of four f16, vector too."""
    return _floats(operands, parameters, np.float16, np.float16, 4)


def f16_storage(operands: Operands, parameters: Parameters) -> Layout:
    """Words of eight f16 (as vec4<u32>), vector in f32."""
    return _floats(operands, parameters, np.float16, np.float32, 8)


def u8(operands: Operands, parameters: Parameters) -> Layout:
    """Words of sixteen u8 with zero point 128, vector in f32.

    sum (q - 128) x = sum q x - 128 sum x: the second term is one figure for all rows.
    """
    matrix, vector = quantise(operands[0], np.uint8, 128, 127), operands[1]
    padded = pad_columns(matrix.values, 16)
    return Layout(
        buffers={"matrix": padded, "vector": pad_columns(vector, 16)},
        scalars={
            "rows": len(padded),
            "words": padded.shape[1] // 16,
            "scale": matrix.scale,
            "zero": -128.0 * float(vector.sum(dtype=np.float64)),
        },
        output=(RESULT, len(padded)),
        stored=lambda: (matrix.wide(), vector),
        passes=_passes(len(padded), parameters),
    )


def u8_dot4(operands: Operands, parameters: Parameters) -> Layout:
    """Words of sixteen u8 with zero point 128, vector likewise.

    sum (q - 128)(p - 128) = sum q p - 128 sum q - 128 sum p + 128^2 n: all but the first, exact in i32
    arithmetic modulo 2^32, are summed up per row beforehand, as runtimes do once per model.
    """
    matrix, vector = quantise(operands[0], np.uint8, 128, 127), quantise(operands[1], np.uint8, 128, 127)
    padded = pad_columns(matrix.values, 16)
    columns = matrix.values.shape[1]
    total = matrix.values.sum(axis=1, dtype=np.int64) + int(vector.values.sum(dtype=np.int64))
    zero = (128 * 128 * columns - 128 * total).astype(np.int32)
    return Layout(
        buffers={"matrix": padded, "vector": pad_columns(vector.values, 16), "zero": zero},
        scalars={"rows": len(padded), "words": padded.shape[1] // 16, "scale": matrix.scale * vector.scale},
        output=(RESULT, len(padded)),
        stored=lambda: (matrix.wide(), vector.wide()),
        passes=_passes(len(padded), parameters),
    )


LAYOUTS = {"f32-f32": f32, "f16-f16": f16, "f16-f32": f16_storage, "u8-f32": u8, "u8-u8": u8_dot4}
