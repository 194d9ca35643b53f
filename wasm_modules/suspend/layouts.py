"""n, and room for a stack that was unwound."""

import numpy as np

from app.core.errors import LimitError
from app.core.program import Layout
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.suspend import LARGEST

STACK_BYTES = 8192


def _number(operands: Operands, parameters: Parameters) -> Layout:
    n = int(operands[0][0])
    if n > LARGEST:
        raise LimitError(f"promiseFib({n}) suspends too often; the largest here is {LARGEST}")
    return Layout(
        buffers={},
        scratch={"stack": STACK_BYTES},
        scalars={"n": n},
        output=(np.dtype(np.float32), 1),
        stored=lambda: operands,
    )


LAYOUTS = {"number": _number}
