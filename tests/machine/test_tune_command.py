"""Tuning from the command line: a made-up variant with a bad default, on this machine's real targets."""

import json
import shutil
from pathlib import Path

import pytest

from app.catalog.index import variants
from app.core.target import Runtime, Target
from app.storage.files import load
from tests.cli.test_cli import call
from tests.conftest import ROOT

TEMPLATE = """//% param workgroup_size, waste, skipped
struct Shape { rows: u32, words: u32 }
@group(0) @binding(0) var<storage, read> matrix: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> vector: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;
@group(0) @binding(3) var<uniform> shape: Shape;

@compute @workgroup_size({{ workgroup_size }})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= shape.rows) { return; }
  for (var again = 0u; again < {{ waste }}u; again++) {
    var sum = f32(again) * 0.0;
    for (var k = {{ skipped }}u; k < shape.words; k++) {
      sum += dot(matrix[id.x * shape.words + k], vector[k]);
    }
    result[id.x] = sum;
  }
}
"""
ENTRY = """
import msgspec
VARIANTS.append(
    msgspec.structs.replace(
        VARIANTS[0],
        name="f32-wasteful",
        template="wasteful.wgsl",
        parameters=(
            ROWS.__class__("rows_per_thread", gpu=1, cpu=1),
            ROWS.__class__("workgroup_size", gpu=64, cpu=64, choices=(64, 100000)),
            ROWS.__class__("waste", gpu=20, cpu=20, choices=(1, 20)),
            ROWS.__class__("skipped", gpu=0, cpu=0, choices=(0, 20)),
        ),
    )
)
"""


@pytest.fixture
def wasteful(tmp_path: Path) -> Path:
    """A folder whose kernels have one that does its work twenty times over by default.

    Its other choices are a workgroup that no adapter has, and a fast way to a wrong result.
    """
    for folder in ("kernels", "wasm_modules"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    folder = tmp_path / "kernels" / "matvec"
    (folder / "wasteful.wgsl").write_text(TEMPLATE)
    with (folder / "variants.py").open("a") as out:
        out.write(ENTRY)
    return tmp_path


def test_a_bad_default_is_replaced_and_runs_say_so(wasteful: Path, targets: list[Target]) -> None:
    adapters = [target for target in targets if target.runtime is Runtime.WGSL]
    if not adapters:
        pytest.skip("no adapter here")
    where = adapters[-1].id
    home = {"XDG_DATA_HOME": str(wasteful / "home")}
    chosen = ["--target", where, "--variant", "f32-wasteful", "--sizes", "500x400"]

    done = call("tune", *chosen, "--seconds", "20", "--json", cwd=wasteful, **home)
    assert done.returncode == 0, done.stderr
    (outcome,) = json.loads(done.stdout)
    assert (outcome["variant"], outcome["size_class"]) == ("f32-wasteful", "256-1023")
    tuning = outcome["tuning"]
    assert tuning["parameters"] == {"rows_per_thread": 1, "workgroup_size": 64, "waste": 1, "skipped": 0}
    assert tuning["tried"] == 8
    assert tuning["speedup"]["low"] > 2

    run = ["run", *chosen, "--seconds", "0.05", "--no-ceilings"]
    done = call(*run, "--out", "tuned.json", cwd=wasteful, **home)
    assert done.returncode == 0, done.stderr
    assert f"tuned {tuning['date'][:10]}, rows_per_thread=1, workgroup_size=64, waste=1" in done.stdout
    tuned = [c for c in load(wasteful / "tuned.json").plan.cases if c.variant == "f32-wasteful"]
    assert [case.parameters["waste"] for case in tuned] == [1]

    call(*run, "--defaults", "--out", "plain.json", cwd=wasteful, **home)
    plain = [c for c in load(wasteful / "plain.json").plan.cases if c.variant == "f32-wasteful"]
    assert [(case.parameters["waste"], case.tuned) for case in plain] == [(20, "")]

    assert call("tune", *chosen, "--forget", cwd=wasteful, **home).stdout == "forgot 1 tunings\n"
    call(*run, "--out", "forgotten.json", cwd=wasteful, **home)
    assert not any(case.tuned for case in load(wasteful / "forgotten.json").plan.cases)


def test_wasm_is_tuned_the_same_way(tmp_path: Path) -> None:
    tunable = [v for v in variants() if v.runtime is Runtime.WASM and any(p.choices for p in v.parameters)]
    if not tunable:
        pytest.skip("no Wasm variant has a choice of parameters")
    variant = tunable[0]
    chosen = ["--workload", variant.workload, "--variant", f"wasm/{variant.name}", "--target", "wasmtime"]
    done = call("tune", *chosen, "--sizes", "64", "--seconds", "3", "--no-apply", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (outcome,) = json.loads(done.stdout)
    assert outcome["tuning"]["runtime"] == "wasm"
    assert outcome["tuning"]["seconds"] <= outcome["tuning"]["default_seconds"]


@pytest.mark.parametrize(
    ("arguments", "words", "code"),
    [
        (["--variant", "f99"], "no variant matches 'f99'", 1),
        (["--target", "numpy"], "nothing to tune", 1),
        (["--sizes", "huge"], "size 'huge'", 2),
    ],
)
def test_bad_input_is_one_line(arguments: list[str], words: str, code: int, tmp_path: Path) -> None:
    done = call("tune", *arguments, cwd=tmp_path)
    assert done.returncode == code
    assert words in done.stderr.strip().splitlines()[-1]
    assert "Traceback" not in done.stderr
