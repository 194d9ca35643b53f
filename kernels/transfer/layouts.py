"""The bytes of a transfer, as they are."""

import numpy as np

from app.core.program import Layout
from app.core.variant import Parameters
from app.core.workload import Operands


def _bytes(operands: Operands, parameters: Parameters) -> Layout:
    count = len(operands[0])
    return Layout(
        buffers={"source": operands[0]},
        scalars={"count": count},
        output=(np.dtype(np.float32), count),
        stored=lambda: operands,
    )


LAYOUTS = {"bytes": _bytes}
