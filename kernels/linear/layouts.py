"""How the operands of linear lie in memory for WGSL: X and W as those of matmul, the rest as its answer."""

from dataclasses import replace
from functools import partial

import numpy as np

from app.core.program import RESULT, Binding, Grid, Layout, Role, Rows, Step
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.linear import ending_of
from kernels.matmul.layouts import LAYOUTS as MATMUL


def _linear(name: str, apart: bool, operands: Operands, parameters: Parameters) -> Layout:
    """One step, or one each for the product, bias with activation, and the residual."""
    x, w, bias, residual, which = operands
    product = MATMUL[name]((x, w), parameters)
    rows = int(product.scalars["rows"])
    # Columns are counted in words of four but where products are stored one by one.
    words = int(product.scalars["columns"])
    columns = words if name.endswith(("flat", "cooperative")) else 4 * words
    more = {
        "residual": np.pad(residual, ((0, rows - len(residual)), (0, columns - residual.shape[1]))),
        "bias": np.pad(bias, (0, columns - len(bias))),
    }
    activation, biased, added = ending_of(operands, int(parameters["ending"]))
    present = {"residual": added, "bias": biased}
    more = {name: buffer for name, buffer in more.items() if present[name]}
    assert product.rows is not None
    own = product.rows
    rest = {"activate": activation != "none" or biased, "add_residual": added} if apart else {}

    def grids(count: int) -> dict[str, Grid]:
        each = (-(-words // 64), count, 1)
        return {**own.grids(count), **{entry: each for entry, there in rest.items() if there}}

    # The residual has the rows of the answer.
    split = replace(own, bytes={**own.bytes, **({"residual": 4 * columns} if added else {})}, grids=grids)
    return replace(
        product,
        buffers={**product.buffers, **more},
        stored=lambda: (*product.stored(), bias, residual, which),
        steps=_steps(split, product, biased) if apart else (),
        rows=split,
        roles={"a": Role.ACTIVATIONS, "residual": Role.ACTIVATIONS},
    )


def _steps(rows: Rows, product: Layout, biased: bool) -> tuple[Step, ...]:
    """The product, and in its place what the rest makes of it."""
    reads: dict[str, tuple[str, tuple[Binding, ...]]] = {
        "main": ("product", ("a", "b")),
        "activate": ("bias and activation", ("bias",) if biased else ()),
        "add_residual": ("residual", ("residual",)),
    }
    return tuple(
        Step(entry, reads[entry][1], (RESULT,), product.scalars, grid, name=reads[entry][0], rows=rows)
        for entry, grid in rows.passes.items()
    )


LAYOUTS = {
    **{
        f"{storage}-{way}": partial(_linear, f"{storage}-{way}", False)
        for storage in ("f32", "f16")
        for way in ("flat", "words", "blocked")
    },
    **{f"{storage}-apart": partial(_linear, f"{storage}-words", True) for storage in ("f32", "f16")},
    "f16-cooperative": partial(_linear, "f16-cooperative", False),
}
