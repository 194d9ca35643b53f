"""The operands of fma for WGSL: the starts, and factors as scalars, so that no compiler can know them."""

import numpy as np

from app.core.program import Layout
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.fma import ROUNDS, STEPS

PRODUCTS = 4
"""Multiply-adds in one dot product of packed bytes: a quarter of the rounds is as much work."""


def _layout(operands: Operands, parameters: Parameters, scalars: dict[str, int | float]) -> Layout:
    count = len(operands[0])
    return Layout(
        buffers={"start": operands[0]},
        scalars={"count": count, **scalars},
        output=(np.dtype(np.float32), count),
        stored=lambda: operands,
        passes={"main": (-(-count // int(parameters["workgroup_size"])), 1, 1)},
    )


def _floats(operands: Operands, parameters: Parameters) -> Layout:
    """Two steps add two: 2 x + 2, then half of that plus one."""
    steps = {"double": 2.0, "two": 2.0, "half": 0.5, "one": 1.0, "back": STEPS - 1.0}
    return _layout(operands, parameters, {"rounds": ROUNDS, **steps})


def _dot4(operands: Operands, parameters: Parameters) -> Layout:
    """A step adds one; the other three of its four products are zero, which takes hardware no less time."""
    back = STEPS - PRODUCTS
    return _layout(operands, parameters, {"rounds": ROUNDS // PRODUCTS, "one": 1, "gain": 1, "back": back})


LAYOUTS = {"floats": _floats, "dot4": _dot4}
