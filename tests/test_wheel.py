"""The wheel, built and installed where others stand in its way: one name, whole, and never theirs."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from email.parser import Parser
from pathlib import Path
from sysconfig import get_paths

import pytest

from app import __version__
from run import ROOT

REFUSES = "raise ImportError('another package of this name')"
Run = Callable[..., str]


def output_of(*command: object, **given: Path | dict[str, str]) -> str:
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, **given)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    output_of(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (path,) = folder.iterdir()
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """A command of an environment that holds the wheel and a stranger, run beside another ``app``."""
    folder = tmp_path_factory.mktemp("installed")
    output_of(sys.executable, "-m", "venv", "--without-pip", folder)
    python = folder / "Scripts" / "python.exe" if os.name == "nt" else folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check"]
    output_of(*pip, "install", "--no-deps", "--no-index", wheel)
    packages = Path(get_paths(vars={"base": str(folder), "platbase": str(folder)})["purelib"])
    # What the wheel depends on is taken from the environment of the tests, and found last:
    (packages / "dependencies.pth").write_text(get_paths()["purelib"])
    elsewhere = folder / "elsewhere"
    for package in (packages / "kernels", elsewhere / "app"):
        package.mkdir(parents=True)
        (package / "__init__.py").write_text(REFUSES)
    # Neither the checkout nor what the tests were started with may help.
    variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return lambda program, *given: output_of(
        python.parent / program, *given, cwd=elsewhere, env=variables | {"COLUMNS": "200"}
    )


def test_it_installs_one_name(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        about = Parser().parsestr(archive.read(f"kernelscope-{__version__}.dist-info/METADATA").decode())
    assert {name.split("/")[0] for name in names} == {"kernelscope", f"kernelscope-{__version__}.dist-info"}
    assert about["Version"] == __version__
    assert "kernelscope/py.typed" in names


def test_it_brings_every_file_that_the_program_reads(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    folders = (ROOT / name for name in ("app", "kernels", "wasm_modules", "resources"))
    files = (path.relative_to(ROOT) for folder in folders for path in folder.rglob("*") if path.is_file())
    left_out = {path for path in files if f"kernelscope/{path.as_posix()}" not in names}
    tracked = {path.parts[:2] for path in left_out if "__pycache__" not in path.parts}
    assert tracked == {("resources", folder) for folder in ("docs", "screenshots", "start")}


def test_strangers_stand_in_its_way(installed: Run) -> None:
    for name in ("app", "kernels"):
        with pytest.raises(AssertionError, match="another package of this name"):
            installed("python", "-c", f"import {name}")


def test_its_kernels_are_its_own(installed: Run) -> None:
    assert "u8-dot4" in installed("kernelscope", "kernels")
    assert "var<storage, read> matrix" in installed("kernelscope", "show", "f32")


def test_its_workers_start(installed: Run) -> None:
    small = ("--target", "wasmtime", "--variant", "f32-simd", "--sizes", "64", "--seconds", "0.01")
    assert "f32-simd" in installed("kernelscope", "run", *small, "--no-ceilings")


def test_python_runs_it_as_a_module(installed: Run) -> None:
    assert __version__ in installed("python", "-m", "kernelscope", "--version")
