"""How soon a newcomer reads an answer: F5 in a fresh window on a display, and what its largest line says."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = 30.0
"""What is granted; the run is then stopped."""

FIRST = """
import json, time
from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from app.gui.window.app import make_application
app = make_application()
from app.gui.parts.memory import Memory
from app.gui.state.controller import Controller
from app.gui.window.window import MainWindow
memory = Memory(QSettings({settings!r}, QSettings.Format.IniFormat))
window = MainWindow(Controller(), memory)
window.show()
window.activateWindow()
control = window.controller
control.find_hardware()
QTimer.singleShot(0, window.chart.import_plot)
while control.searching:
    app.processEvents()
    time.sleep(0.005)
QTest.qWaitForWindowActive(window)
begun, said = time.monotonic(), []
QTest.keyClick(window, Qt.Key.Key_F5)
assert control.running, "F5 began no run"
while control.running and time.monotonic() - begun < {seconds}:
    app.processEvents()
    time.sleep(0.002)
    words = window.chart.head.answer.whole if window.chart.picture else ""
    if words and (not said or words != said[-1][1]):
        said.append((time.monotonic() - begun, words))
ended = not control.running
done = sum(row.ok for row in control.rows)
control.stop()
while control.running:
    app.processEvents()
    time.sleep(0.005)
left = time.monotonic() + 1
while time.monotonic() < left:
    app.processEvents()
last = window.chart.head.answer.whole
window.grab().save({picture!r})
print(json.dumps(dict(said=said, ended=ended, done=done, cases=len(control.session.plan.cases), last=last)))
control.modified = False
window.close()
app.processEvents()
"""


def test_a_newcomer_reads_an_answer(tmp_path: Path) -> None:
    """Target: within 30 s of F5 one sentence says which feature is how much faster than what, and where."""
    if not shutil.which("xvfb-run"):
        pytest.skip("xvfb-run is not installed")
    fresh = {name: str(tmp_path / name) for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME")}
    picture = os.environ.get("FIRST_MINUTE_PICTURE", str(tmp_path / "window.png"))
    code = FIRST.format(settings=str(tmp_path / "s.ini"), seconds=SECONDS, picture=picture)
    done = subprocess.run(
        ["xvfb-run", "-a", "-s", "-screen 0 1280x800x24", sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **fresh, "QT_QPA_PLATFORM": "xcb"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    for seconds, words in seen["said"]:
        print(f"\n{seconds:5.1f} s  {words}", end="")
    answers = [seconds for seconds, words in seen["said"] if "faster than" in words and " on " in words]
    state = "ended" if seen["ended"] else "stopped"
    print(f"\n{seen['done']} of {seen['cases']} cases after {SECONDS:g} s, {state}: {seen['last']}")
    print(f"first answer after {min(answers, default=float('inf')):.1f} s (target {SECONDS:g})")
    assert answers
