"""The test of the design: a workload of two steps is one file and a folder for each runtime, no more."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from app.core.target import Target
from tests.cli.test_cli import call
from tests.conftest import ROOT

WORKLOAD = '''
"""doubled: y = 2 x + 1, in two steps."""

import numpy as np

from app.core.shape import Shape
from app.core.workload import Workload


def _inputs(shape, seed, kind="normal"):
    return (np.random.default_rng(seed).standard_normal(shape.rows, dtype=np.float32),)


WORKLOAD = Workload(
    name="doubled",
    title="Twice a vector, and one",
    dimensions=("rows",),
    operand_shapes=lambda shape: ((shape.rows,),),
    inputs=_inputs,
    reference=lambda operands: 2 * operands[0].astype(np.float64) + 1,
    native=lambda operands: 2 * operands[0] + 1,
    flops=lambda shape: 2 * shape.rows,
    bytes=lambda shape, element: shape.rows * (element + 4),
    tolerance=lambda compute, sums, shape, condition=1.0, growth=1.0: 1e-6,
    default_shapes=(Shape(64),),
)
'''
LAYOUTS = '''
"""Two steps over scratch."""

import numpy as np

from app.core.program import RESULT, Layout, Role, Step


def two(operands, parameters):
    (x,) = operands
    counts = {"rows": len(x)}
    return Layout(
        buffers={"x": x},
        scalars={},
        output=(np.dtype(np.float32), len(x)),
        stored=lambda: operands,
        scratch={"middle": 4 * len(x)},
        steps=(
            Step("double", ("x",), ("middle",), counts, (-(-len(x) // 64), 1, 1)),
            Step("add", ("middle",), (RESULT,), counts, (-(-len(x) // 64), 1, 1), name="and one"),
        ),
        roles={"x": Role.ACTIVATIONS},
    )


LAYOUTS = {"two": two}
'''
VARIANTS = '''
"""One."""

from app.core.target import Runtime
from app.core.variant import Variant

VARIANTS = [
    Variant(
        workload="doubled",
        name="f32-two",
        runtime=Runtime.RUNTIME,
        summary="two steps",
        template="two.SUFFIX",
        layout="two",
        storage="f32",
        compute="f32",
    )
]
'''
WGSL = """//% param name
// doubled {{ name }}.
struct Shape { rows: u32 }
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> result: array<f32>;
@group(0) @binding(2) var<uniform> shape: Shape;
@compute @workgroup_size(64) fn double(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x < shape.rows) { result[id.x] = 2.0 * x[id.x]; }
}
@compute @workgroup_size(64) fn add(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x < shape.rows) { result[id.x] = x[id.x] + 1.0; }
}
"""
STEP = """
  (func (export "{name}") (param $runs i32) (param $x i32) (param $y i32) (param $rows i32)
    (local $k i32) (local $i i32)
    (loop $again
      (local.set $k (i32.const 0))
      (loop $next
        (local.set $i (i32.mul (local.get $k) (i32.const 4)))
        (f32.store (i32.add (local.get $y) (local.get $i))
          (f32.{what} (f32.load (i32.add (local.get $x) (local.get $i))) (f32.const {by})))
        (br_if $next (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 1))) (local.get $rows))))
      (br_if $again (local.tee $runs (i32.sub (local.get $runs) (i32.const 1))))))"""
STEPS = STEP.format(name="double", what="mul", by=2) + STEP.format(name="add", what="add", by=1)
WAT = f';;% param name\n;; doubled {{{{ name }}}}.\n(module (memory (export "memory") 1){STEPS})\n'


@pytest.fixture
def made_up(tmp_path: Path) -> Path:
    """A folder with everything that there is and one workload more."""
    for folder in ("app", "kernels", "wasm_modules"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "app" / "workloads" / "doubled.py").write_text(WORKLOAD)
    for package, runtime, suffix, text in (
        ("kernels", "WGSL", "wgsl", WGSL),
        ("wasm_modules", "WASM", "wat", WAT),
    ):
        folder = tmp_path / package / "doubled"
        folder.mkdir()
        (folder / "__init__.py").write_text('"""Twice and one."""\n')
        (folder / "layouts.py").write_text(LAYOUTS)
        told = VARIANTS.replace("Runtime.RUNTIME", f"Runtime.{runtime}").replace("SUFFIX", suffix)
        (folder / "variants.py").write_text(told)
        (folder / f"two.{suffix}").write_text(text)
    return tmp_path


def rows_of(made_up: Path, *more: str) -> tuple[int, list[dict[str, str]]]:
    arguments = ["--workload", "doubled", "--sizes", "65", "--seconds", "0.02", "--no-ceilings", *more]
    done = call("run", *arguments, "--out", "a.json", "--csv", "a.csv", cwd=made_up)
    return done.returncode, list(csv.DictReader((made_up / "a.csv").open(newline="")))


def test_a_workload_of_two_steps_is_everywhere(made_up: Path, targets: list[Target]) -> None:
    code, rows = rows_of(made_up)
    assert code == 0, rows
    gpus = {target.id for target in targets if target.engine == "webgpu"}
    assert {row["target"] for row in rows} >= {"wasmtime", "v8", *gpus}
    assert {row["status"] for row in rows} == {"ok"}
    assert {row["shape"] for row in rows} == {"65"}
    measured = json.loads((made_up / "a.json").read_text())["measurements"]
    traffic = [one["traffic"] for one in measured if one["case"]["variant"] == "f32-two"]
    assert traffic == [{"activations": 260, "result": 260}] * len(traffic)
    assert traffic


def test_a_step_that_is_wrong_is_caught(made_up: Path) -> None:
    template = made_up / "wasm_modules" / "doubled" / "two.wat"
    template.write_text(template.read_text().replace("(f32.const 1)", "(f32.const 1.01)"))
    code, rows = rows_of(made_up, "--target", "wasm")
    assert code == 1
    assert {row["status"] for row in rows if row["variant"] == "f32-two"} == {"wrong result"}
