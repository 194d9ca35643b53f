"""How the operands of linear lie in memory for WGSL: X and W as those of matmul, the rest as its answer."""

from dataclasses import replace
from functools import partial

import numpy as np

from app.core.program import RESULT, Layout, Role, Step
from app.core.variant import Parameters
from app.core.workload import Operands
from kernels.matmul.layouts import LAYOUTS as MATMUL


def _linear(name: str, apart: bool, operands: Operands, parameters: Parameters) -> Layout:
    """One step, or one each for the product, bias with gelu, and the residual."""
    x, w, bias, residual = operands
    product = MATMUL[name]((x, w), parameters)
    rows = int(product.scalars["rows"])
    words = int(product.scalars["columns"])
    columns = words if name.endswith("flat") else 4 * words
    more = {
        "residual": np.pad(residual, ((0, rows - len(x)), (0, columns - len(bias)))),
        "bias": np.pad(bias, (0, columns - len(bias))),
    }
    steps: tuple[Step, ...] = ()
    if apart:
        grid = (-(-words // 64), rows, 1)
        steps = (
            Step("main", ("a", "b"), ("products",), product.scalars, product.passes["main"], name="product"),
            Step("activate", ("bias",), ("products",), product.scalars, grid, name="bias and gelu"),
            Step("add_residual", ("residual", "products"), (RESULT,), product.scalars, grid, name="residual"),
        )
    return replace(
        product,
        # The residual before the bias: of two as small, whoever changes one to see the answer follow
        # takes the first, and gelu of much below zero hides what it is a sum of.
        buffers={**product.buffers, **more},
        scratch={"products": 4 * rows * columns} if apart else product.scratch,
        stored=lambda: (*product.stored(), bias, residual),
        steps=steps,
        roles={"a": Role.ACTIVATIONS, "residual": Role.ACTIVATIONS},
    )


LAYOUTS = {
    **{
        f"{storage}-{way}": partial(_linear, f"{storage}-{way}", False)
        for storage in ("f32", "f16")
        for way in ("flat", "words", "blocked")
    },
    **{f"{storage}-apart": partial(_linear, f"{storage}-words", True) for storage in ("f32", "f16")},
}
