"""How the operands of attention lie in a Wasm memory: token after token, both padded to whole tiles."""

from collections.abc import Mapping
from math import lcm

import numpy as np

from app.core.program import Layout, Role
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.quantise import contiguous, pad_columns

RESULT = np.dtype(np.float32)


def head_unit(parameters: Parameters) -> int:
    """Elements that the size of a head is padded to a multiple of: a tile's columns, whole steps of depth."""
    return 4 * int(parameters["columns"])


def pad_tokens(array: np.ndarray, multiple: int) -> np.ndarray:
    """``array`` with its first axis zero-padded to a multiple."""
    missing = -len(array) % multiple
    return np.pad(array, [(0, missing)] + [(0, 0)] * (array.ndim - 1)) if missing else contiguous(array)


def work_bytes(parameters: Parameters, tokens: int, size: int) -> int:
    """Those of one thread, in whole cache lines: a panel of queries, and a row of scores for each key."""
    return -(-4 * int(parameters["queries"]) * (size + tokens) // 64) * 64


def _layout(operands: Operands, parameters: Parameters) -> Layout:
    tokens, heads, size = operands[0].shape
    queries, keys, values = (
        pad_tokens(
            pad_columns(operand, head_unit(parameters)),
            lcm(int(parameters["queries"]), int(parameters["keys"])),
        )
        for operand in operands
    )
    padded, _, wide = queries.shape
    shared = keys.shape[1]
    # A copy of a head's keys and values, whose rows are a cache line longer, stands behind.
    room = work_bytes(parameters, padded, wide) + 2 * padded * (4 * wide + 64)
    scalars: Mapping[str, int | float] = {
        "heads": heads,
        "blocks": padded // int(parameters["queries"]),
        "share": heads // shared,
        "tokens": tokens,
        "size": wide,
        "outer_stride": 4 * wide,
        "query_stride": 4 * wide * heads,
        "key_stride": 4 * wide * shared,
        "work_bytes": room,
        "scale": float(size**-0.5),
    }
    return Layout(
        # The values first: whoever changes one operand to see the answer follow changes all of it by these.
        buffers={"values": values, "queries": queries, "keys": keys},
        scalars=scalars,
        output=(RESULT, queries.size),
        stored=lambda: operands,
        scratch={"work": int(parameters.get("threads", 1)) * room},
        decode=lambda raw: raw.reshape(queries.shape)[:tokens, :, :size],
        roles=dict.fromkeys(("queries", "keys", "values"), Role.ACTIVATIONS),
    )


LAYOUTS = {"f32": _layout}
