"""Operators that treat each element alike: how their operands lie in a Wasm memory, and their variants."""

from collections.abc import Callable
from functools import partial

import numpy as np

from app.core.program import Layout
from app.core.variant import Parameter, Parameters, Variant
from app.core.workload import Operands
from app.workloads.quantise import pad_columns
from wasm_modules.ways import float_variants


def _laid_out(names: tuple[str, ...], operands: Operands, parameters: Parameters) -> Layout:
    turn = 4 * int(parameters["unroll"])
    flat = [pad_columns(operand.reshape(-1), turn) for operand in operands]
    shape, size = operands[0].shape, operands[0].size
    return Layout(
        buffers=dict(zip(names, flat, strict=True)),
        scalars={"turns": len(flat[0]) // turn},
        output=(np.dtype(np.float32), len(flat[0])),
        stored=lambda: operands,
        decode=lambda raw: raw[:size].reshape(shape),
    )


def layouts(*names: str) -> dict[str, Callable[[Operands, Parameters], Layout]]:
    """That of operands called ``names``, padded with zeros to whole turns of the loop."""
    return {"f32": partial(_laid_out, names)}


def variants(workload: str) -> list[Variant]:
    """Those of ``float_variants``, by the vectors of a turn."""
    return float_variants(workload, Parameter("unroll", gpu=2, cpu=2, choices=(1, 2, 4)))
