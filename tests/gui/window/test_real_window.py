"""The window on a real display server: Xvfb, where it is installed."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage

from app.charts.modes import MODES

ROOT = Path(__file__).parents[3]


@pytest.fixture
def display() -> Iterator[str]:
    """A display of our own; Xvfb picks a free number."""
    if not shutil.which("Xvfb"):
        pytest.skip("Xvfb is not installed")
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as pipe:
        number = pipe.readline().strip()
    if not number:
        server.wait(10)
        pytest.skip("Xvfb could not start")
    yield f":{number}"
    server.terminate()
    server.wait(10)


def drive(module: str, display: str, folder: Path) -> dict[str, Any]:
    """What the driver saw."""
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", f"tests.gui.{module}", str(folder)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=580,
        check=False,
    )
    if "xcb" in done.stderr and "could not load" in done.stderr.lower():
        pytest.skip("a library that Qt needs for a real window is missing")
    assert done.returncode == 0, done.stderr[-2000:]
    assert "Traceback" not in done.stderr
    seen: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return seen


def test_keys_and_mouse_while_it_measures(display: str, tmp_path: Path) -> None:
    seen = drive("drive_keys", display, tmp_path)
    assert seen["platform"] == "xcb"
    assert seen["live_mode"] == "live"
    assert (seen["live_dark"], seen["live_light"]) == (True, False)
    assert seen["still_live"]
    assert seen["rounds"] >= 10
    assert seen["modes"] == [[mode.name, True] for mode in MODES]
    assert (seen["undone"], seen["redone"]) == (MODES[-2].name, MODES[-1].name)
    assert seen["palette"] == "bars"
    assert seen["floats"]
    assert seen["back"]
    assert seen["full_screen"]
    assert seen["closed"]
    assert seen["asked_before_it_stopped"]


def test_run_stop_save_open_export_in_a_real_window(display: str, tmp_path: Path) -> None:
    seen = drive("drive_window", display, tmp_path)
    assert seen["platform"] == "xcb"
    assert len(seen["targets"]) >= 2
    assert seen["growth"] == sorted(set(seen["growth"]))
    assert seen["stop_s"] < 2
    assert seen["opened"]
    assert seen["points"] > 0
    assert (tmp_path / "chart.svg").stat().st_size > 1000
    light, dark = (QImage(str(tmp_path / f"{name}.png")).pixelColor(640, 10) for name in ("light", "dark"))
    assert light.lightness() > 200 > 100 > dark.lightness()


@pytest.mark.skipif(not shutil.which("xdotool"), reason="xdotool is not installed")
def test_docks_dragged_by_the_mouse(display: str, tmp_path: Path) -> None:
    seen = drive("drive_docks", display, tmp_path)
    assert seen["platform"] == "xcb"
    assert set(seen["first"]) == {"chart", "results", "details"}
    assert seen["inside"]


def test_a_kernel_of_ones_own_in_a_real_window(display: str, tmp_path: Path) -> None:
    seen = drive("drive_source", display, tmp_path)
    assert seen["platform"] == "xcb"
    assert seen["chosen"] == "f32-simd"
    assert seen["error"][0] == 1
    assert "line 1, column 1" in seen["error"][1]
    assert "f32-simd" in seen["result"]
    assert seen["rows"]["f32-simd+mine"] == "ok"
    assert seen["rows"]["f32-simd"] == "ok"
