"""n, and room for a stack that was unwound."""

import numpy as np

from app.core.program import Layout
from app.core.variant import Parameters
from app.core.workload import Operands

STACK_BYTES = 8192


def _number(operands: Operands, parameters: Parameters) -> Layout:
    return Layout(
        buffers={},
        scratch={"stack": STACK_BYTES},
        scalars={"n": int(operands[0][0])},
        output=(np.dtype(np.float32), 1),
        stored=lambda: operands,
    )


LAYOUTS = {"number": _number}
