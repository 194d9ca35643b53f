"""Operators that treat each row alike: how their operands lie in a Wasm memory, and their variants."""

import numpy as np

from app.core.program import Layout
from app.core.variant import Parameter, Parameters, Variant
from app.core.workload import Operands
from app.workloads.quantise import pad_columns
from wasm_modules.ways import float_variants

RESULT = np.dtype(np.float32)


def turn(parameters: Parameters) -> int:
    """Elements of one turn of a walk with four lanes; rows are padded to whole ones."""
    return 4 * int(parameters["sums"])


def laid_out(
    x: np.ndarray,
    buffers: dict[str, np.ndarray],
    stored: Operands,
    scalars: dict[str, int | float] | None = None,
) -> Layout:
    """A layout whose result is shaped as ``x``, (rows, columns); ``buffers`` are padded, x the last."""
    rows, columns = x.shape
    wide = next(reversed(buffers.values())).shape[1]
    return Layout(
        buffers=buffers,
        scalars={"rows": rows, "row_bytes": 4 * wide, **(scalars or {})},
        output=(RESULT, rows * wide),
        stored=lambda: stored,
        decode=lambda raw: raw.reshape(rows, wide)[:, :columns],
    )


def padded(array: np.ndarray, parameters: Parameters, value: float = 0.0) -> np.ndarray:
    """``array`` with rows of whole turns, what is added being ``value``."""
    if not value:
        return pad_columns(array, turn(parameters))
    widths = [(0, 0)] * (array.ndim - 1) + [(0, -array.shape[-1] % turn(parameters))]
    return np.pad(array, widths, constant_values=value) if widths[-1][1] else array


def variants(workload: str) -> list[Variant]:
    """Those of ``float_variants``, by the sums of a turn."""
    return float_variants(workload, Parameter("sums", gpu=4, cpu=4, choices=(1, 2, 4, 8)))
