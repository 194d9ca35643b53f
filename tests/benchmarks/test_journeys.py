"""Nine ways through a real window, by mouse and by keys alone: what each takes is counted and printed.

A step is a click, a key or a word typed. What a first face took stands beside it.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.gui.window.test_real_window import display

__all__ = ["display"]

ROOT = Path(__file__).parents[2]
STEPS = {
    "first run": ("1", 1, 1),
    "best variant": ("4-9", 3, 3),
    "why faster": ("3", 1, 2),
    "compare yesterday": ("3-6", 3, 4),
    "edit a kernel": ("5", 4, 5),
    "colleague's session": ("6", 6, 4),
    "add a browser": ("3", 3, 2),
    "a slide": ("3-4", 1, 1),
    "stop and resume": ("not possible", 2, 2),
}
"""What each took before, and takes at most by mouse and by keys."""


@pytest.mark.timeout(0)
@pytest.mark.skipif(not shutil.which("xdotool"), reason="xdotool is not installed")
def test_nine_journeys(display: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.gui.drive_journeys", str(tmp_path)],
        cwd=ROOT,
        env={
            **os.environ,
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "XDG_DATA_HOME": str(tmp_path / "data"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    ways = json.loads(done.stdout.splitlines()[-1])["ways"]
    print()
    for name, (before, by_mouse, by_keys) in STEPS.items():
        own = ways[name]
        for way, most in (("mouse", by_mouse), ("keys", by_keys)):
            steps = own[way]
            assert isinstance(steps, list), f"{name} by {way}: {steps}"
            print(f"{name}, {way}: {len(steps)} (before {before}): {', '.join(steps)}")
            assert len(steps) <= most
