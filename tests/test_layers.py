"""What the import contracts in pyproject.toml cannot say."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import run

WITHOUT_QT = """
import sys
sys.modules |= dict.fromkeys(["PySide6", "pyqtgraph"])  # any import of these raises ImportError
from app.cli import main
sys.exit(main())
"""
LOADING = """
import sys
sys.modules |= dict.fromkeys(["PySide6", "pyqtgraph"])
for name in sys.argv[1:]:
    __import__(name)
print("loaded")
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


def modules() -> dict[str, Path]:
    """Every module of the program by its dotted name."""
    found = {}
    for folder in ("app", "kernels", "wasm_modules"):
        for path in sorted((run.ROOT / folder).rglob("*.py")):
            parts = path.relative_to(run.ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imports(path: Path) -> Iterator[str]:
    """What a file imports, wherever and for whatever: at its head, in functions, for type checkers."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            whole = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (name if name in MODULES else node.module for name in whole)


MODULES = modules()


def reached(name: str) -> set[str]:
    """The modules that a module imports, and those that these import, and so on."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        new = TAKEN[waiting.pop()] - found
        found |= new
        waiting += new
    return found


TAKEN = {name: {*imports(path)} & MODULES.keys() - {name} for name, path in MODULES.items()}


def test_no_imports_run_in_a_circle() -> None:
    assert [name for name in MODULES if name in reached(name)] == []


def test_every_room_has_its_place_in_the_tower() -> None:
    contracts = tomllib.loads((run.ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    (tower,) = (one["layers"] for one in contracts["contracts"] if one["id"] == "rooms")
    rooms = {name for name, path in MODULES.items() if path.match("app/*/__init__.py")}
    assert rooms <= set(tower)


def test_what_says_no_qt_loads_none() -> None:
    said = [name for name, path in MODULES.items() if "No Qt." in (ast.get_docstring(parsed(path)) or "")]
    assert said
    assert python(LOADING, *said).strip() == "loaded"
