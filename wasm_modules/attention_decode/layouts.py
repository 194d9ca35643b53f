"""How the operands of attention-decode lie in a Wasm memory.

The heads that share keys and values lie side by side, padded to whole panels: to the kernel they are the
queries of one head.
"""

from functools import partial

import numpy as np

from app.core.program import Layout, Role
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.attention_decode import cached
from app.workloads.quantise import contiguous, pad_columns
from wasm_modules.attention_prefill.layouts import head_unit, pad_tokens, work_bytes

RESULT = np.dtype(np.float32)
MADE_UP = 2.0**112
"""Halves widen to so many times less than they are."""


def _layout(storage: str, operands: Operands, parameters: Parameters) -> Layout:
    panel, unit = int(parameters["queries"]), head_unit(parameters)
    _, heads, size = operands[0].shape
    context, shared, _ = operands[1].shape
    group = heads // shared
    side_by_side = operands[0].reshape(shared, group, size)
    queries = pad_columns(np.pad(side_by_side, ((0, 0), (0, -group % panel), (0, 0))), unit)
    keys, values = (cached(operand, storage) for operand in operands[1:])
    buffers = {"values": values.codes, "queries": queries, "keys": keys.codes}
    for name in ("values", "keys"):
        buffers[name] = pad_tokens(pad_columns(buffers[name], unit), int(parameters["keys"]))
    padded, _, wide = buffers["keys"].shape
    room = work_bytes(parameters, padded, wide)
    scalars: dict[str, int | float] = {
        "heads": shared,
        "blocks": queries.shape[1] // panel,
        "share": 1,
        "tokens": context,
        "size": wide,
        "outer_stride": 4 * wide * queries.shape[1],
        "query_stride": 4 * wide,
        "key_stride": buffers["keys"].itemsize * wide * shared,
        "work_bytes": room,
    }
    if keys.scales is not None and values.scales is not None:
        for name, one in (("value_scales", values.scales), ("key_scales", keys.scales)):
            buffers[name] = pad_tokens(one, int(parameters["keys"]))
        scalars["scale_stride"] = 4 * shared
    scale = float(size**-0.5)
    return Layout(
        buffers={name: contiguous(buffer) for name, buffer in buffers.items()},
        scalars={**scalars, "scale": scale * MADE_UP if storage == "f16" else scale},
        output=(RESULT, queries.size),
        stored=lambda: (operands[0], keys.wide(), values.wide()),
        scratch={"work": int(parameters.get("threads", 1)) * room},
        decode=lambda raw: raw.reshape(queries.shape)[:, :group, :size].reshape(1, heads, size),
        roles={**dict.fromkeys(buffers, Role.STATE), "queries": Role.ACTIVATIONS},
    )


LAYOUTS = {storage: partial(_layout, storage) for storage in ("f32", "f16", "i8")}
