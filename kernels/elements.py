"""Operators that treat each element alike: how their operands lie in memory for WGSL, and their variants."""

from collections.abc import Callable
from functools import partial

import numpy as np

from app.core.program import RESULT, Layout, Rows
from app.core.target import Runtime
from app.core.variant import Parameter, Parameters, Variant
from app.core.workload import Operands
from app.workloads.quantise import pad_columns

# As for copy: a CPU adapter runs a workgroup on one core, and likes words that lie together.
PARAMETERS = (
    Parameter("workgroup_size", gpu=256, cpu=64, choices=(32, 64, 128, 256)),
    Parameter("groups", gpu=4096, cpu=16, choices=(16, 64, 256, 1024, 4096)),
    Parameter("unroll", gpu=1, cpu=4, choices=(1, 2, 4)),
    Parameter("order", gpu="adjacent", cpu="contiguous", choices=("adjacent", "contiguous")),
)


def _laid_out(
    names: tuple[str, ...],
    storage: type[np.floating],
    apart: bool,
    operands: Operands,
    parameters: Parameters,
) -> Layout:
    stored = tuple(operand.astype(storage, copy=False) for operand in operands)
    flat = [pad_columns(one.reshape(-1), 4) for one in stored]
    shape, size = operands[0].shape, operands[0].size
    grid = (int(parameters["groups"]), 1, 1)
    passes = {"main": grid, "finish": grid} if apart else {"main": grid}
    words = len(flat[0]) // 4
    sizes = {name: 4 * one.itemsize for name, one in zip(names, flat, strict=True)}
    reused = {"partial": 16} if apart else {}
    rows = Rows(words, {**sizes, RESULT: 16}, lambda _: passes, "words", reused=reused)
    return Layout(
        buffers=dict(zip(names, flat, strict=True)),
        scalars={"words": words},
        output=(np.dtype(np.float32), len(flat[0])),
        stored=lambda: stored,
        passes=passes,
        scratch=rows.scratch,
        rows=rows,
        decode=lambda raw: raw[:size].reshape(shape),
    )


def layouts(*names: str) -> dict[str, Callable[[Operands, Parameters], Layout]]:
    """Those of operands called ``names``, in whole words of four elements."""
    return {
        f"{name}{way}": partial(_laid_out, names, storage, bool(way))
        for name, storage in (("f32", np.float32), ("f16", np.float16))
        for way in ("", "-apart")
    }


def variant(workload: str, storage: str, techniques: tuple[str, ...], summary: str) -> Variant:
    """The variant whose text is the workload's template; ``apart`` takes two passes."""
    stem = "f16-storage" if storage == "f16" else storage
    return Variant(
        workload=workload,
        name="+".join([stem, *techniques]),
        runtime=Runtime.WGSL,
        summary=f"16-bit storage, 32-bit arithmetic; {summary}" if storage == "f16" else summary,
        template=f"{workload}.wgsl",
        layout=storage + ("-apart" if "apart" in techniques else ""),
        storage=storage,
        compute="f32",
        techniques=techniques,
        parameters=PARAMETERS,
        quick=False,
    )
