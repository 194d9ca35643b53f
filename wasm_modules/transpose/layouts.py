"""The operand of transpose in a Wasm memory: padded to bands of whole rows and steps of four columns."""

import numpy as np

from app.core.program import Layout
from app.core.variant import Parameters
from app.core.workload import Operands


def _bands(operands: Operands, parameters: Parameters) -> Layout:
    (x,) = operands
    rows, columns = x.shape
    band = int(parameters["rows"])
    missing = ((0, -rows % band), (0, -columns % 4))
    padded = np.pad(x, missing) if missing[0][1] or missing[1][1] else x
    high, wide = padded.shape
    return Layout(
        buffers={"x": padded},
        scalars={"bands": high // band, "row_bytes": 4 * wide, "column_bytes": 4 * high},
        output=(np.dtype(np.float32), padded.size),
        stored=lambda: operands,
        decode=lambda raw: raw.reshape(wide, high)[:columns, :rows],
    )


LAYOUTS = {"bands": _bands}
