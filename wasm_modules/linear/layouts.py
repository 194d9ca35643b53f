"""How the operands of linear lie in a Wasm memory: W in the panels that its module walks."""

from functools import partial

import numpy as np

from app.core.program import RESULT, Binding, Layout, Role, Step
from app.core.sketch import Sketch, sketch
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.linear import ending_of
from wasm_modules.matmul.layouts import TILE_BYTES


def _up(count: int, multiple: int) -> int:
    return -(-count // multiple) * multiple


def packed(w: np.ndarray, parameters: Parameters) -> np.ndarray:
    """``w`` (depth, columns) as the module walks it: blocks of columns, of depth in these, panels in those.

    A panel is ``nr`` columns side by side, one depth after the other. Panels are padded with zeros.
    """
    nr, unroll, kc, nc = (int(parameters[name]) for name in ("nr", "unroll", "kc", "nc"))
    deep, wide = kc // unroll * unroll, nc // nr * nr
    depth, columns = w.shape
    depths = [_up(min(deep, depth - k), unroll) for k in range(0, depth, deep)]
    if isinstance(w, Sketch):
        return sketch((sum(depths) * _up(columns, nr),))
    found = np.zeros(sum(depths) * _up(columns, nr), np.float32)
    at = 0
    for j in range(0, columns, wide):
        for k, rows in zip(range(0, depth, deep), depths, strict=True):
            block = w[k : k + deep, j : j + wide]
            panels = found[at : at + rows * _up(block.shape[1], nr)].reshape(-1, rows, nr)
            at += panels.size
            whole = block.shape[1] // nr
            panels[:whole, : len(block)] = (
                block[:, : whole * nr].reshape(len(block), whole, nr).transpose(1, 0, 2)
            )
            if rest := block.shape[1] % nr:
                panels[whole, : len(block), :rest] = block[:, whole * nr :]
    return found


def _layout(apart: bool, operands: Operands, parameters: Parameters) -> Layout:
    x, w, bias, residual, _ = operands
    activation, biased, added = ending_of(operands, int(parameters["ending"]))
    (rows, depth), columns = x.shape, w.shape[1]
    scalars: dict[str, int | float] = {"rows": rows, "columns": columns, "depth": depth}
    more = {**({"residual": residual} if added else {}), **({"bias": bias} if biased else {})}
    block = 4 * int(parameters["kc"]) * int(parameters["mc"]) + TILE_BYTES
    steps: tuple[Step, ...] = ()
    if apart:

        def step(
            entry: str, name: str, reads: tuple[Binding, ...], scratch: tuple[Binding, ...] = ()
        ) -> Step:
            return Step(entry, reads, (*scratch, RESULT), scalars, name=name)

        steps = (
            step("run", "product", ("a", "b"), ("work",)),
            *(
                [step("activate", "bias and activation", ("bias",) if biased else ())]
                if activation != "none" or biased
                else []
            ),
            *([step("add_residual", "residual", ("residual",))] if added else []),
        )
    return Layout(
        buffers={"a": x, "b": packed(w, parameters), **more},
        scalars=scalars,
        output=(np.dtype(np.float32), rows * columns),
        stored=lambda: operands,
        scratch={"work": int(parameters.get("threads", 1)) * block},
        decode=lambda raw: raw.reshape(rows, columns),
        steps=steps,
        roles={"a": Role.ACTIVATIONS, "residual": Role.ACTIVATIONS},
    )


LAYOUTS = {"fused": partial(_layout, False), "apart": partial(_layout, True)}
