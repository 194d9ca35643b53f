"""Operators that treat each row alike: how their operands lie in memory for WGSL, and who walks them."""

from collections.abc import Callable
from functools import partial

import numpy as np

from app.core.program import RESULT as ANSWER
from app.core.program import Grid, Layout, Rows
from app.core.target import Runtime
from app.core.variant import Parameter, Parameters, Variant
from app.core.workload import Operands

RESULT = np.dtype(np.float32)
MOST_GROUPS = 65535
"""Workgroups in one dimension on any device; beyond that they take several turns."""


def padded(array: np.ndarray, value: float = 0.0) -> np.ndarray:
    """``array`` with rows of whole words of four, what is added being ``value``."""
    missing = -array.shape[-1] % 4
    widths = [(0, 0)] * (array.ndim - 1) + [(0, missing)]
    return np.pad(array, widths, constant_values=value) if missing else array


def laid_out(
    shape: tuple[int, ...],
    buffers: dict[str, np.ndarray],
    stored: Operands,
    parameters: Parameters,
    shared: bool,
    scalars: dict[str, int | float] | None = None,
    along: str = "x",
) -> Layout:
    """A layout whose result has ``shape``, (rows, columns); ``buffers`` are padded to words already.

    Rows belong to a thread, or where they are ``shared`` to a workgroup. ``along`` is the operand that has
    as many rows as the result.
    """
    rows, columns = shape
    words = -(-columns // 4)
    together = int(parameters.get("rows", 1)) * (1 if shared else int(parameters["workgroup_size"]))

    def grids(count: int) -> dict[str, Grid]:
        return {"main": (min(-(-count // together), MOST_GROUPS), 1, 1)}

    in_parts = Rows(rows, {along: buffers[along].nbytes // rows, ANSWER: 16 * words}, grids)
    return Layout(
        buffers=buffers,
        scalars={"rows": rows, "words": words, **(scalars or {})},
        output=(RESULT, rows * words * 4),
        stored=lambda: stored,
        passes=in_parts.passes,
        rows=in_parts,
        decode=lambda raw: raw.reshape(rows, words * 4)[:, :columns],
    )


def layouts(
    of: Callable[[type[np.floating], bool, Operands, Parameters], Layout],
) -> dict[str, Callable[[Operands, Parameters], Layout]]:
    """``of`` for both types that x is stored in and both owners of rows, by the names of ``variant``."""
    return {
        f"{name}{way}": partial(of, storage, bool(way))
        for name, storage in (("f32", np.float32), ("f16", np.float16))
        for way in ("", "-rowwise")
    }


# A thread that has a row finds it in its cache, as a CPU likes it; a GPU's lanes want neighbouring words.
OWN = Parameter("workgroup_size", gpu=64, cpu=64, choices=(8, 16, 32, 64, 128, 256))
TOGETHER = Parameter("workgroup_size", gpu=256, cpu=64, choices=(32, 64, 128, 256))


def variant(
    workload: str, storage: str, techniques: tuple[str, ...], summary: str, several: Parameter
) -> Variant:
    """The variant that walks rows by ``techniques``; ``several`` is its parameter beside the workgroup."""
    shared = "rowwise" in techniques
    stem = "f16-storage" if storage == "f16" else storage
    return Variant(
        workload=workload,
        name="+".join([stem, *techniques]),
        runtime=Runtime.WGSL,
        summary=f"16-bit storage, 32-bit arithmetic; {summary}" if storage == "f16" else summary,
        template=f"{workload}.wgsl",
        layout=storage + ("-rowwise" if shared else ""),
        storage=storage,
        compute="f32",
        techniques=techniques,
        requires=("subgroups",) if "subgroup" in techniques else (),
        parameters=(TOGETHER if shared else OWN, several),
        quick=False,
    )
