"""How the operands of matmul lie in memory for WGSL.

``flat``: row after row. ``words``: the same in words of four, padded to whole workgroups. ``blocked``: A in
blocks of one thread's rows, [rows / n][depth / 4][n], and B in blocks of one thread's columns,
[columns / n][depth][n]. A word of 8-bit integers holds four along the depth.
"""

from functools import partial

import numpy as np

from app.core.program import Layout
from app.core.quantise import Quantised, quantise
from app.core.variant import Parameters
from app.core.workload import Operands

RESULT = np.dtype(np.float32)


def _flat(storage: str, operands: Operands, parameters: Parameters) -> Layout:
    stored = _Stored(storage, operands)
    a, b = stored.a, stored.b
    rows, columns = len(a), b.shape[1]
    if storage == "u8":
        a, b = _pad(a, 1, 4), _packed(_pad(b, 4, 1))
    tile = int(parameters["tile"])
    return Layout(
        buffers={"a": a, "b": b, **stored.zeros(rows, columns)},
        scalars={"rows": rows, "columns": columns, "depth": len(b), **stored.scalars},
        output=(RESULT, rows * columns),
        stored=stored.wide,
        passes={"main": (-(-columns // tile), -(-rows // tile), 1)},
        decode=lambda raw: raw.reshape(rows, columns),
    )


def _words(storage: str, blocked: bool, operands: Operands, parameters: Parameters) -> Layout:
    stored = _Stored(storage, operands)
    rows, columns = len(stored.a), stored.b.shape[1]
    p = {name: int(value) for name, value in parameters.items()}
    block_rows = p["tile_rows"] * p["workgroup_y"]
    block_columns = p["tile_columns"] * p["workgroup_x"]
    a = _pad(stored.a, block_rows, 4 * p.get("stage", 1))
    b = _pad(stored.b, 4 * p.get("stage", 1), block_columns)
    padded_rows, padded_columns, depth = len(a), b.shape[1], len(b) // 4
    if storage == "u8":
        b = _packed(b)
    if blocked:
        a = a.reshape(-1, p["tile_rows"], depth, 4).transpose(0, 2, 1, 3)
        lanes = b.reshape(-1, padded_columns // p["tile_columns"], p["tile_columns"])
        b = lanes.transpose(1, 0, 2)
    return Layout(
        buffers={
            "a": np.ascontiguousarray(a),
            "b": np.ascontiguousarray(b),
            **stored.zeros(padded_rows, padded_columns),
        },
        scalars={"rows": padded_rows, "columns": padded_columns // 4, "depth": depth, **stored.scalars},
        output=(RESULT, padded_rows * padded_columns),
        stored=stored.wide,
        passes={"main": (padded_columns // block_columns, padded_rows // block_rows, 1)},
        decode=lambda raw: raw.reshape(padded_rows, padded_columns)[:rows, :columns],
    )


class _Stored:
    """The operands in their storage type, with what 8-bit integers need besides."""

    def __init__(self, storage: str, operands: Operands) -> None:
        self._quantised: tuple[Quantised, Quantised] | None = None
        if storage == "u8":
            a, b = (quantise(operand, np.uint8, 128, 127) for operand in operands)
            self._quantised = (a, b)
            self.a, self.b = a.values, b.values
        else:
            dtype = {"f32": np.float32, "f16": np.float16}[storage]
            self.a, self.b = (operand.astype(dtype, copy=False) for operand in operands)

    @property
    def scalars(self) -> dict[str, int | float]:
        return {"scale": self._quantised[0].scale * self._quantised[1].scale} if self._quantised else {}

    def zeros(self, rows: int, columns: int) -> dict[str, np.ndarray]:
        """sum (q - 128)(p - 128) = sum q p - 128 sum q - 128 sum p + 128^2 n, split into rows and columns."""
        if not self._quantised:
            return {}
        row = 128 * 128 * self.a.shape[1] - 128 * self.a.sum(axis=1, dtype=np.int64)
        column = -128 * self.b.sum(axis=0, dtype=np.int64)
        return {
            "row_zero": np.pad(row.astype(np.int32), (0, rows - len(row))),
            "column_zero": np.pad(column.astype(np.int32), (0, columns - len(column))),
        }

    def wide(self) -> Operands:
        return tuple(q.wide() for q in self._quantised) if self._quantised else (self.a, self.b)


def _pad(array: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """``array`` zero-padded to multiples of both; as it is when it fits."""
    missing = (-array.shape[0] % rows, -array.shape[1] % columns)
    return np.pad(array, ((0, missing[0]), (0, missing[1]))) if any(missing) else array


def _packed(b: np.ndarray) -> np.ndarray:
    """Bytes (depth, columns) as u32 (depth / 4, columns) that hold four along the depth, lowest first."""
    quads = b.reshape(len(b) // 4, 4, b.shape[1]).transpose(0, 2, 1)
    packed: np.ndarray = np.ascontiguousarray(quads).view(np.uint32)[..., 0]
    return packed


LAYOUTS = {
    f"{storage}-{name}": layout
    for storage in ("f32", "f16", "u8")
    for name, layout in {
        "flat": partial(_flat, storage),
        "words": partial(_words, storage, False),
        "blocked": partial(_words, storage, True),
    }.items()
}
