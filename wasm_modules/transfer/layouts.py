"""The bytes of a transfer, as they are."""

import numpy as np

from app.core.program import Layout
from app.core.variant import Parameters
from app.core.workload import Operands


def _bytes(operands: Operands, parameters: Parameters) -> Layout:
    (source,) = operands
    return Layout(
        buffers={"source": source},
        scalars={"bytes": source.nbytes},
        output=(np.dtype(np.float32), len(source)),
        stored=lambda: operands,
    )


LAYOUTS = {"bytes": _bytes}
