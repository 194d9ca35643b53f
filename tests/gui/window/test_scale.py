"""On screens of 1.5 or 2 device pixels to the logical one nothing is clipped and all is sharp."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("scale", [1.5, 2.0])
def test_the_window_is_drawn_in_device_pixels(scale: float, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.gui.drive_scale", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(scale)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["ratio"] == scale
    assert seen["size"] == [1024 * scale, 640 * scale]
    assert not seen["problems"], "\n".join(seen["problems"])
    assert set(seen["icons"]) == {scale}
    for what, (sharp, upscaled) in seen["sharp"].items():
        assert sharp > 2 * upscaled, f"{what} has no more detail than at 100 %"
    assert seen["exported"] == [2560, 1440]  # whatever the screen
