"""The operand of copy in a Wasm memory, padded with zeros to whole steps of the loop."""

import numpy as np

from app.core.program import Layout
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.quantise import pad_columns


def _padded(operands: Operands, parameters: Parameters) -> Layout:
    count, source = len(operands[0]), pad_columns(operands[0], 32)
    return Layout(
        buffers={"source": source},
        scalars={"bytes": source.nbytes},
        output=(np.dtype(np.float32), len(source)),
        stored=lambda: operands,
        decode=lambda raw: raw[:count],
    )


LAYOUTS = {"padded": _padded}
