"""Packages of others: what is understood runs and is held against their tests, what is not is named."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.errors import KernelscopeError
from app.core.measurement import Status
from app.core.shape import Shape
from app.core.target import Target
from app.problems.templates import render
from app.storage.importing import import_package
from app.storage.problem_files import write_problem
from app.storage.problems import open_problem
from app.worker.supervisor import Supervisor
from tests.problems.conftest import FOLDERS, change
from tests.problems.test_run import SIZES, measured, states

PACKAGES = Path(__file__).parent / "packages"


@pytest.fixture
def package(tmp_path: Path) -> Callable[[str], Path]:
    """A copy of one of the packages written for these tests."""
    return lambda name: Path(shutil.copytree(PACKAGES / name, tmp_path / name))


def test_tests_become_answers_cases_sizes_and_the_rest_is_named(tmp_path: Path) -> None:
    found = import_package(PACKAGES / "example.Add", "add")
    assert sorted(line.partition(":")[0] for line in found.left_out) == [
        "test.json broadcast",
        "the variant 'gone'",
        "the variant 'odd'",
        "the variant 'odd'",
    ]
    write_problem(tmp_path / "add", "add", found.files)
    one = open_problem(tmp_path / "add")
    assert one.workload.default_shapes == (Shape(64, 256),)
    assert one.workload.odd == (Shape(2, 3),)
    answer = one.workload.reference(one.workload.inputs(Shape(2, 3), 1))
    assert answer.tolist() == [[11, 22, 33], [14, 25, 36]]
    assert [v.name for v in one.variants] == ["scalar"]


def test_an_operation_that_nobody_knows_runs_its_tests_alone(tmp_path: Path) -> None:
    found = import_package(PACKAGES / "example.Scale", "scale")
    assert any("write reference.py" in line for line in found.left_out)
    assert any("'alpha' is not the default" in line for line in found.left_out)
    write_problem(tmp_path / "scale", "scale", found.files)
    assert open_problem(tmp_path / "scale").workload.default_shapes == (Shape(3),)


def test_what_was_imported_is_held_against_the_tests(
    package: Callable[[str], Path],
    tmp_path: Path,
    supervisor: Supervisor,
    targets: list[Target],
    gpus: list[Target],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = package("example.Add")
    for name in ("right", "wrong"):
        write_problem(tmp_path / name, name, import_package(folder, name).files)
        open_problem(tmp_path / name)
        monkeypatch.setitem(SIZES, name, "8x16")
        case = json.loads((folder / "test.json").read_text())
        case["cases"][0]["outputs"]["c"]["data"][5] += 1  # the next one's test is not what its kernel gives
        (folder / "test.json").write_text(json.dumps(case))
    open_problem(FOLDERS.parent / "more" / "extremes")  # two outputs, of packed bytes
    monkeypatch.setitem(SIZES, "extremes", "8x16")
    found = states(measured(supervisor, targets, ["right", "wrong", "extremes"], ("webgpu",)))
    assert {name: status for (name, *_), (status, _) in found.items()} == {
        "right": Status.OK,
        "wrong": Status.WRONG,
        "extremes": Status.OK,
    }
    assert "wrong at 2x3" in next(reason for status, reason in found.values() if status is Status.WRONG)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{{ cycler.__init__.__globals__.os }}", "unsafe"),
        ("{% for i in range(10000000) %}x{% endfor %}", "range"),
        ("{% include '/etc/passwd' %}", "no loader"),
        ("{{ unknown }}", "'unknown' is undefined"),
        ("{% if %}", "line"),
        ("{{ 'x' * 2000000 }}", "characters"),
    ],
)
def test_a_template_reaches_nothing_but_its_parameters(template: str, said: str) -> None:
    with pytest.raises(KernelscopeError) as caught:
        render(template, "kernel.wgsl.jinja", {"N": 3})
    assert said in str(caught.value) or said == "line"
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"name": "a"', '"name": "a\\"]; import os #"', "is no name"),
        ('"float32"', '"float128"', "need a name, a dtype"),
        ('["M", "N"]', '["import"]', "no variant of it is understood"),
        ('"inputs"', '"ins"', "names no inputs"),
        ("{", "[", "no JSON"),
    ],
)
def test_what_is_no_package_is_said_in_one_line(
    package: Callable[[str], Path], old: str, new: str, said: str
) -> None:
    folder = package("example.Add")
    change(folder / "manifest.json", (old, new))
    with pytest.raises(KernelscopeError, match=said) as caught:
        import_package(folder, "add")
    assert "\n" not in str(caught.value)
