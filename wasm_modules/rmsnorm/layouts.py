"""The operands of rmsnorm in a Wasm memory: rows of whole turns, padded with zeros."""

from app.core.program import Layout
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.rmsnorm import EPSILON
from wasm_modules.rows import laid_out, padded


def _layout(operands: Operands, parameters: Parameters) -> Layout:
    gain, x = operands
    buffers = {"gain": padded(gain, parameters), "x": padded(x, parameters)}
    return laid_out(x, buffers, operands, {"columns": float(x.shape[1]), "epsilon": EPSILON})


LAYOUTS = {"f32": _layout}
