"""How the operands of matmul lie in memory for WGSL.

``flat``: row after row. ``words``: the same in words of four, padded to whole workgroups. ``blocked``: A in
blocks of one thread's rows, [rows / n][depth / 4][n], and B in blocks of one thread's columns,
[columns / n][depth][n]. A word of 8-bit integers holds four along the depth.
"""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

import numpy as np

from app.core.program import RESULT as ANSWER
from app.core.program import Grid, Layout, Rows
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.blocks import of_columns
from app.workloads.quantise import Quantised, QuantisedRows, contiguous, quantise, quantise_rows
from kernels.blocks import by_tokens

RESULT = np.dtype(np.float32)
BYTES = ("u8", "i8", "channels")
"""What is stored in a byte an element."""


def _flat(storage: str, operands: Operands, parameters: Parameters) -> Layout:
    stored = _Stored(storage, operands)
    a, b = stored.a, stored.b
    rows, columns = len(a), b.shape[1]
    if storage == "u8":
        a, b = _pad(a, 1, 4), _packed(_pad(b, 4, 1))
    tile = int(parameters["tile"])
    buffers = {"a": a, "b": b, **stored.beside(rows, columns)}

    def grids(count: int) -> dict[str, Grid]:
        return {"main": (-(-columns // tile), -(-count // tile), 1)}

    in_parts = _rows(rows, columns, buffers, grids)
    return Layout(
        buffers=buffers,
        scalars={"rows": rows, "columns": columns, "depth": len(b), **stored.scalars},
        output=(RESULT, rows * columns),
        stored=stored.wide,
        passes=in_parts.passes,
        rows=in_parts,
        decode=lambda raw: raw.reshape(rows, columns),
    )


def _words(storage: str, blocked: bool, operands: Operands, parameters: Parameters) -> Layout:
    stored = _Stored(storage, operands)
    rows, columns = len(stored.a), stored.b.shape[1]
    p = {name: int(value) for name, value in parameters.items()}
    block_rows = p["tile_rows"] * p["workgroup_y"]
    block_columns = p["tile_columns"] * p["workgroup_x"]
    split = p.get("split", 1)
    deep = 4 * p.get("stage", 1) * split
    a, b = _pad(stored.a, block_rows, deep), _pad(stored.b, deep, block_columns)
    padded_rows, padded_columns, depth = len(a), b.shape[1], len(b) // 4
    if storage in BYTES:
        b = _packed(b)
    if blocked:
        a = a.reshape(-1, p["tile_rows"], depth, 4).transpose(0, 2, 1, 3)
        lanes = b.reshape(-1, padded_columns // p["tile_columns"], p["tile_columns"])
        b = lanes.transpose(1, 0, 2)
    buffers = {"a": contiguous(a), "b": contiguous(b), **stored.beside(padded_rows, padded_columns)}
    reused = {"partial": 4 * padded_columns * split} if "split" in p else {}

    def grids(count: int) -> dict[str, Grid]:
        found = {"main": (padded_columns // block_columns, count // block_rows, split)}
        return {**found, "add_parts": (-(-padded_columns // 256), count, 1)} if "split" in p else found

    in_parts = _rows(padded_rows, padded_columns, buffers, grids, block_rows, reused)
    return Layout(
        buffers=buffers,
        scalars={"rows": padded_rows, "columns": padded_columns // 4, "depth": depth, **stored.scalars},
        output=(RESULT, padded_rows * padded_columns),
        stored=stored.wide,
        passes=in_parts.passes,
        scratch=in_parts.scratch,
        decode=lambda raw: raw.reshape(padded_rows, padded_columns)[:rows, :columns],
        rows=in_parts,
    )


def _cooperative(storage: str, operands: Operands, parameters: Parameters) -> Layout:
    """Row after row, padded to whole tiles of a workgroup; integers are summed up apart, then decoded."""
    stored = _Stored(storage, operands)
    rows, columns = len(stored.a), stored.b.shape[1]
    p = {name: int(value) for name, value in parameters.items()}
    down, across = p["m"] * p["tiles_down"], p["n"] * p["tiles_across"]
    a, b = _pad(stored.a, down, p["k"]), _pad(stored.b, p["k"], across)
    padded_rows, padded_columns = len(a), b.shape[1]
    buffers = {"a": a, "b": b, **stored.beside(padded_rows, padded_columns)}
    reused = {} if storage == "f16" else {"products": 4 * padded_columns}

    def grids(count: int) -> dict[str, Grid]:
        found = {"main": (padded_columns // across, count // down, 1)}
        return {**found, "finish": (-(-padded_columns // 64), count, 1)} if reused else found

    in_parts = _rows(padded_rows, padded_columns, buffers, grids, down, reused)
    return Layout(
        buffers=buffers,
        scalars={"rows": padded_rows, "columns": padded_columns, "depth": len(b), **stored.scalars},
        output=(RESULT, padded_rows * padded_columns),
        stored=stored.wide,
        passes=in_parts.passes,
        scratch=in_parts.scratch,
        decode=lambda raw: raw.reshape(padded_rows, padded_columns)[:rows, :columns],
        rows=in_parts,
    )


def _rows(
    rows: int,
    columns: int,
    buffers: Mapping[str, np.ndarray],
    grids: Callable[[int], Mapping[str, Grid]],
    whole: int = 1,
    reused: Mapping[str, int] = MappingProxyType({}),
) -> Rows:
    """Those of A and the result; B is read as a whole for each."""
    sizes = {
        name: buffers[name].nbytes // rows for name in ("a", "row_zero", "row_scales") if name in buffers
    }
    return Rows(rows, {**sizes, ANSWER: columns * RESULT.itemsize}, grids, whole=whole, reused=reused)


class _Stored:
    """The operands in their storage type, with what 8-bit integers need besides.

    Those called ``channels`` have a scale for each row of A and each column of B; others one for all.
    """

    def __init__(self, storage: str, operands: Operands) -> None:
        self._quantised: tuple[Quantised, Quantised] | None = None
        self._channels: tuple[QuantisedRows, QuantisedRows] | None = None
        if storage == "channels":
            self._channels = (quantise_rows(operands[0]), quantise_rows(operands[1].T))
            self.a, self.b = self._channels[0].values, self._channels[1].values.T
        elif storage in BYTES:
            dtype, point = (np.uint8, 128) if storage == "u8" else (np.int8, 0)
            a, b = (quantise(operand, dtype, point, 127) for operand in operands)
            self._quantised = (a, b)
            self.a, self.b = a.values, b.values
        else:
            wide = np.float32 if storage == "f32" else np.float16
            self.a, self.b = (operand.astype(wide, copy=False) for operand in operands)

    @property
    def scalars(self) -> dict[str, int | float]:
        return {"scale": self._quantised[0].scale * self._quantised[1].scale} if self._quantised else {}

    def beside(self, rows: int, columns: int) -> dict[str, np.ndarray]:
        """Scales, or what sum (q - z)(p - z) = sum q p - z sum q - z sum p + z^2 n takes of each."""
        if self._channels:
            a, b = (one.scales for one in self._channels)
            return {
                "row_scales": np.pad(a, (0, rows - len(a))),
                "column_scales": np.pad(b, (0, columns - len(b))),
            }
        if not self._quantised:
            return {}
        zero = self._quantised[0].zero
        row = zero * zero * self.a.shape[1] - zero * self.a.sum(axis=1, dtype=np.int64)
        column = -zero * self.b.sum(axis=0, dtype=np.int64)
        return {
            "row_zero": np.pad(row.astype(np.int32), (0, rows - len(row))),
            "column_zero": np.pad(column.astype(np.int32), (0, columns - len(column))),
        }

    def wide(self) -> Operands:
        if self._channels:
            return self._channels[0].wide(), self._channels[1].wide().T
        return tuple(q.wide() for q in self._quantised) if self._quantised else (self.a, self.b)


def _pad(array: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """``array`` zero-padded to multiples of both; as it is when it fits."""
    missing = (-array.shape[0] % rows, -array.shape[1] % columns)
    return np.pad(array, ((0, missing[0]), (0, missing[1]))) if any(missing) else array


def _packed(b: np.ndarray) -> np.ndarray:
    """Bytes (depth, columns) as u32 (depth / 4, columns) that hold four along the depth, lowest first."""
    quads = b.reshape(len(b) // 4, 4, b.shape[1]).transpose(0, 2, 1)
    packed: np.ndarray = contiguous(quads).view(np.uint32)[..., 0]
    return packed


def _blocks(operands: Operands, parameters: Parameters) -> Layout:
    """A in llama.cpp's Q8_0, a column of B in blocks of 8 bits after the other; the answer as well."""
    a, b = operands
    return of_columns(by_tokens("q8_0", "i8", (a, contiguous(b.T)), parameters))


LAYOUTS: dict[str, Callable[[Operands, Parameters], Layout]] = {
    f"{storage}-{name}": layout
    for storage in ("f32", "f16", "u8")
    for name, layout in {
        "flat": partial(_flat, storage),
        "words": partial(_words, storage, False),
        "blocked": partial(_words, storage, True),
    }.items()
}
LAYOUTS.update({f"{storage}-cooperative": partial(_cooperative, storage) for storage in ("f16", "i8", "u8")})
LAYOUTS.update({"i8-channels": partial(_words, "channels", False), "i8-blocks": _blocks})
