"""How the operands of layernorm lie in memory for WGSL: rows of whole words, padded with zeros."""

import numpy as np

from app.core.program import Layout
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.layernorm import EPSILON
from kernels.rows import laid_out, layouts, padded


def _layout(storage: type[np.floating], shared: bool, operands: Operands, parameters: Parameters) -> Layout:
    shift, gain, x = *operands[:2], operands[2].astype(storage, copy=False)
    buffers = {"shift": padded(shift), "gain": padded(gain), "x": padded(x)}
    columns = x.shape[1]
    scalars: dict[str, int | float] = {"count": columns, "columns": float(columns), "epsilon": EPSILON}
    return laid_out(x.shape, buffers, (shift, gain, x), parameters, shared, scalars)


LAYOUTS = layouts(_layout)
