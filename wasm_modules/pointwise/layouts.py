"""How the operands of pointwise lie in a Wasm memory: as those of matmul, a row for each pixel."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from app.core.program import Layout, Role
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.pointwise import flat
from wasm_modules.matmul.layouts import LAYOUTS as MATMUL


def _pixels(
    product: Callable[[Operands, Parameters], Layout], operands: Operands, parameters: Parameters
) -> Layout:
    height, width, _ = operands[0].shape
    return replace(
        product(flat(operands), parameters),
        stored=lambda: operands,
        decode=lambda raw: raw.reshape(height, width, -1),
        roles={"a": Role.ACTIVATIONS},
    )


LAYOUTS = {name: partial(_pixels, MATMUL[name]) for name in ("plain", "f32")}
