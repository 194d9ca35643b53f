"""The operand of quantise in a Wasm memory, a block after the other, padded with zeros to whole vectors."""

import numpy as np

from app.core.program import Layout, Role
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.quantise import pad_columns
from app.workloads.quantise_blocks import codes_with_scales


def _layout(operands: Operands, parameters: Parameters) -> Layout:
    shape = operands[0].shape
    x = pad_columns(operands[0].reshape(-1, shape[2]), 4)
    return Layout(
        buffers={"x": x},
        scalars={"blocks": len(x), "block_bytes": 4 * x.shape[1]},
        output=(np.dtype(np.uint32), len(x) * (x.shape[1] // 4 + 1)),
        stored=lambda: operands,
        decode=lambda raw: codes_with_scales(raw, shape),
        roles={"x": Role.ACTIVATIONS},
    )


LAYOUTS = {"f32": _layout}
