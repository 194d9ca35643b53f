"""How the operands of matmul lie in a Wasm memory: as they come. Packing is the module's own work."""

from collections.abc import Callable
from functools import partial

import numpy as np

from app.core.program import Layout
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.blocks import of_columns
from app.workloads.quantise import Quantised, contiguous, pad_columns, quantise, quantise_rows
from wasm_modules.blocks import by_tokens

RESULT = np.dtype(np.float32)
TILE_BYTES = 4096
"""Room for one tile of C, more than sixteen vector registers hold."""


def _work(parameters: Parameters) -> dict[str, int]:
    """Room for each thread: for a packed block of A, one of B and a tile; four bytes an element at most."""
    rows, columns, depth = (int(parameters[name]) for name in ("mc", "nc", "kc"))
    return {"work": int(parameters.get("threads", 1)) * (4 * depth * (rows + columns) + TILE_BYTES)}


def _layout(
    operands: Operands,
    buffers: dict[str, np.ndarray],
    scale: float | None,
    stored: Operands,
    scratch: dict[str, int] | None = None,
) -> Layout:
    (rows, depth), columns = operands[0].shape, operands[1].shape[1]
    sizes: dict[str, int | float] = {"rows": rows, "columns": columns, "depth": depth}
    return Layout(
        buffers=buffers,
        scalars=sizes if scale is None else {**sizes, "scale": scale},
        output=(RESULT, rows * columns),
        stored=lambda: stored,
        scratch=scratch or {},
        decode=lambda raw: raw.reshape(rows, columns),
    )


def plain(operands: Operands, parameters: Parameters) -> Layout:
    """A and B as they are, nothing beside them."""
    a, b = operands
    return _layout(operands, {"a": a, "b": b}, None, operands)


def f32(operands: Operands, parameters: Parameters) -> Layout:
    """A and B as they are, and room for packed panels."""
    a, b = operands
    return _layout(operands, {"a": a, "b": b}, None, operands, _work(parameters))


def f16(operands: Operands, parameters: Parameters) -> Layout:
    """A and B as f16."""
    a, b = (operand.astype(np.float16) for operand in operands)
    return _layout(operands, {"a": a, "b": b}, None, (a, b), _work(parameters))


def _i8(operands: Operands, parameters: Parameters, a: Quantised) -> Layout:
    """A as given, B as i8.

    sum (q - z) p = sum q p - z sum p: the second term is summed up per column beforehand, as runtimes do
    once per model, since B holds the weights.
    """
    b = quantise(operands[1], np.int8, 0, 127)
    zero = (-a.zero * b.values.sum(axis=0, dtype=np.int64)).astype(np.int32)
    return _layout(
        operands,
        {"a": a.values, "b": b.values, "zero": pad_columns(zero, 64)},
        a.scale * b.scale,
        (a.wide(), b.wide()),
        _work(parameters),
    )


def i8(operands: Operands, parameters: Parameters) -> Layout:
    """A and B as i8."""
    return _i8(operands, parameters, quantise(operands[0], np.int8, 0, 127))


def i8_i7(operands: Operands, parameters: Parameters) -> Layout:
    """A as 0..127 around a zero point of 64, B as i8."""
    return _i8(operands, parameters, quantise(operands[0], np.int8, 64, 63))


def channels(zero: int, largest: int, operands: Operands, parameters: Parameters) -> Layout:
    """A as i8 within ``largest`` of a zero point, a scale for each row, and B as i8, one for each column."""
    a, b = quantise_rows(operands[0], zero, largest), quantise_rows(operands[1].T)
    columns = contiguous(b.values.T)
    beside = {
        "zero": (-zero * columns.sum(axis=0, dtype=np.int64)).astype(np.int32),
        "row_scales": a.scales,
        "column_scales": b.scales,
    }
    return _layout(
        operands,
        {"a": a.values, "b": columns, **{name: pad_columns(one, 64) for name, one in beside.items()}},
        None,
        (a.wide(), b.wide().T),
        _work(parameters),
    )


def blocks(operands: Operands, parameters: Parameters) -> Layout:
    """A as 0..127 around a zero point of 64 and the columns of B as i8, both in blocks of 32."""
    a, b = operands
    return of_columns(by_tokens("q7_0", "i8", (a, contiguous(b.T)), parameters))


LAYOUTS: dict[str, Callable[[Operands, Parameters], Layout]] = {
    "i8-channels": partial(channels, 0, 127),
    "i7-i8-channels": partial(channels, 64, 63),
    "i8-blocks": blocks,
    "plain": plain,
    "f32": f32,
    "f16": f16,
    "i8": i8,
    "i7-i8": i8_i7,
}
