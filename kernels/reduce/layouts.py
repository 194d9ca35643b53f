"""How the operand of reduce lies in memory for WGSL: words of four numbers, the last padded with zeros."""

import numpy as np

from app.core.program import Layout
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.quantise import pad_columns


def _words(operands: Operands, parameters: Parameters) -> Layout:
    values = pad_columns(operands[0], 4)
    groups = int(parameters["groups"])
    return Layout(
        buffers={"values": values},
        scalars={"words": len(values) // 4},
        output=(np.dtype(np.float32), 1),
        stored=lambda: operands,
        passes={"main": (groups, 1, 1), "add_parts": (1, 1, 1)},
        scratch={"partial": 4 * groups},
    )


LAYOUTS = {"words": _words}
