"""Whether the window survives hundreds of switches of the theme, whatever it shows."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.gui.drive_themes import STATES

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(0)
@pytest.mark.parametrize("state", STATES)
def test_two_hundred_themes(state: str, tmp_path: Path) -> None:
    """In a process of its own: what went wrong once was a crash of the interpreter."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.gui.drive_themes", str(tmp_path), state],
        cwd=ROOT,
        env={"QT_QPA_PLATFORM": "offscreen", **os.environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Traceback" not in done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    print(
        f"\nthemes, {state}: {seen['switches']} switches, "
        f"mean {seen['mean_ms']} ms, at most {seen['longest_ms']} ms"
    )
    assert seen["switches"] >= 200
