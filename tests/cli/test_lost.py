"""What is left of a run whose program is killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.core.measurement import Status
from app.storage.files import load
from tests.conftest import ROOT


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_killed_run_has_lost_no_more_than_the_group_under_way(tmp_path: Path) -> None:
    """SIGKILL leaves no chance to save: what is in the file was written as the run went."""
    saved = tmp_path / "a.json"
    arguments = ["--target", "numpy", "--sizes", "64,128,256", "--seconds", "1.5", "--out", str(saved)]
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "run", *arguments],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not saved.exists():
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=10)
    session = load(saved)
    first = [m for m in session.measurements if m.case.shape.rows == 64]
    assert first
    assert all(m.status is Status.OK and m.samples for m in first)
    assert len(session.plan.cases) > len(first)
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.json"]
