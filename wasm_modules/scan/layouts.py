"""The operand of scan in a Wasm memory, padded with zeros to whole steps of the loop."""

import numpy as np

from app.core.program import Layout
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.quantise import pad_columns


def _padded(operands: Operands, parameters: Parameters) -> Layout:
    count, x = len(operands[0]), pad_columns(operands[0], 16)
    return Layout(
        buffers={"x": x},
        scalars={"bytes": x.nbytes},
        output=(np.dtype(np.float32), len(x)),
        stored=lambda: operands,
        decode=lambda raw: raw[:count],
    )


LAYOUTS = {"padded": _padded}
