"""``run --live``: goes on until it is interrupted, and keeps what it has."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.console import Console

from app.cli.live import live_table
from app.core.measurement import Status
from app.findings.rows import rows
from app.storage.files import load
from app.workloads import workloads
from tests.gui.made import session

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_ctrl_c_ends_a_live_run_well(tmp_path: Path) -> None:
    path = tmp_path / "live.kernelscope.json"
    command = ["run", "--live", "--target", "wasmtime", "--variant", "wasm/f32*", "--sizes", "64"]
    running = subprocess.Popen(
        [sys.executable, "-m", "app", *command, "--no-ceilings", "--out", str(path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stderr
    for line in running.stderr:
        if line.strip() == "pass 3":
            break
    time.sleep(0.2)
    running.send_signal(signal.SIGINT)
    out, _ = running.communicate(timeout=60)
    assert running.returncode == 0
    assert "f32-simd" in out
    kept = load(path)
    assert kept.plan.settings.rounds
    good = [m for m in kept.measurements if m.status is Status.OK]
    assert good
    assert all(len(m.samples) >= 20 for m in good)


def test_the_table_shows_what_has_a_result() -> None:
    console = Console(width=120, record=True)
    console.print(live_table(rows(session(), workloads()), 7))
    text = console.export_text()
    assert "pass 7" in text
    assert "baseline" in text
    assert "4.00×" in text
    assert "unsupported" not in text
