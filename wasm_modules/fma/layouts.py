"""The operand of fma in a Wasm memory: the starts, padded to as many as are in registers at a time."""

import numpy as np

from app.core.program import Layout
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.fma import ROUNDS
from app.workloads.quantise import pad_columns

PRODUCTS = 4
"""Multiply-adds in a lane of one dot product: a quarter of the rounds is as much work."""


def _layout(operands: Operands, parameters: Parameters, rounds: int) -> Layout:
    count, start = len(operands[0]), pad_columns(operands[0], int(parameters["xs"]))
    return Layout(
        buffers={"start": start},
        scalars={"count": len(start), "rounds": rounds},
        output=(np.dtype(np.float32), len(start)),
        stored=lambda: operands,
        decode=lambda raw: raw[:count],
    )


LAYOUTS = {
    "f32": lambda operands, parameters: _layout(operands, parameters, ROUNDS),
    "dot": lambda operands, parameters: _layout(operands, parameters, ROUNDS // PRODUCTS),
}
