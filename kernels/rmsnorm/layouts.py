"""How the operands of rmsnorm lie in memory for WGSL: rows of whole words, padded with zeros."""

import numpy as np

from app.core.program import Layout
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.rmsnorm import EPSILON
from kernels.rows import laid_out, layouts, padded


def _layout(storage: type[np.floating], shared: bool, operands: Operands, parameters: Parameters) -> Layout:
    gain, x = operands[0], operands[1].astype(storage, copy=False)
    buffers = {"gain": padded(gain), "x": padded(x)}
    scalars: dict[str, int | float] = {"columns": float(x.shape[1]), "epsilon": EPSILON}
    return laid_out(x.shape, buffers, (gain, x), parameters, shared, scalars)


LAYOUTS = layouts(_layout)
