"""Verification is worth something only if it notices: break each template and watch every variant fail."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.target import Target
from tests.conftest import ROOT

MUTATIONS = {
    "f32 drops a word": ("kernels/matvec/matvec.wgsl", "var k = 0u;", "var k = 1u;", "wgsl"),
    "rows stop one short": (
        "kernels/matvec/matvec.wgsl",
        "u < shape.rows) {",
        "u + 1u < shape.rows) {",
        "wgsl",
    ),
    "rows slip by one": ("kernels/matvec/matvec.wgsl", "= min(first +", "= min(1u + first +", "wgsl"),
    "scalar skips an add": (
        "wasm_modules/matvec/f32_scalar.wat",
        "for i in range(1, sums)",
        "for i in range(2, sums)",
        "f32-scalar",
    ),
    "simd drops a lane": (
        "wasm_modules/matvec/f32_simd.wat",
        "(f32x4.extract_lane 3 (local.get $sum0))",
        "(f32.const 0)",
        "f32-simd,f32-relaxed",
    ),
    "relaxed reads the wrong word": (
        "wasm_modules/matvec/f32_simd.wat",
        "(v128.load offset={{ 16 * i }} (local.get $a))\n              (v128",
        "(v128.load offset=0 (local.get $a))\n              (v128",
        "f32-relaxed",
    ),
    "i8 forgets the zero point": (
        "wasm_modules/matvec/i8_relaxed.wat",
        "(i32.load (local.get $z))",
        "(i32.const 0)",
        "i8-relaxed",
    ),
    "i8 slips a row": (
        "wasm_modules/matvec/i8_relaxed.wat",
        "(local.set $a (local.get $matrix))",
        "(local.set $a (i32.add (local.get $matrix) (local.get $row_bytes)))",
        "i8-relaxed",
    ),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_broken_template_is_a_wrong_result(name: str, tmp_path: Path, targets: list[Target]) -> None:
    file, right, wrong, affected = MUTATIONS[name]
    if affected == "wgsl" and not any(target.engine == "webgpu" for target in targets):
        pytest.skip("no adapter here")
    for folder in ("kernels", "wasm_modules"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    text = (tmp_path / file).read_text()
    assert right in text
    (tmp_path / file).write_text(text.replace(right, wrong))
    out = tmp_path / "out.kernelscope.json"
    patterns = "wgsl/*" if affected == "wgsl" else affected
    target = "webgpu" if affected == "wgsl" else "wasmtime"
    command = ["run", "--target", target, "--variant", patterns, "--sizes", "63x130", "--seconds", "0.01"]
    done = subprocess.run(
        [sys.executable, "-m", "app", *command, "--out", str(out)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    measurements = json.loads(out.read_text())["measurements"]
    names = None if affected == "wgsl" else affected.split(",")
    ends = {
        m["case"]["variant"]: m["status"]
        for m in measurements
        if m["status"] != "unsupported" and (names is None or m["case"]["variant"] in names)
    }
    assert ends
    assert set(ends.values()) == {"wrong result"}, ends
