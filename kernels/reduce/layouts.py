"""How the operand of reduce lies in memory for WGSL: words of four numbers, the last padded with zeros."""

from dataclasses import replace

import numpy as np

from app.core.program import OFFSETS, RESULT, Layout, Slice, Step
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.quantise import pad_columns


def _words(operands: Operands, parameters: Parameters) -> Layout:
    values = pad_columns(operands[0], 4)
    groups = int(parameters["groups"])
    layout = Layout(
        buffers={"values": values},
        scalars={"words": len(values) // 4},
        output=(np.dtype(np.float32), 1),
        stored=lambda: operands,
        passes={"main": (groups, 1, 1), "add_parts": (1, 1, 1)},
        scratch={"partial": 4 * groups},
    )
    return replace(layout, within=lambda limit: _in_parts(layout, groups, limit))


def _in_parts(layout: Layout, groups: int, limit: int) -> Layout:
    """Each part's sums, one beside the other, which are added up as the numbers themselves are."""
    size = layout.buffers["values"].nbytes
    most = limit // OFFSETS * OFFSETS
    # What pads the sums of a part to the next offset is never written, and nothing as memory comes.
    apart = -(-4 * groups // OFFSETS) * OFFSETS
    firsts = range(0, size, most) if most else range(0)
    sums = apart * len(firsts)
    if not 0 < sums <= limit:
        return layout
    parts = [Slice("values", first, min(most, size - first)) for first in firsts]
    grids = layout.passes

    def step(entry: str, of: Slice, to: Slice | str) -> Step:
        return Step(entry, (of,), (to, RESULT), {"words": of.size // 16}, grids[entry])

    whole = Slice("sums", 0, sums)
    return replace(
        layout,
        scratch={**layout.scratch, "sums": sums},
        steps=(
            *(step("main", part, Slice("sums", apart * i, 4 * groups)) for i, part in enumerate(parts)),
            step("main", whole, "partial"),
            step("add_parts", whole, "partial"),
        ),
    )


LAYOUTS = {"words": _words}
