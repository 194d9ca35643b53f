"""run.py without network, apt or a new environment: what it decides, and what its locks hold."""

import json
import re
import shlex
import sys
import tomllib
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import run

LOCKS = [run.LOCK, run.TEST_LOCK]


def entries(lock: str) -> dict[str, str]:
    """What the lock says of each package: its version and hashes."""
    joined = (run.ROOT / lock).read_text("utf-8").replace("\\\n", " ")
    return {line.split("==")[0]: line.split("==", 1)[1] for line in joined.splitlines()}


def project() -> dict:
    return tomllib.loads((run.ROOT / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_versions_and_hashes_alone(lock: str) -> None:
    entry = re.compile(r"[\w.]+( ; [^@/]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*")
    assert [name for name, rest in entries(lock).items() if not entry.fullmatch(rest)] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_satisfies_the_project(lock: str) -> None:
    extras = project()["optional-dependencies"]
    # Gigabytes, and what reads a card that no tester need have: tests take them where they are.
    del extras["torch"], extras["nvidia"]
    chosen = extras.values() if lock == run.TEST_LOCK else ()
    versions = {name: rest.split()[0] for name, rest in entries(lock).items()}
    for requirement in map(Requirement, [*project()["dependencies"], *chain(*chosen)]):
        assert requirement.specifier.contains(versions[requirement.name.lower()]), requirement


def test_the_test_lock_holds_the_other() -> None:
    assert entries(run.LOCK).items() <= entries(run.TEST_LOCK).items()


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, object]]:
    """What main() would have done."""
    made: list[tuple[str, object]] = []

    def note(name: str) -> Callable[..., None]:
        return lambda *given, **named: made.append((name, *given, *named.values()))

    for name in ("prepare", "start", "run_all"):
        monkeypatch.setattr(run, name, note(name))
    return made


@pytest.mark.parametrize("arguments", [[], ["--help"], ["run", "--out", "test"], ["hardware", "bench"]])
def test_the_app_gets_every_other_argument(calls: list, arguments: list[str]) -> None:
    run.main(arguments)
    assert calls == [("prepare", False, False), ("start", arguments)]


def test_tests_run_every_check_and_pytest_last(calls: list) -> None:
    run.main(["test", "-k", "matvec"])
    assert calls == [("prepare", True, False), ("run_all", [*run.CHECKS, (*run.TESTS, "-k", "matvec")])]


def test_a_browser_is_installed_for_the_tests_when_asked_for(calls: list) -> None:
    run.main(["test", "--browser", "-x"])
    assert calls == [("prepare", True, True), ("run_all", [*run.CHECKS, (*run.TESTS, "-x")])]


@pytest.mark.parametrize(("testing", "browser"), [(False, False), (True, False), (True, True)])
def test_what_a_start_needs_of_the_system(
    testing: bool, browser: bool, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: set[str] = set()
    monkeypatch.setattr(run, "provide_system", lambda packages, stamp: asked.update(packages) or {})
    run.prepare(testing, browser)
    assert ("xvfb" in asked, "chromium" in asked) == (testing, browser)


def test_benchmarks_are_pytest_in_their_folder(calls: list) -> None:
    run.main(["bench", "-k", "start"])
    ((_, (command,)),) = calls[1:]
    assert command[:2] == ("pytest", "tests/benchmarks")
    assert command[-2:] == ("-k", "start")


def test_the_site_is_built_with_the_tools_of_the_tests(calls: list) -> None:
    run.main(["docs"])
    assert calls == [("prepare", True, False), ("run_all", [run.DOCS])]


def test_the_hooks_of_a_commit_are_the_checks() -> None:
    """And they run the project's own tools: the file names no place to fetch others from."""
    text = (run.ROOT / ".pre-commit-config.yaml").read_text("utf-8")
    assert re.findall(r"entry: (.+)", text) == [f".venv/bin/{shlex.join(check)}" for check in run.CHECKS]
    assert re.findall(r"repo: (.+)", text) == ["local"]


def test_all_commands_run_even_after_a_failure(monkeypatch: pytest.MonkeyPatch, capfd) -> None:
    monkeypatch.setattr(run, "PROGRAMS", Path(sys.executable).parent)
    python = Path(sys.executable).name
    with pytest.raises(SystemExit, match="raise SystemExit"):
        run.run_all([(python, "-c", "raise SystemExit(2)"), (python, "-c", "print('ran')")])
    assert "ran" in capfd.readouterr().out.splitlines()


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty checkout with locks, in which installing only leaves a note; returns the notes' file."""
    notes = tmp_path / "notes"
    notes.touch()
    for lock in LOCKS:
        (tmp_path / lock).parent.mkdir(exist_ok=True)
        (tmp_path / lock).write_text("a==1")
    venv = tmp_path / ".venv"
    python = venv / "python"

    def note(text: str) -> None:
        notes.write_text(notes.read_text() + text + "\n")

    def make() -> None:
        venv.mkdir(exist_ok=True)
        python.touch()
        note("made")

    for name, value in {"ROOT": tmp_path, "VENV": venv, "PYTHON": python, "STAMP": venv / "stamp"}.items():
        monkeypatch.setattr(run, name, value)
    monkeypatch.setattr(run, "provide_system", lambda packages, stamp: {})
    monkeypatch.setattr(run, "make_environment", make)
    monkeypatch.setattr(run, "install", note)
    return notes


def test_a_second_start_installs_nothing(place: Path) -> None:
    run.prepare(testing=True)
    run.prepare(testing=True)
    run.prepare(testing=False)
    assert place.read_text().split() == ["made", run.TEST_LOCK]


def test_the_tools_come_with_the_first_test(place: Path) -> None:
    run.prepare(testing=False)
    run.prepare(testing=True)
    assert place.read_text().split() == ["made", run.LOCK, run.TEST_LOCK]


def test_a_changed_lock_is_installed(place: Path) -> None:
    run.prepare(testing=False)
    (run.ROOT / run.LOCK).write_text("a==2")
    run.prepare(testing=False)
    assert place.read_text().split() == ["made", run.LOCK, run.LOCK]


def test_an_interrupted_install_is_done_again(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run.prepare(testing=False)

    def interrupted(lock: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(run, "install", interrupted)
        with pytest.raises(KeyboardInterrupt):
            run.prepare(testing=True)
    run.prepare(testing=False)
    assert place.read_text().split() == ["made", run.LOCK, "made", run.LOCK]


def test_another_python_gets_another_environment(place: Path) -> None:
    run.prepare(testing=False)
    stamp = json.loads(run.STAMP.read_text())
    run.STAMP.write_text(json.dumps(stamp | {"origin": [stamp["origin"][0], "3.10"]}))
    run.prepare(testing=False)
    assert place.read_text().split() == ["made", run.LOCK, "made", run.LOCK]


def test_a_read_only_checkout_is_told_in_one_line(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run.os, "access", lambda *_: False)
    with pytest.raises(SystemExit, match=re.escape(f"Cannot write to {run.ROOT}")):
        run.prepare(testing=False)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
    """A Debian machine of one user, on which one library of three is missing."""
    there = {"here1": True, "gone1": False, "xvfb": True}
    monkeypatch.setattr(run, "SYSTEM", {name: lambda name=name: there[name] for name in there})
    monkeypatch.setattr(run, "has_program", lambda _: True)
    monkeypatch.setattr(run.os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(run.sys, "platform", "linux")
    monkeypatch.setattr(run, "apt_install", lambda names: there.update(dict.fromkeys(names, True)))
    return there


COMMAND = "sudo apt-get install -y --no-install-recommends gone1\n"


def test_a_user_gets_the_one_command_until_it_was_typed(machine: dict[str, bool], capsys) -> None:
    stamp = run.provide_system({"here1", "gone1"}, {})
    assert stamp == {"looked": ["gone1", "here1"], "missing": ["gone1"]}
    assert capsys.readouterr().err.endswith(COMMAND)
    assert run.provide_system({"here1"}, stamp)["missing"] == ["gone1"]
    assert capsys.readouterr().err.endswith(COMMAND)
    machine["gone1"] = True
    assert run.provide_system({"here1"}, stamp)["missing"] == []
    assert capsys.readouterr().err == ""


def test_root_installs_once(machine: dict[str, bool], monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setattr(run.os, "geteuid", lambda: 0, raising=False)
    stamp = run.provide_system({"here1", "gone1"}, {})
    assert stamp["missing"] == []
    assert machine["gone1"]
    assert capsys.readouterr().err == ""
    machine["here1"] = False
    assert run.provide_system({"here1"}, stamp)["missing"] == [], "a second start does not look again"


def test_a_library_is_found_as_the_loader_finds_it() -> None:
    assert not run.has_library("libkernelscope-none.so.1")
    assert run.has_program(sys.executable)
    assert run.has_module("json")
    assert not run.has_module("kernelscope_none")


def test_a_file_is_found_in_any_folder(tmp_path: Path) -> None:
    (tmp_path / "fonts" / "truetype").mkdir(parents=True)
    pattern = "fonts/**/*.[to]t[fc]"
    assert not run.has_file(pattern, "/nonexistent", str(tmp_path))
    (tmp_path / "fonts" / "truetype" / "A.ttf").touch()
    assert run.has_file(pattern, "/nonexistent", str(tmp_path))
