"""How the operands of q4-matvec lie in a Wasm memory: weights in the bytes of their format, row after row."""

from functools import partial

from app.workloads.blocks import FORMATS
from wasm_modules.blocks import by_rows
from wasm_modules.matvec.layouts import f32

LAYOUTS = {
    "f32": f32,
    **{f"{form}-{compute}": partial(by_rows, form, compute) for form in FORMATS for compute in ("f32", "i8")},
}
