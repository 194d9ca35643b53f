"""Whether the window survives hundreds of switches of the theme, whatever it shows."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
STATES = {"empty", "running", "live", "results", "editor", "compare", "compare example"}


def test_two_hundred_themes_in_every_state(tmp_path: Path) -> None:
    """In a process of its own: what went wrong once was a crash of the interpreter."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.gui.drive_themes", str(tmp_path)],
        cwd=ROOT,
        env={"QT_QPA_PLATFORM": "offscreen", **os.environ},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Traceback" not in done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    print()
    for state, figures in seen.items():
        print(
            f"themes, {state}: {figures['switches']} switches, a switch {figures['mean_ms']} ms, "
            f"at most {figures['longest_ms']} ms"
        )
    assert set(seen) == STATES
