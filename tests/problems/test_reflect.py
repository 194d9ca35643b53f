"""A text tells its bindings, fields and entry points; out of a page or a log, too."""

import io
from pathlib import Path

import numpy as np
import pytest

from app.catalog.contract import contract_lines
from app.catalog.index import find
from app.catalog.programs import source
from app.core.edit import Edit
from app.core.errors import KernelscopeError
from app.core.shape import Shape
from app.core.target import Runtime
from app.problems.pasted import kernel_in
from app.problems.reflect import draft
from app.storage.as_problem import edit_as_problem
from app.storage.problem_files import write_draft, write_problem
from app.storage.problems import open_problem

KERNEL = """struct Params { rows: u32, columns: u32, scale: f32 };
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> total: array<atomic<u32>>;
@group(0) @binding(2) var<storage, read> x: array<vec4<f32>>; // @binding(7) is none
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
override WG: u32 = 32;
@compute @workgroup_size(WG, 2)
fn work(@builtin(global_invocation_id) id: vec3u) { y[id.x] = params.scale * x[0].x; }
"""


def test_bindings_fields_types_and_workgroups_are_read(tmp_path: Path) -> None:
    found = draft(KERNEL, "mine")
    problem = found.problem
    assert list(problem.sizes) == ["rows", "columns"]
    assert problem.scalars == {"rows": "rows", "columns": "columns", "scale": 1.0}
    assert [(b.name, b.role, b.dtype) for b in problem.buffers] == [
        ("total", "scratch", "u32"),
        ("x", "input", "f32"),
        ("y", "output", "f32"),
    ]
    assert problem.kernels[0].grid == ("ceildiv(columns, WG)", "ceildiv(rows, 2)")
    # Kernels get what is read first, then scratch, output, block: the text follows, nothing else moves.
    text = found.files["kernel.wgsl"]
    numbers = {"x": 0, "total": 1, "y": 2, "params": 3}
    for name, number in numbers.items():
        line = next(line for line in text.splitlines() if f" {name}:" in line and "@group" in line)
        assert f"@binding({number})" in line
    assert "// @binding(7) is none" in text
    write_draft(tmp_path / "mine", found)
    one = open_problem(tmp_path / "mine")
    with pytest.raises(KernelscopeError, match="write what the kernel computes"):
        one.workload.reference(one.workload.inputs(Shape(4, 4), 1))


@pytest.mark.parametrize(
    "around",
    [
        "Look:\n```wgsl\n{}```\nNice.",
        "const code = `\n{}`;\ndevice.createShaderModule({{ code }});",
        "{}",
    ],
)
def test_a_kernel_is_found_in_what_people_copy(around: str) -> None:
    for text in (KERNEL, KERNEL.replace("<", "&lt;").replace(">", "&gt;")):
        found = kernel_in(around.format(text))
        assert found == (Runtime.WGSL, KERNEL)


def test_lines_of_logs_and_numbers_go() -> None:
    logged = "\n".join(f"12:03:01.{i:03} [info] {line}" for i, line in enumerate(KERNEL.splitlines()))
    numbered = "\n".join(f"{i:4} | {line}" for i, line in enumerate(KERNEL.splitlines()))
    for text in (logged, numbered):
        assert kernel_in(text) == (Runtime.WGSL, KERNEL)
    assert kernel_in("fn main() {}") is None
    assert kernel_in("// @compute fn main() {}") is None


def test_the_parameters_of_an_export_are_read() -> None:
    text = '(module (memory (export "memory") 1) (func (export "run") (param $runs i32) (param $x i32 )'
    text += " (param $y i32) (param $n i32) (param $a f32)))"
    problem = draft(text, "mine").problem
    assert [(b.name, b.role) for b in problem.buffers] == [("x", "input"), ("y", "output")]
    assert problem.scalars == {"n": "n", "a": 1.0}


@pytest.mark.parametrize(
    ("workload", "name", "runtime", "shape"),
    [
        ("matvec", "f32", Runtime.WGSL, Shape(64, 48)),
        ("matvec", "u8-dot4", Runtime.WGSL, Shape(64, 64)),
        ("matvec", "f32-simd", Runtime.WASM, Shape(64, 48)),
        ("softmax", "f32", Runtime.WGSL, Shape(16, 40)),
    ],
)
def test_an_edit_is_kept_with_all_that_it_is_given(
    tmp_path: Path, workload: str, name: str, runtime: Runtime, shape: Shape
) -> None:
    variant = find(workload, name, runtime)
    parameters = {p.name: p.gpu for p in variant.parameters}
    edit = Edit(
        workload=workload,
        runtime=runtime,
        name=f"{name}+mine",
        like=name,
        text=source(variant, parameters),
        parameters=parameters,
    )
    files = edit_as_problem(edit, "kept", shape)
    write_problem(tmp_path / "kept", "kept", files)
    one = open_problem(tmp_path / "kept")
    assert {v.name for v in one.variants} == {name, f"{name}+mine"}
    assert shape in one.workload.default_shapes
    assert len(one.workload.default_shapes) > 1
    own = one.workload.inputs(shape, 1)
    data = files[f"{shape}.npz"]
    assert isinstance(data, bytes)
    with np.load(io.BytesIO(data)) as stored:
        assert all(np.array_equal(a, stored[b.name]) for a, b in zip(own, one.problem.inputs, strict=False))
        assert np.array_equal(one.workload.reference(own), stored["output"])


def test_a_contract_says_workgroups_as_formulas_and_who_owns_what() -> None:
    tile = find("matmul", "f32-tile", Runtime.WGSL)
    lines = "\n".join(contract_lines(tile, {p.name: p.gpu for p in tile.parameters}, Shape(64, 32, 128)))
    assert "ceildiv(columns, 64) x ceildiv(rows, 64) x 1 workgroups" in lines
    assert "@binding(3) var<uniform>  a struct of 12 bytes: rows: u32, columns: u32, depth: u32" in lines
    threads = next(
        v for v in (find("matvec", n, Runtime.WASM) for n in ("f32-relaxed+rows+threads",)) if v.requires
    )
    lines = "\n".join(contract_lines(threads, {p.name: p.gpu for p in threads.parameters}, Shape(64, 64)))
    assert "imports a shared memory as kernelscope.memory" in lines
    assert "thread: i32, threads: i32)" in lines
