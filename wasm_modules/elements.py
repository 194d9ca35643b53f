"""Operators that treat each element alike: how their operands lie in a Wasm memory, and their variants."""

from collections.abc import Callable
from functools import partial

import numpy as np

from app.core.program import Layout
from app.core.target import Runtime
from app.core.variant import Parameter, Parameters, Variant
from app.core.workload import Operands
from app.workloads.quantise import pad_columns
from wasm_modules.ways import with_threads


def _laid_out(names: tuple[str, ...], operands: Operands, parameters: Parameters) -> Layout:
    turn = 4 * int(parameters["unroll"])
    flat = [pad_columns(operand.reshape(-1), turn) for operand in operands]
    shape, size = operands[0].shape, operands[0].size
    return Layout(
        buffers=dict(zip(names, flat, strict=True)),
        scalars={"turns": len(flat[0]) // turn},
        output=(np.dtype(np.float32), len(flat[0])),
        stored=lambda: operands,
        decode=lambda raw: raw[:size].reshape(shape),
    )


def layouts(*names: str) -> dict[str, Callable[[Operands, Parameters], Layout]]:
    """That of operands called ``names``, padded with zeros to whole turns of the loop."""
    return {"f32": partial(_laid_out, names)}


def _variant(workload: str, how: str, summary: str, requires: tuple[str, ...]) -> Variant:
    return Variant(
        workload=workload,
        name=f"f32-{how}",
        runtime=Runtime.WASM,
        summary=summary,
        template=f"{workload}.wat",
        layout="f32",
        storage="f32",
        compute="f32",
        techniques=(how,),
        requires=requires,
        parameters=(
            Parameter("unroll", gpu=2, cpu=2, choices=(1, 2, 4)),
            Parameter("opt_level", gpu="speed", cpu="speed", choices=("none", "speed")),
        ),
        options={"p": "i32", "shared": False, "lanes": 1 if how == "scalar" else 4},
        quick=False,
    )


def variants(workload: str) -> list[Variant]:
    """Scalar, SIMD128, relaxed, and that on all cores; the template is the workload's own."""
    one_thread = [
        _variant(workload, "scalar", "one 32-bit float at a time", ()),
        _variant(workload, "simd", "four floats at a time (SIMD128)", ("simd",)),
        _variant(workload, "relaxed", "four floats at a time, fused multiply-add", ("simd", "relaxed-simd")),
    ]
    return [*one_thread, with_threads(one_thread[-1])]
