"""What is wrong with a folder is said in one line each, with where it stands."""

from pathlib import Path

import pytest

from app.cli.problem import check_problem
from app.core.errors import KernelscopeError
from app.storage.problem_files import write_example
from app.storage.problems import open_problem, read_problem
from tests.problems.conftest import FOLDERS, change

FAULTS = [
    ('name = "mysaxpy"', 'name = "matvec"', "a workload of Kernelscope has that name"),
    ('name = "mysaxpy"', 'name = "My Saxpy"', "use up to 40 small letters"),
    ('flops = "2 * n"', 'flop = "2 * n"', "unknown field `flop`"),
    ('flops = "2 * n"', 'flops = "2 * m"', "there is no 'm'; there are: n"),
    ('flops = "2 * n"', 'flops = "open(n)"', "no function 'open'"),
    ("n = [65536, 1048576]", "n = [0]", "whole numbers from 1"),
    ('role = "input"', 'role = "inout"', "Invalid enum value 'inout'"),
    ('dtype = "f32"', 'dtype = "f64"', "Invalid enum value 'f64'"),
    ('role = "output"', 'role = "scratch"', "nothing could be checked"),
    ('python = "reference.py"', 'python = "../reference.py"', "the problem's own folder"),
    ('python = "reference.py"', 'python = "missing.py"', "cannot be read"),
    ('python = "reference.py"', 'einsum = "i,i->i"\npython = "reference.py"', "give one of python"),
    ('python = "reference.py"', 'einsum = "ij,i->i"', "has 1 dimensions, and 'ij' 2"),
    ('file = "many.wgsl"', 'file = "many.txt"', "ends in .wgsl, .wat or .wasm"),
    ('file = "many.wgsl"', 'file = "/etc/passwd"', "the problem's own folder"),
    ('entry = "main"', 'entry = "start"', "its text has no function 'start'"),
    ('grid = ["ceildiv(n, WG)"]', "", "say how many workgroups run"),
    ('grid = ["ceildiv(n, WG)"]', 'grid = ["n / WG"]', "has to be whole"),
    ("[kernels.parameters.PER]", "[kernels.parameters.PERS]", "there is no 'PER'"),
    ("choices = [32, 64, 128, 256]", "choices = [0, 64]", "0 is no whole number from 1"),
    ("[tolerance]", "[tolerance]\nrelative = 2", "may be from 0 to 0.5"),
    ("title =", "title", "expected"),
]


@pytest.mark.parametrize(("old", "new", "said"), FAULTS)
def test_a_fault_is_one_line_that_says_where(saxpy: Path, old: str, new: str, said: str) -> None:
    change(saxpy / "problem.toml", (old, new))
    _, wrong = read_problem(saxpy)
    assert any(said.lower() in line.lower() for line in wrong), wrong
    assert not any("\n" in line for line in wrong)
    with pytest.raises(KernelscopeError, match=r"problem\.toml: "):
        open_problem(saxpy)


def test_every_fault_is_told_not_the_first_alone(saxpy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(
        saxpy / "problem.toml", ('flops = "2 * n"', 'flops = "2 * m"'), ('entry = "main"', 'entry = "start"')
    )
    assert check_problem(saxpy) == 1
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_the_examples_are_sound(saxpy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder in (saxpy, *(one for one in FOLDERS.iterdir() if one.is_dir())):
        assert check_problem(folder) == 0, capsys.readouterr().out


def test_a_folder_that_is_none_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(KernelscopeError, match="problem new nothing"):
        open_problem(tmp_path / "nothing")


def test_a_folder_that_holds_something_is_not_written_into(saxpy: Path, tmp_path: Path) -> None:
    with pytest.raises(KernelscopeError, match="holds something already"):
        write_example(saxpy)
    with pytest.raises(KernelscopeError, match="is no name for a problem"):
        write_example(tmp_path / "My Problem")


def test_a_link_that_leads_out_of_the_folder_is_not_read(saxpy: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.wgsl"
    secret.write_text("mine")
    (saxpy / "many.wgsl").unlink()
    (saxpy / "many.wgsl").symlink_to(secret)
    _, wrong = read_problem(saxpy)
    assert any("outside the problem's folder" in line for line in wrong)
