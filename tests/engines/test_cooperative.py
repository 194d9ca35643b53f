"""Kernels of cooperative matrices where no adapter has any: their texts, each matrix an array of one lane.

What a browser's compiler thinks of the texts, and how fast they are, takes one with matrix units.
"""

import re
from dataclasses import replace

import numpy as np
import pytest

from app.catalog.index import find, variants
from app.catalog.programs import build
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.engines import load
from app.workloads import workloads
from app.workloads.linear import layer

SIZES = {"m": 3, "n": 4, "k": 8, "tiles_down": 2, "tiles_across": 1, "lanes": 1}
"""No two alike, so that nothing is right by chance; a single lane has all of every matrix."""

WITH = {
    "linear": ("f16-cooperative", layer(19, 13, 9), SIZES),
    "q4-matmul": (
        "nbits-cooperative",
        Shape(7, 13, 300),
        {**SIZES, "k": 32, "tiles_down": 1, "tiles_across": 2},
    ),
    "attention-prefill": ("f16-cooperative", Shape(19, 4, 2, 10), SIZES),
}
"""A kernel of each template, a shape that fits none of its tiles, and their sizes."""

LOAD = (
    r"let (\w+) = subgroupMatrixLoad<subgroup_matrix_(?:left|right)<\w+, (\d+), (\d+)>, (row|col)_major>\("
    r"\s*&(\w+), (.+), (.+)\);"
)


ROWS = "for (var row_ = 0u; row_ < {}u; row_++) {{"
COLUMNS = "for (var column_ = 0u; column_ < {}u; column_++) {{"


def loaded(found: re.Match[str]) -> str:
    name, columns, rows, major, array, at, stride = found.groups()
    place = f"row_ * ({stride}) + column_" if major == "row" else f"column_ * ({stride}) + row_"
    return f"""var {name}: array<f32, {int(rows) * int(columns)}>;
    {ROWS.format(rows)} {COLUMNS.format(columns)}
      {name}[row_ * {columns}u + column_] = f32({array}[{at} + {place}]);
    }} }}"""


def lowered(text: str, sizes: dict[str, int]) -> str:
    """``text`` without matrices, and in 32 bits where adapters may lack 16."""
    m, n, k = (sizes[name] for name in "mnk")
    each = f"{ROWS.format(m)} {COLUMNS.format(n)}"
    text = re.sub(r"^(enable|requires) .*$", "", text, flags=re.MULTILINE)
    text = re.sub(LOAD, loaded, text)
    text = re.sub(r"var (\w+) = subgroup_matrix_result<.+?>\(\);", rf"var \1: array<f32, {m * n}>;", text)
    text = re.sub(
        r"(\w+) = subgroupMatrixMultiplyAccumulate\((\w+), (\w+), \1\);",
        rf"""{each} for (var deep_ = 0u; deep_ < {k}u; deep_++) {{
      \1[row_ * {n}u + column_] += \2[row_ * {k}u + deep_] * \3[deep_ * {n}u + column_];
    }} }} }}""",
        text,
    )
    text = re.sub(
        r"subgroupMatrixStore<row_major>\(\s*&(\w+), (.+), (\w+), (.+)\);",
        rf"""{each}
      \1[\2 + row_ * (\4) + column_] = \3[row_ * {n}u + column_];
    }} }}""",
        text,
    )
    assert "ubgroup_matrix" not in text
    assert "ubgroupMatrix" not in text
    return re.sub(r"\bf16\b", "f32", text)


def test_all_of_them_share_these_templates() -> None:
    every = [v for v in variants() if "cooperative" in v.techniques and v.compute == "f16" and v.checked]
    assert {v.workload for v in every} == {*WITH, "matmul", "attention-encoder"}
    assert sum(v.workload == "q4-matmul" for v in every) == 4


@pytest.mark.parametrize("workload", WITH)
def test_matrices_are_multiplied_right(workload: str, gpus: list[Target]) -> None:
    name, shape, sizes = WITH[workload]
    variant, own = find(workload, name, Runtime.WGSL), workloads()[workload]
    engine = load("webgpu")
    engine.targets()
    program = build(variant, own.inputs(shape, 1), variant.defaults(gpus[0], shape) | sizes)
    wide = {
        name: buffer.astype(np.float32) if buffer.dtype == np.float16 else buffer
        for name, buffer in program.layout.buffers.items()
    }
    program = replace(
        program,
        source=lowered(program.source, sizes),
        layout=replace(program.layout, buffers=wide),
        requires=(),
    )
    kernel = engine.open(gpus[0]).prepare(program)
    kernel.poison()
    kernel.time(1)
    exact = own.reference(program.layout.stored())
    error = np.abs(program.layout.decode(kernel.result()) - exact).max() / np.abs(exact).max()
    kernel.close()
    assert error < 1e-5
