"""How the operand of quantise lies in memory for WGSL: a block after the other, codes before their scale."""

from dataclasses import replace

import numpy as np

from app.core.program import RESULT, Layout, Role
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.quantise_blocks import codes_with_scales
from kernels.rows import laid_out, layouts, padded


def _layout(storage: type[np.floating], shared: bool, operands: Operands, parameters: Parameters) -> Layout:
    x = operands[0].astype(storage, copy=False)
    block = x.shape[2]
    buffers = {"x": padded(x.reshape(-1, block))}
    found = laid_out(buffers["x"].shape, buffers, (x,), parameters, shared)
    words = int(found.scalars["words"]) + 1
    assert found.rows is not None
    return replace(
        found,
        output=(np.dtype(np.uint32), len(buffers["x"]) * words),
        decode=lambda raw: codes_with_scales(raw, x.shape),
        roles={"x": Role.ACTIVATIONS},
        rows=replace(found.rows, bytes={**found.rows.bytes, RESULT: 4 * words}),
    )


LAYOUTS = layouts(_layout)
