"""How the operand of softmax lies in memory for WGSL: in whole words, padded with what exp makes zero."""

import numpy as np

from app.core.program import Layout
from app.core.variant import Parameters
from app.core.workload import Operands
from kernels.rows import laid_out, layouts, padded


def _layout(storage: type[np.floating], shared: bool, operands: Operands, parameters: Parameters) -> Layout:
    x = operands[0].astype(storage, copy=False)
    return laid_out(x.shape, {"x": padded(x, float(np.finfo(storage).min))}, (x,), parameters, shared)


LAYOUTS = layouts(_layout)
