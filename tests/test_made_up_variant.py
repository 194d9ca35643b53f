"""The test of the design: a new variant is one template and one entry, and everything else follows."""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.target import Target
from tests.cli.test_cli import call
from tests.conftest import ROOT

ENTRY = """
from msgspec.structs import replace
VARIANTS.append(replace(VARIANTS[{like}], name="f32-madeup", template="{template}"))
"""


@pytest.fixture
def made_up(tmp_path: Path) -> Path:
    """A folder whose ``kernels`` and ``wasm_modules`` have one template and one entry more."""
    for folder in ("kernels", "wasm_modules"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for file, template, copy, like in (
        ("kernels", "matvec.wgsl", "madeup.wgsl", 0),
        ("wasm_modules", "rows.wat", "madeup.wat", 1),
    ):
        folder = tmp_path / file / "matvec"
        shutil.copy(folder / template, folder / copy)
        with (folder / "variants.py").open("a") as out:
            out.write(ENTRY.format(like=like, template=copy))
    return tmp_path


def test_a_made_up_variant_is_everywhere(made_up: Path, targets: list[Target]) -> None:
    listed = json.loads(call("kernels", "--json", cwd=made_up).stdout)
    found = {entry["runtime"]: entry["runs_on"] for entry in listed if entry["name"] == "f32-madeup"}
    assert set(found) == {"wgsl", "wasm"}
    assert found["wasm"] == ["wasmtime", "v8"]
    assert set(found["wgsl"]) == {target.id for target in targets if target.engine == "webgpu"}

    arguments = ["--variant", "f32-madeup", "--sizes", "65", "--seconds", "0.02"]
    done = call("run", *arguments, "--out", "a.json", "--csv", "a.csv", cwd=made_up)
    assert done.returncode == 0, done.stderr
    rows = [r for r in csv.DictReader((made_up / "a.csv").open(newline="")) if r["variant"] == "f32-madeup"]
    assert {row["target"] for row in rows} == {"wasmtime", "v8", *found["wgsl"]}
    for row in rows:
        assert row["status"] == "ok"
        assert float(row["rel_error"]) < 1e-5
        assert float(row["speedup"]) > 0

    assert "f32-madeup" in call("show", "wgsl/f32-madeup", cwd=made_up).stdout
    exported = call("export", "a.json", "--svg", "a.svg", cwd=made_up, QT_QPA_PLATFORM="offscreen")
    assert exported.returncode == 0, exported.stderr


def test_a_made_up_variant_that_is_wrong_is_caught(made_up: Path) -> None:
    template = made_up / "wasm_modules" / "matvec" / "madeup.wat"
    template.write_text(template.read_text().replace('{{ inc("$x", sums * halves * width) }}', ""))
    done = call("run", "--variant", "wasm/f32-madeup", "--sizes", "65", "--csv", "a.csv", cwd=made_up)
    assert done.returncode == 1
    row = next(
        r for r in csv.DictReader((made_up / "a.csv").open(newline="")) if r["variant"] == "f32-madeup"
    )
    assert (row["status"], row["speedup"], row["median_s"]) == ("wrong result", "", "")
    assert "exceeds the tolerance" in row["reason"]


PICKER = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from app.gui.state.controller import Controller
from app.gui.parts.memory import Memory
from app.gui.window.window import MainWindow

app = QApplication([])
memory = Memory(QSettings("settings.ini", QSettings.Format.IniFormat))
memory.write("workload", "matvec")
window = MainWindow(Controller(), memory)
window.show()
window.controller.find_hardware()
while window.controller.searching:
    app.processEvents()
    time.sleep(0.01)
app.processEvents()
for runtime in ("wgsl", "wasm"):
    entry = window.kernels.variants.entry(f"{runtime}/f32-madeup")
    print(entry.key, entry.enabled)
window.controller.modified = False
window.close()
"""


def test_a_made_up_variant_is_in_the_picker(made_up: Path, targets: list[Target]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PICKER],
        cwd=made_up,
        env={**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    gpu = any(target.engine == "webgpu" for target in targets)
    wgsl, wasm = done.stdout.splitlines()
    assert wgsl.endswith(str(gpu))
    assert wasm.endswith("True")
