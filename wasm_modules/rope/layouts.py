"""How the operands of rope lie in a Wasm memory: halves of heads in whole vectors, padded with zeros."""

import numpy as np

from app.core.program import Layout, Role
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.rope import halves, whole


def _layout(operands: Operands, parameters: Parameters) -> Layout:
    table, x = (halves(operand) for operand in operands)
    tokens, heads, _, half = x.shape
    return Layout(
        buffers={"table": table, "x": x},
        scalars={"tokens": tokens, "heads": heads, "half": 4 * half},
        output=(np.dtype(np.float32), x.size),
        stored=lambda: operands,
        decode=lambda raw: whole(raw, operands[1]),
        roles={"x": Role.ACTIVATIONS},
    )


LAYOUTS = {"f32": _layout}
