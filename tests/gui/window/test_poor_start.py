"""The window where things are missing: no fonts, a crash the last time, a home that cannot be written."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, until

START = """
import sys
from PySide6.QtCore import QTimer
from app.gui.window import app
real = app.MainWindow

def window(*given):
    made = real(*given)
    made.controller.said.connect(lambda level, text: print(f"{level}: {text}", flush=True))
    if "--run" in sys.argv:
        made.controller.hardware_changed.connect(lambda: begin(made))
    elif "--recover" in sys.argv:
        made.controller.said.connect(lambda level, text: "recovered" in text and leave(made))
        QTimer.singleShot(30000, lambda: leave(made))
    else:
        QTimer.singleShot(300, lambda: leave(made))
    return made

def leave(window):
    window.controller.modified = False
    window.close()

def begin(window):
    if window.controller.hardware.searching or begin.done:
        return
    begin.done = True
    for target in window.controller.targets:
        window.kernels.targets.set_ticked(target.id, target.id == "numpy")
    window.kernels.sizes.line.setText("32, 48, 64, 80, 96")
    window.kernels.seconds.setValue(0.4)
    window.runner.run()

begin.done = False
app.MainWindow = window
sys.exit(app.main())
"""


def start(folder: Path, *arguments: str, **env: str) -> subprocess.Popen[str]:
    homes = {f"XDG_{name}_HOME": str(folder / name) for name in ("DATA", "STATE", "CONFIG", "CACHE")}
    return subprocess.Popen(
        [sys.executable, "-c", START, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", **homes, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_killed_window_has_its_run_at_the_next_start(tmp_path: Path) -> None:
    killed = start(tmp_path, "--run")

    def finished() -> int:
        return sum(path.read_bytes().count(b'"CaseFinished"') for path in tmp_path.glob("**/*.journal"))

    until(lambda: killed.poll() is not None or finished() >= 2)
    assert killed.poll() is None, killed.communicate()
    killed.send_signal(signal.SIGKILL)
    killed.communicate(timeout=20)
    said, errors = start(tmp_path, "--recover").communicate(timeout=240)
    assert "was interrupted: recovered" in said, errors
    assert "Traceback" not in errors


def test_without_fonts_and_home_the_window_comes_up_and_says_what_is_missing(tmp_path: Path) -> None:
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    conf = tmp_path / "fonts.conf"
    conf.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{fonts}</dir><cachedir>{fonts}</cachedir></fontconfig>"
    )
    nowhere = dict.fromkeys(("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "HOME"), "/dev/null/x")
    window = start(tmp_path, FONTCONFIG_FILE=str(conf), QT_QPA_FONTDIR=str(fonts), **nowhere)
    _, errors = window.communicate(timeout=240)
    assert window.returncode == 0, errors
    assert "Traceback" not in errors
    if sys.platform.startswith("linux"):
        assert "no fonts are installed" in errors
