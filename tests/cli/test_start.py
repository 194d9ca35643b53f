"""The first and last moments of the program: shells that ask, output that nobody takes, Ctrl-C at once."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(os.name != "posix", reason="shells, devices and signals of POSIX")

SHELLS = {
    "bash": "COMP_WORDS=(kernelscope ex); COMP_CWORD=1; "
    "_kernelscope_completion kernelscope; echo ${COMPREPLY[@]}",
    "zsh": "_arguments() { echo $@ }; words=(kernelscope ex); CURRENT=2; _kernelscope_completion",
}


def environment(home: Path, **more: str) -> dict[str, str]:
    folders = ("HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
    return {
        **os.environ,
        **dict.fromkeys(folders, str(home)),
        "PYTHONPATH": str(ROOT),
        "PATH": f"{home}{os.pathsep}{os.environ['PATH']}",
        **more,
    }


@pytest.mark.parametrize("shell", SHELLS)
def test_tab_completes_and_does_nothing_else(shell: str, tmp_path: Path) -> None:
    if not shutil.which(shell):
        pytest.skip(f"no {shell} is installed")
    program, home, here = tmp_path / "bin/kernelscope", tmp_path / "bin", tmp_path / "here"
    home.mkdir()
    here.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m app "$@"\n')
    program.chmod(0o755)
    ask = f'compdef() {{ :; }}; eval "$(_KERNELSCOPE_COMPLETE=source_{shell} kernelscope)"; {SHELLS[shell]}'
    done = subprocess.run(
        [shell, "-c", ask],
        cwd=here,
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "export" in done.stdout
    assert done.stderr == ""
    assert list(here.iterdir()) == []
    assert list(home.iterdir()) == [program]
    imports = environment(
        home, _KERNELSCOPE_COMPLETE="complete_bash", COMP_WORDS="kernelscope ", COMP_CWORD="1"
    )
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "app"],
        cwd=here, env=imports, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    # A second is enough for what it loads; engines, arrays and windows are none of that.
    for slow in ("numpy", "wgpu", "wasmtime", "PySide6"):
        assert f" {slow}\n" not in done.stderr


@pytest.mark.parametrize("closed", ["1>&- 2>&-", "0<&- 1>&- 2>&-", "1>&-"])
def test_closed_streams_are_no_files(closed: str, tmp_path: Path) -> None:
    choice = "--target numpy --variant f32 --sizes 64 --seconds 0.02 --no-ceilings --out a.json"
    done = subprocess.run(
        ["/bin/sh", "-c", f"exec {closed}; exec '{sys.executable}' -m app run {choice}"],
        cwd=tmp_path, env=environment(tmp_path), timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert (tmp_path / "a.json").read_bytes().startswith(b"{")
    for path in tmp_path.rglob("*.log"):
        assert b"wrote" not in path.read_bytes()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("arguments", [["show", "f32"], ["--version"]])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_is_one_line(arguments: list[str], unbuffered: str, tmp_path: Path) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "app", *arguments],
            cwd=tmp_path, env=environment(tmp_path, PYTHONUNBUFFERED=unbuffered),
            stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == "kernelscope: the output cannot be written: No space left on device\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_results_come_where_remarks_cannot(tmp_path: Path) -> None:
    choice = ["--target", "numpy", "--variant", "f32", "--sizes", "64", "--seconds", "0.02", "--no-ceilings"]
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "app", "run", *choice],
            cwd=tmp_path, env=environment(tmp_path),
            stdout=subprocess.PIPE, stderr=full, text=True, timeout=100, check=False,
        )  # fmt: skip
    assert done.returncode == 0
    assert "NumPy" in done.stdout


def importing(code: str, tmp_path: Path) -> "subprocess.Popen[str]":
    """A process that runs ``code``, in the midst of the import of a module of ``tmp_path`` that says so."""
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment(tmp_path, PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "importing\n"
    return process


def test_ctrl_c_while_it_starts_says_nothing(tmp_path: Path) -> None:
    """The signal comes in the midst of an import, which hands on the time that it takes."""
    slow = tmp_path / "typer"
    slow.mkdir()
    (slow / "__init__.py").write_text("import time\nprint('importing', flush=True)\ntime.sleep(60)\n")
    as_in_a_terminal = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "sys.argv.append('kernels'); from app.cli.main import main; sys.exit(main())"
    )
    process = importing(as_in_a_terminal, tmp_path)
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, words = process.communicate(timeout=60)
    assert time.monotonic() - start < 30
    assert (process.returncode, words) == (130, "")


def test_ctrl_c_before_the_program_itself_says_nothing(tmp_path: Path) -> None:
    """The signal comes while what the entry point stands on is loaded."""
    (tmp_path / "typing.py").write_text("import time\nprint('importing', flush=True)\ntime.sleep(60)\n")
    as_in_a_terminal = (
        "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL);"
        "os.execv(sys.executable, [sys.executable, '-m', 'app', 'kernels'])"
    )
    process = importing(as_in_a_terminal, tmp_path)
    process.send_signal(signal.SIGINT)
    _, words = process.communicate(timeout=60)
    assert (process.returncode, words) == (130, "")


@pytest.mark.parametrize("words", [[], ["run"], ["history", "list"]])
def test_help_is_whole_without_docstrings(words: list[str], tmp_path: Path) -> None:
    whole, bare = (
        subprocess.run(
            [sys.executable, *options, "-m", "app", *words, "--help"],
            cwd=tmp_path, env=environment(tmp_path), capture_output=True, text=True, timeout=100, check=True,
        ).stdout
        for options in ([], ["-OO"])
    )  # fmt: skip
    assert bare == whole


def test_without_assertions_and_docstrings_it_works_too(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-OO", "-m", "app", "run", "--target", "numpy,wasmtime", "--variant", "f32,f32-simd",
         "--sizes", "64", "--seconds", "0.02", "--no-ceilings"],
        cwd=tmp_path, env=environment(tmp_path, PYTHONOPTIMIZE="2"),
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "f32-simd" in done.stdout


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems do not keep to ulimit -v")
def test_a_limit_of_addresses_is_named_where_engines_die_of_it(tmp_path: Path) -> None:
    choice = "--target 'wasmtime*,numpy' --variant f32,f32-simd --sizes 64 --seconds 0.02 --no-ceilings"
    done = subprocess.run(
        ["/bin/sh", "-c", f"ulimit -v 3000000; exec '{sys.executable}' -m app run {choice}"],
        cwd=tmp_path, env=environment(tmp_path), capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (of_v8,) = [line for line in done.stderr.splitlines() if line.startswith("v8: ")]
    (of_wasmtime,) = [line for line in done.stdout.splitlines() if "f32-simd: skipped: " in line]
    for line in (of_v8, of_wasmtime):
        assert line.endswith("GiB (ulimit -v), and engines reserve more than they use")
