"""The operands of gather in a Wasm memory: the table in rows of whole turns, ids as u32."""

import numpy as np

from app.core.program import Layout
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.quantise import pad_columns


def _padded(operands: Operands, parameters: Parameters) -> Layout:
    (table, ids), columns = operands, operands[0].shape[1]
    padded = pad_columns(table, 16)
    rows, wide = len(ids), padded.shape[1]
    return Layout(
        buffers={"table": padded, "ids": ids.astype(np.uint32)},
        scalars={"rows": rows, "row_bytes": 4 * wide, "known": len(table)},
        output=(np.dtype(np.float32), rows * wide),
        stored=lambda: operands,
        decode=lambda raw: raw.reshape(rows, wide)[:, :columns],
    )


LAYOUTS = {"padded": _padded}
