"""How the operands of gather lie in memory for WGSL: the table in rows of whole words, ids as u32."""

import numpy as np

from app.core.program import Layout
from app.core.variant import Parameters
from app.core.workload import Operands
from kernels.rows import laid_out, layouts, padded


def _layout(storage: type[np.floating], shared: bool, operands: Operands, parameters: Parameters) -> Layout:
    table, ids = operands[0].astype(storage, copy=False), operands[1]
    buffers = {"table": padded(table), "ids": ids.astype(np.uint32)}
    shape = (len(ids), table.shape[1])
    return laid_out(shape, buffers, (table, ids), parameters, shared, {"known": len(table)}, "ids")


LAYOUTS = layouts(_layout)
