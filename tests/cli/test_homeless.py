"""The command line where things are missing or locked: it says so in a line and does what it can."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

RUN = ("run", "--target", "numpy", "--sizes", "32,48", "--seconds", "0.02", "--no-ceilings")
HOMES = ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "HOME")


def call(*arguments: str, cwd: Path, prelude: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    code = f"{prelude}\nimport sys\nfrom app.cli.main import main\nsys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **env},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )


def test_no_home_can_be_written(tmp_path: Path) -> None:
    """The current folder takes what has no other place."""
    done = call(*RUN, "--out", "a.json", cwd=tmp_path, **dict.fromkeys(HOMES, "/dev/null/none"))
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "a.json").exists()


def test_nowhere_can_be_written(tmp_path: Path) -> None:
    """Neither home nor current folder: the figures are printed all the same."""
    done = call(*RUN, cwd=Path("/proc"), **dict.fromkeys(HOMES, "/dev/null/none"))
    assert done.returncode == 0, done.stderr
    assert "a crash would lose this run" in done.stderr
    assert "f32" in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="resource limits")
def test_a_full_disk_costs_files_and_no_figures(tmp_path: Path) -> None:
    """RLIMIT_FSIZE refuses to let any file grow: neither journal, history nor session fit."""
    prelude = (
        "import resource, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))"
    )
    done = call(*RUN, "--out", "a.json", cwd=tmp_path, prelude=prelude, XDG_DATA_HOME=str(tmp_path / "data"))
    assert done.returncode == 1
    assert "a crash would lose this run" in done.stderr
    assert "kernelscope: a.json: cannot be written (File too large)" in done.stderr
    assert "f32" in done.stdout
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("*.tmp"))


def test_two_at_once_share_everything(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_DATA_HOME": str(tmp_path)}
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "app", *RUN, "--out", f"{name}.json"],
            cwd=tmp_path,
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for name in "ab"
    ]
    for process in both:
        _, errors = process.communicate(timeout=100)
        assert process.returncode == 0, errors.decode()
        assert b"interrupted" not in errors
    listed = call("history", "list", cwd=tmp_path, XDG_DATA_HOME=str(tmp_path))
    assert listed.stdout.count("2/2") == 2
    assert not list(tmp_path.glob("**/*.journal"))


def test_no_adapter_at_all(tmp_path: Path) -> None:
    """Neither Vulkan nor EGL finds a driver."""
    done = call(
        "hardware",
        cwd=tmp_path,
        VK_DRIVER_FILES="/nonexistent",
        VK_ICD_FILENAMES="/nonexistent",
        LD_LIBRARY_PATH="",
        __EGL_VENDOR_LIBRARY_FILENAMES="/nonexistent",
        LIBGL_DRIVERS_PATH="/nonexistent",
    )
    assert done.returncode == 0, done.stderr
    assert "wasmtime" in done.stdout
    assert "Traceback" not in done.stderr
    if "Vulkan" not in done.stdout and "OpenGL" not in done.stdout:
        assert "no GPU adapter: install a Vulkan driver" in done.stderr


def test_diagnose_writes_what_a_bug_report_needs(tmp_path: Path) -> None:
    done = call("diagnose", "--out", "report.txt", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "report.txt").read_text()
    for title in ("Kernelscope", "Adapters and engines", "Driver files", "Settings", "End of the log"):
        assert f"## {title}\n" in text
    assert "wasmtime: wasmtime; wasmtime 50" in text
    assert str(Path.home()) not in text or str(Path.home()) == "/"
    refused = call("diagnose", "--out", "/dev/null/report.txt", cwd=tmp_path)
    assert refused.returncode == 1
    assert "cannot be written" in refused.stderr
