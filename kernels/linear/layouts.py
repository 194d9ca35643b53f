"""How the operands of linear lie in memory for WGSL: X and W as those of matmul, the rest as its answer."""

from dataclasses import replace
from functools import partial

import numpy as np

from app.core.program import RESULT, Grid, Layout, Role, Step
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
    assert product.rows is not None
    own = product.rows
    reused = {"products": 4 * columns} if apart else own.reused

    def grids(count: int) -> dict[str, Grid]:
        rest = (-(-words // 64), count, 1)
        return {**own.grids(count), **({"activate": rest, "add_residual": rest} if apart else {})}

    # The residual has the rows of the answer.
    split = replace(own, bytes={**own.bytes, "residual": 4 * columns}, grids=grids, reused=reused)
    steps: tuple[Step, ...] = ()
    if apart:
        whole = split.passes

        def step(name: str, entry: str, reads: tuple[str, ...], write: str) -> Step:
            return Step(entry, reads, (write,), product.scalars, whole[entry], name=name, rows=split)

        steps = (
            step("product", "main", ("a", "b"), "products"),
            step("bias and gelu", "activate", ("bias",), "products"),
            step("residual", "add_residual", ("residual", "products"), RESULT),
        )
    return replace(
        product,
        # The residual before the bias: of two as small, whoever changes one to see the answer follow
        # takes the first, and gelu of much below zero hides what it is a sum of.
        buffers={**product.buffers, **more},
        scratch=split.scratch,
        stored=lambda: (*product.stored(), bias, residual),
        steps=steps,
        rows=split,
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
