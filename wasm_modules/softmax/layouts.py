"""The operand of softmax in a Wasm memory: in whole turns, padded with what exp makes next to nothing."""

import numpy as np

from app.core.program import Layout
from app.core.variant import Parameters
from app.core.workload import Operands
from wasm_modules.rows import laid_out, padded

LOWEST = float(np.finfo(np.float32).min)


def _layout(operands: Operands, parameters: Parameters) -> Layout:
    (x,) = operands
    return laid_out(x, {"x": padded(x, parameters, LOWEST)}, operands)


LAYOUTS = {"f32": _layout}
