"""How the operand of copy lies in memory for WGSL: whole words, the last padded with zeros."""

import numpy as np

from app.core.program import RESULT, Layout, Rows
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.quantise import pad_columns


def _words(operands: Operands, parameters: Parameters) -> Layout:
    width, count = int(parameters["vector_width"]), len(operands[0])
    source = pad_columns(operands[0], width)
    words, grid = len(source) // width, {"main": (int(parameters["groups"]), 1, 1)}
    rows = Rows(words, {"source": 4 * width, RESULT: 4 * width}, lambda _: grid, "words")
    return Layout(
        buffers={"source": source},
        scalars={"words": words},
        output=(np.dtype(np.float32), len(source)),
        stored=lambda: operands,
        passes=grid,
        rows=rows,
        decode=lambda raw: raw[:count],
    )


LAYOUTS = {"words": _words}
