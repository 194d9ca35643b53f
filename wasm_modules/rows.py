"""Operators that treat each row alike: how their operands lie in a Wasm memory, and their variants."""

import numpy as np

from app.core.program import Layout
from app.core.target import Runtime
from app.core.variant import Parameter, Parameters, Variant
from app.core.workload import Operands
from app.workloads.quantise import pad_columns
from wasm_modules.ways import with_threads

RESULT = np.dtype(np.float32)


def turn(parameters: Parameters) -> int:
    """Elements of one turn of a walk with four lanes; rows are padded to whole ones."""
    return 4 * int(parameters["sums"])


def laid_out(
    x: np.ndarray,
    buffers: dict[str, np.ndarray],
    stored: Operands,
    scalars: dict[str, int | float] | None = None,
) -> Layout:
    """A layout whose result is shaped as ``x``, (rows, columns); ``buffers`` are padded, x the last."""
    rows, columns = x.shape
    wide = next(reversed(buffers.values())).shape[1]
    return Layout(
        buffers=buffers,
        scalars={"rows": rows, "row_bytes": 4 * wide, **(scalars or {})},
        output=(RESULT, rows * wide),
        stored=lambda: stored,
        decode=lambda raw: raw.reshape(rows, wide)[:, :columns],
    )


def padded(array: np.ndarray, parameters: Parameters, value: float = 0.0) -> np.ndarray:
    """``array`` with rows of whole turns, what is added being ``value``."""
    if not value:
        return pad_columns(array, turn(parameters))
    widths = [(0, 0)] * (array.ndim - 1) + [(0, -array.shape[-1] % turn(parameters))]
    return np.pad(array, widths, constant_values=value) if widths[-1][1] else array


def _variant(workload: str, how: str, summary: str, requires: tuple[str, ...]) -> Variant:
    lanes = 1 if how == "scalar" else 4
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
            Parameter("sums", gpu=4, cpu=4, choices=(1, 2, 4, 8)),
            Parameter("opt_level", gpu="speed", cpu="speed", choices=("none", "speed")),
        ),
        options={"p": "i32", "shared": False, "lanes": lanes},
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
