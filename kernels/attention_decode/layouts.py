"""How the operands of attention-decode lie in memory for WGSL: as those of a prompt, keys and values a cache.

Of 8 bits there are four to a word, and a scale for each head of each token, or for each channel of the keys.
"""

from functools import partial

import numpy as np

from app.core.errors import LimitError
from app.core.program import RESULT, Layout, Role, Step
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.attention_decode import cached
from app.workloads.quantise import pad_columns


def _layout(storage: str, operands: Operands, parameters: Parameters) -> Layout:
    """One step, or where the context is split, a second one that merges its parts.

    Raises:
        LimitError: the text was written for heads of another size.
    """
    queries = pad_columns(operands[0], 4)
    keys, values = cached(operands[1], storage), cached(operands[2], storage.partition("-")[0])
    _, heads, size = operands[0].shape
    if size != parameters["head_size"]:
        raise LimitError(f"its text is for heads of {parameters['head_size']}, and these are of {size}")
    context, shared, _ = operands[1].shape
    wide = queries.shape[2]
    buffers = {"queries": queries, "keys": pad_columns(keys.codes, 4), "values": pad_columns(values.codes, 4)}
    if keys.scales is not None and values.scales is not None:
        of_keys = pad_columns(keys.scales, 4) if keys.channels else keys.scales
        buffers |= {"key_scales": of_keys, "value_scales": values.scales}
    scalars: dict[str, int | float] = {
        "tokens": context,
        "heads": heads,
        "key_heads": shared,
        "scale": float(size**-0.5),
    }
    steps: tuple[Step, ...] = (Step("main", tuple(buffers), (RESULT,), scalars, (heads, 1, 1)),)
    scratch = {}
    if "split" in parameters:
        split = int(parameters["split"])
        scratch = {"sums": 4 * split * heads * wide, "tops": 8 * split * heads}
        groups = -(-heads * wide // 4 // int(parameters["workgroup_size"]))
        steps = (
            Step("main", tuple(buffers), tuple(scratch), scalars, (heads, split, 1)),
            Step("merge", tuple(scratch), (RESULT,), scalars, (groups, 1, 1)),
        )
    return Layout(
        buffers=buffers,
        scalars={},
        output=(np.dtype(np.float32), heads * wide),
        stored=lambda: (operands[0], keys.wide(), values.wide()),
        scratch=scratch,
        decode=lambda raw: raw.reshape(1, heads, wide)[:, :, :size],
        steps=steps,
        roles={**dict.fromkeys(buffers, Role.STATE), "queries": Role.ACTIVATIONS},
    )


LAYOUTS = {storage: partial(_layout, storage) for storage in ("f32", "f16", "i8", "i8-channels")}
