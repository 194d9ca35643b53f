"""The operands of layernorm in a Wasm memory: rows of whole turns, padded with zeros."""

from app.core.program import Layout
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.layernorm import EPSILON
from wasm_modules.rows import laid_out, padded, turn


def _layout(operands: Operands, parameters: Parameters) -> Layout:
    x = operands[-1]
    columns = x.shape[1]
    names = ("shift", "gain", "x")
    buffers = {name: padded(one, parameters) for name, one in zip(names, operands, strict=True)}
    whole = columns // turn(parameters) * turn(parameters)
    scalars: dict[str, int | float] = {"whole_bytes": 4 * whole, "own_bytes": 4 * columns}
    return laid_out(x, buffers, operands, {**scalars, "columns": float(columns), "epsilon": EPSILON})


LAYOUTS = {"f32": _layout}
