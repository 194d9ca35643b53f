"""How the operands of attention lie in memory for WGSL: token after token, each head in words of four."""

from functools import partial

import numpy as np

from app.core.errors import LimitError
from app.core.program import RESULT, Grid, Layout, Role, Rows, Step
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.quantise import pad_columns


def _layout(storage: type[np.floating], way: str, operands: Operands, parameters: Parameters) -> Layout:
    """One step for all, or one each for the scores, their softmax and the sum of the values.

    Raises:
        LimitError: the text was written for heads of another size.
    """
    stored = tuple(operand.astype(storage, copy=False) for operand in operands)
    queries, keys, values = (pad_columns(operand, 4) for operand in stored)
    tokens, heads, size = operands[0].shape
    if size != parameters["head_size"]:
        raise LimitError(f"its text is for heads of {parameters['head_size']}, and these are of {size}")
    shared, padded = keys.shape[1], queries.shape[2]
    scalars: dict[str, int | float] = {
        "tokens": tokens,
        "heads": heads,
        "key_heads": shared,
        "scale": float(size**-0.5),
    }
    passes, tiled = way != "fused", way == "cooperative"
    each = int(parameters["workgroup_size"]) * int(parameters.get("queries", 1))

    def grids(count: int) -> dict[str, Grid]:
        found = dict.fromkeys(("main", "score", "soften", "combine"), (-(-tokens // each), count, 1))
        if not tiled:
            return found
        across, down = (
            int(parameters[size]) * int(parameters[tiles])
            for size, tiles in (("n", "tiles_across"), ("m", "tiles_down"))
        )
        tiles = {"score": tokens, "combine": padded}
        own = {name: (-(-wide // across), -(-tokens // down), count) for name, wide in tiles.items()}
        return {**found, **own}

    # Scores are the square of the tokens for each head: some heads at a time share the room. Heads lie
    # apart, in each token; those that share keys stay together.
    group, word = heads // shared, stored[0].itemsize * padded
    rows = Rows(
        heads,
        {},
        grids,
        scalar="",
        whole=group,
        reused={"scores": 4 * tokens * tokens} if passes else {},
        strided={"queries": group * word, "keys": word, "values": word, RESULT: 4 * group * padded},
    )
    grid = rows.passes
    steps: tuple[Step, ...] = (Step("main", ("queries", "keys", "values"), (RESULT,), scalars, grid["main"]),)
    if passes:
        steps = (
            Step("score", ("queries", "keys"), ("scores",), scalars, grid["score"], rows=rows),
            Step("soften", (), ("scores",), scalars, grid["soften"], rows=rows),
            Step("combine", ("values", "scores"), (RESULT,), scalars, grid["combine"], rows=rows),
        )
    return Layout(
        # The values first: whoever changes one operand to see the answer follow changes all of it by these.
        buffers={"values": values, "queries": queries, "keys": keys},
        scalars={},
        output=(np.dtype(np.float32), tokens * heads * padded),
        stored=lambda: stored,
        scratch=rows.scratch,
        decode=lambda raw: raw.reshape(tokens, heads, padded)[:, :, :size],
        steps=steps,
        roles=dict.fromkeys(("queries", "keys", "values"), Role.ACTIVATIONS),
    )


LAYOUTS = {
    f"{name}-{way}": partial(_layout, storage, way)
    for name, storage in (("f32", np.float32), ("f16", np.float16))
    for way in ("fused", "passes", *(["cooperative"] if name == "f16" else []))
}
