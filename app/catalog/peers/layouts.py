"""How operands lie for libraries: what several of them take alike.

Products have their weights on the right, as layers do; images are channels first for those that want that.
"""

import numpy as np

from app.catalog.peers.call import laid_out
from app.core.program import Layout
from app.core.sketch import Sketch
from app.core.workload import Operands
from app.workloads.blocks import BLOCK, FORMATS, Blocks, pack
from app.workloads.quantise import contiguous, pad_columns, quantise

INT = np.dtype(np.int32)


def matvec(operands: Operands) -> Layout:
    """A (rows, columns) and x (columns,)."""
    a, x = operands
    return laid_out({"a": a, "x": x}, (len(a),), lambda: operands, ["a"])


def matvec_transposed(operands: Operands) -> Layout:
    """x (1, columns), and A's columns as rows (columns, rows)."""
    a, x = operands
    return laid_out({"x": x[None], "a": contiguous(a.T)}, (len(a),), lambda: operands, ["a"])


def column(operands: Operands) -> Layout:
    """A (rows, columns) and x (columns, 1)."""
    a, x = operands
    return laid_out({"a": a, "x": x[:, None]}, (len(a),), lambda: operands, ["a"])


def matmul(operands: Operands) -> Layout:
    """A and B, neither of which is known beforehand."""
    a, b = operands
    return laid_out({"a": a, "b": b}, (len(a), b.shape[1]), lambda: operands)


def matmul_constant(operands: Operands) -> Layout:
    """A, and a B that stays what it is."""
    a, b = operands
    return laid_out({"a": a, "b": b}, (len(a), b.shape[1]), lambda: operands, ["b"])


def bytes_matmul(operands: Operands, constant: bool = False) -> Layout:
    """A and B as u8 with a zero point of 128; the answer is of their integers."""
    a, b = (quantise(operand, np.uint8, 128, 127) for operand in operands)
    answer = len(a.values), b.values.shape[1]
    return laid_out(
        {"a": a.values, "b": b.values},
        answer,
        lambda: (a.wide(), b.wide()),
        ["b"] * constant,
        lambda raw: raw.reshape(answer) * (a.scale * b.scale),
        INT,
    )


def bytes_matvec(operands: Operands) -> Layout:
    """x (1, columns) and A's columns as rows, as u8 with a zero point of 128; the answer is of integers."""
    a, x = (quantise(operand, np.uint8, 128, 127) for operand in operands)
    return laid_out(
        {"x": x.values[None], "a": contiguous(a.values.T)},
        (len(a.values),),
        lambda: (a.wide(), x.wide()),
        ["a"],
        lambda raw: raw.reshape(-1) * (a.scale * x.scale),
        INT,
    )


def linear(operands: Operands) -> Layout:
    """X (tokens, inputs), W (inputs, outputs), and what of bias and residual the layer has."""
    x, w, bias, residual, _ = operands
    given = {"x": x, "w": w, "bias": bias, "residual": residual}
    there = {name: array for name, array in given.items() if array.size}
    return laid_out(there, (len(x), w.shape[1]), lambda: operands, ["w", "bias"])


def linear_transposed(operands: Operands) -> Layout:
    """As ``linear``, W with a row for each output."""
    found = linear(operands)
    turned = contiguous(operands[1].T)
    return laid_out(
        {**found.buffers, "w": turned},
        (len(operands[0]), len(turned)),
        lambda: operands,
        ["w", "bias"],
    )


def rows(operands: Operands) -> Layout:
    """x (rows, columns)."""
    (x,) = operands
    return laid_out({"x": x}, x.shape, lambda: operands)


def normed(operands: Operands) -> Layout:
    """x (rows, columns), gain and shift (columns,)."""
    shift, gain, x = operands
    return laid_out({"x": x, "gain": gain, "shift": shift}, x.shape, lambda: operands, ["gain", "shift"])


def image(operands: Operands) -> Layout:
    """X (1, height, width, channels), and W as it is."""
    x, w = operands
    return laid_out({"x": x[None], "w": w}, (*x.shape[:2], w.shape[-1]), lambda: operands, ["w"])


def channels_first(operands: Operands) -> Layout:
    """X (1, channels, height, width), W (outputs, inputs, 3, 3); the answer is alike."""
    x, w = operands
    height, width, _ = x.shape
    first = contiguous(x.transpose(2, 0, 1))[None]
    return laid_out(
        {"x": first, "w": contiguous(w.transpose(3, 2, 0, 1))},
        (w.shape[-1], height, width),
        lambda: operands,
        ["w"],
        lambda raw: raw.reshape(-1, height, width).transpose(1, 2, 0),
    )


def tokens_first(operands: Operands) -> Layout:
    """Queries, keys and values (1, tokens, heads times size)."""
    q, k, v = operands
    flat = {name: one.reshape(1, len(one), -1) for name, one in (("q", q), ("k", k), ("v", v))}
    return laid_out(flat, q.shape, lambda: operands)


def heads_first(operands: Operands) -> Layout:
    """Queries, keys and values (1, heads, tokens, size); the answer is alike."""
    tokens, heads, size = operands[0].shape
    q, k, v = (contiguous(one.transpose(1, 0, 2))[None] for one in operands)
    return laid_out(
        {"q": q, "k": k, "v": v},
        (heads, tokens, size),
        lambda: operands,
        (),
        lambda raw: raw.reshape(heads, tokens, size).transpose(1, 0, 2),
    )


def nbits(operands: Operands, eight: bool = False) -> Layout:
    """A in blocks of 32 with 4 bits a weight, as MatMulNBits has it, and x (tokens, columns).

    ``eight``: the library rounds x to 8 bits itself, each block by its largest element.
    """
    matrix, x = operands
    count, columns = matrix.shape
    packed = pack(matrix, FORMATS["nbits"])
    weights = packed.packed if isinstance(packed, Blocks) else packed
    blocks = -(-columns // BLOCK)
    buffers = {
        "x": x.reshape(-1, columns),
        "codes": weights["codes"].reshape(count, blocks, BLOCK // 2),
        "scales": weights["scales"].view(np.float16).astype(np.float32).reshape(-1),
    }

    def stored() -> Operands:
        assert isinstance(packed, Blocks)
        return packed.wide(columns), in_eight_bits(x) if eight else x

    return laid_out(buffers, (*x.shape[:-1], count), stored, ["codes", "scales"])


def in_eight_bits(x: np.ndarray) -> np.ndarray:
    """``x`` as its blocks of 32 along the last axis are in 8 bits, by one multiplication as MLAS does it."""
    if isinstance(x, Sketch):
        return x
    columns = x.shape[-1]
    blocks = pad_columns(x, BLOCK).reshape(*x.shape[:-1], -1, BLOCK)
    most = np.maximum(np.abs(blocks).max(axis=-1, keepdims=True), np.float32(1e-30))
    codes = np.rint(blocks * (np.float32(127) / most))
    wide = codes.astype(np.float64) * (most / np.float32(127))
    return np.asarray(wide.reshape(*x.shape[:-1], -1)[..., :columns])
