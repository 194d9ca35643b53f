"""How the operands of matvec lie in a Wasm memory: rows after rows, padded to whole steps of the loop."""

import numpy as np

from app.core.program import Layout
from app.core.quantise import pad_columns, quantise
from app.core.variant import Parameters
from app.core.workload import Operands

RESULT = np.dtype(np.float32)


def f32(operands: Operands, parameters: Parameters) -> Layout:
    """Rows of f32 padded to four lanes for every sum."""
    matrix, vector = operands
    padded = pad_columns(matrix, 4 * int(parameters["sums"]))
    return Layout(
        buffers={"matrix": padded, "vector": pad_columns(vector, 4 * int(parameters["sums"]))},
        scalars={"rows": len(matrix), "row_bytes": 4 * padded.shape[1]},
        output=(RESULT, len(matrix)),
        stored=lambda: operands,
    )


def i8_i7(operands: Operands, parameters: Parameters) -> Layout:
    """Rows of i8 padded to sixteen lanes for every sum; x as 0..127 around a zero point of 64.

    sum q (p - 64) = sum q p - 64 sum q: the second term is summed up per row beforehand.
    """
    lanes = 16 * int(parameters["sums"])
    matrix, vector = quantise(operands[0], np.int8, 0, 127), quantise(operands[1], np.int8, 64, 63)
    padded = pad_columns(matrix.values, lanes)
    zero = (-64 * matrix.values.sum(axis=1, dtype=np.int64)).astype(np.int32)
    return Layout(
        buffers={"matrix": padded, "vector": pad_columns(vector.values, lanes), "zero": zero},
        scalars={"rows": len(padded), "row_bytes": padded.shape[1], "scale": matrix.scale * vector.scale},
        output=(RESULT, len(padded)),
        stored=lambda: (matrix.wide(), vector.wide()),
    )


LAYOUTS = {"f32": f32, "i8-i7": i8_i7}
