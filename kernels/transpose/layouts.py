"""How the operand of transpose lies in memory for WGSL: as it comes, or padded to blocks of whole words."""

import numpy as np

from app.core.program import Layout
from app.core.variant import Parameters
from app.core.workload import Operands

RESULT = np.dtype(np.float32)


def _plain(operands: Operands, parameters: Parameters, across: int, down: int, gathered: bool) -> Layout:
    """Workgroups of ``across`` x ``down`` threads, an element each; ``gathered`` ones go along the answer."""
    (x,) = operands
    rows, columns = x.shape
    width, height = (rows, columns) if gathered else (columns, rows)
    return Layout(
        buffers={"x": x},
        scalars={"rows": rows, "columns": columns},
        output=(RESULT, x.size),
        stored=lambda: operands,
        passes={"main": (-(-width // across), -(-height // down), 1)},
        decode=lambda raw: raw.reshape(columns, rows),
    )


def _elements(gathered: bool, operands: Operands, parameters: Parameters) -> Layout:
    across, down = int(parameters["workgroup_x"]), int(parameters["workgroup_y"])
    return _plain(operands, parameters, across, down, gathered)


def _shared(operands: Operands, parameters: Parameters) -> Layout:
    tile = int(parameters["tile"])
    return _plain(operands, parameters, tile, tile, False)


def _blocks(operands: Operands, parameters: Parameters) -> Layout:
    (x,) = operands
    rows, columns = x.shape
    down = 4 * int(parameters["blocks"])
    missing = ((0, -rows % down), (0, -columns % 4))
    padded = np.pad(x, missing) if missing[0][1] or missing[1][1] else x
    high, wide = padded.shape
    return Layout(
        buffers={"x": padded},
        scalars={"row_words": wide // 4, "column_words": high // 4},
        output=(RESULT, padded.size),
        stored=lambda: operands,
        passes={"main": (-(-wide // (4 * int(parameters["workgroup_size"]))), high // down, 1)},
        decode=lambda raw: raw.reshape(wide, high)[:columns, :rows],
    )


LAYOUTS = {
    "elements": lambda operands, parameters: _elements(False, operands, parameters),
    "gathered": lambda operands, parameters: _elements(True, operands, parameters),
    "shared": _shared,
    "blocks": _blocks,
}
