"""What the import contracts in pyproject.toml cannot say."""

import subprocess
import sys

import pytest

import run

WITHOUT_QT = """
import sys
sys.modules |= dict.fromkeys(["PySide6", "pyqtgraph"])  # any import of these raises ImportError
from app.cli import main
sys.exit(main())
"""
LOADED = "import sys, app.cli.commands; print({'wgpu', 'wasmtime', 'PySide6', 'numpy'} & sys.modules.keys())"


def python(code: str, *arguments: str) -> str:
    """What ``code`` prints in a fresh interpreter."""
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(
        command, cwd=run.ROOT, capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("arguments", [["--help"], ["show", "f32"], ["run", "--help"]])
def test_the_command_line_runs_without_qt(arguments: list[str]) -> None:
    assert python(WITHOUT_QT, *arguments)


def test_the_command_line_leaves_drivers_to_its_workers() -> None:
    """Drivers may abort the process that loads them; NumPy makes whoever asks for help wait."""
    assert python(LOADED).strip() == "set()"
