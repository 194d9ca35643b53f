"""How the operands of rope lie in memory for WGSL: halves of heads in whole words, padded with zeros."""

from functools import partial

import numpy as np

from app.core.program import RESULT, Grid, Layout, Role, Rows
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.rope import halves, whole


def _layout(storage: type[np.floating], operands: Operands, parameters: Parameters) -> Layout:
    table, x = operands[0], operands[1].astype(storage, copy=False)
    tokens, heads, _ = x.shape
    buffers = {"table": halves(table), "x": halves(x)}
    half = buffers["x"].shape[-1]
    grid = {"main": (int(parameters["groups"]), 1, 1)}

    def grids(_: int) -> dict[str, Grid]:
        return grid

    sizes = {name: array.nbytes // tokens for name, array in buffers.items()}
    rows = Rows(tokens, {**sizes, RESULT: heads * 2 * half * 4}, grids, "tokens")
    return Layout(
        buffers=buffers,
        scalars={"tokens": tokens, "heads": heads, "words": half // 4},
        output=(np.dtype(np.float32), tokens * heads * 2 * half),
        stored=lambda: (table, x),
        passes=grid,
        decode=lambda raw: whole(raw, x),
        roles={"x": Role.ACTIVATIONS},
        rows=rows,
    )


LAYOUTS = {"f32": partial(_layout, np.float32), "f16": partial(_layout, np.float16)}
