"""Weights in blocks, in the bytes of their format, and vectors that meet them, in a Wasm memory.

Vectors are a stream of blocks: a scale four times over, the block's sum by itself among zeros, then the 32
values in the order in which the codes' lower halves and then their upper ones meet them.
"""

from dataclasses import replace

import numpy as np

from app.core.program import Layout, Role
from app.core.sketch import Sketch, sketch
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.blocks import BLOCK, EIGHTS, FORMATS, Blocks, activations, pack
from app.workloads.quantise import pad_columns

RESULT = np.dtype(np.float32)
NEIGHBOURS = ("q4f16_1", "nbits")


def _stream(blocks: np.ndarray, scales: np.ndarray, format: str) -> np.ndarray:
    """Blocks (n, 32) with their scales as the bytes that a kernel walks."""
    if format in NEIGHBOURS:
        blocks = np.concatenate([blocks[:, 0::2], blocks[:, 1::2]], axis=1)
    heads = np.zeros((len(blocks), 8), np.float32)
    heads[:, :4] = scales[:, None]
    heads[:, 4] = scales * blocks.sum(axis=1, dtype=np.float64)
    body = np.ascontiguousarray(blocks).view(np.uint8)
    return np.concatenate([heads.view(np.uint8), body], axis=1)


def weights_and_vectors(format: str, compute: str, operands: Operands, rows: int, vectors: int = 1) -> Layout:
    """The weights (rows, columns) and a vector (columns,) or several (vectors, columns), as they are walked.

    Both are padded with zeros, to whole groups of ``rows`` and of ``vectors``.
    """
    own = (FORMATS | EIGHTS)[format]
    matrix, vector = operands
    count, columns = matrix.shape
    padded = -(-count // rows) * rows
    whole = np.pad(matrix, ((0, padded - count), (0, 0)))
    packed = pack(whole, own)
    x = pad_columns(np.atleast_2d(vector), own.whole)
    x = np.pad(x, ((0, -len(x) % vectors), (0, 0)))
    blocks = x.size // BLOCK
    if isinstance(packed, Blocks) and not isinstance(x, Sketch):
        used: np.ndarray = vector
        scales = np.ones(blocks, np.float32)
        values = x.reshape(blocks, BLOCK)
        if compute == "i8":
            eights = activations(x)
            used = (
                eights.wide(x.size).reshape(x.shape)[: vector.size // columns, :columns].reshape(vector.shape)
            )
            values, scales = eights.codes, eights.scales
        stream = _stream(values, scales, format)
        weights, growth = packed.packed, packed.growth(whole, vector, 0)
    else:
        stream = sketch((blocks, 32 + BLOCK * (1 if compute == "i8" else 4)), np.uint8)
        used, growth = vector, 1.0
        weights = packed.packed if isinstance(packed, Blocks) else packed
    return Layout(
        buffers={**weights, "vector": stream},
        scalars={
            "groups": padded // rows,
            "units": x.shape[1] // (own.whole if format == "q4_k" else BLOCK),
        },
        output=(RESULT, padded * len(x)),
        stored=lambda: (packed.wide(columns)[:count] if isinstance(packed, Blocks) else matrix, used),
        decode=lambda raw: raw[:count],
        growth=growth,
        roles={"vector": Role.ACTIVATIONS},
    )


def by_rows(format: str, compute: str, operands: Operands, parameters: Parameters) -> Layout:
    """One vector."""
    return weights_and_vectors(format, compute, operands, int(parameters["rows"]))


def by_tokens(format: str, compute: str, operands: Operands, parameters: Parameters) -> Layout:
    """Several vectors, a token each; the answer is (tokens, rows)."""
    rows, tokens = len(operands[0]), len(operands[1])
    together = int(parameters["tokens"])
    found = weights_and_vectors(format, compute, operands, int(parameters["rows"]), together)
    batches = -(-tokens // together)
    return replace(
        found,
        scalars={**found.scalars, "batches": batches},
        decode=lambda raw: raw.reshape(batches * together, -1)[:tokens, :rows],
    )
