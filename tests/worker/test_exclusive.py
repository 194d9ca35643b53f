"""One measurement on a machine at a time: who measures is told, and whoever waits may go on or cancel."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from app.catalog.index import variants
from app.core.events import CaseFinished, Log, TargetsFound, Waiting
from app.core.measurement import Status
from app.core.plan import Plan, Settings, make_plan
from app.core.shape import Shape
from app.core.target import Target
from app.worker.exclusive import NAME, VARIABLE, Turn, holder, lock_file
from app.worker.supervisor import Supervisor
from tests.conftest import ROOT, until

OTHER = """
import sys
from threading import Event
from app.worker.exclusive import Turn
turn = Turn("matvec, 40 cases")
list(turn.begin(Event()))
print("mine", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(tmp_path / NAME))
    return tmp_path / NAME


@pytest.fixture
def other(lock: Path) -> "Iterator[subprocess.Popen[str]]":
    """Another program that measures until a line comes, or it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", OTHER], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "mine\n"
    yield process
    process.kill()
    process.communicate()


def small_plan(target: Target) -> Plan:
    own = [v for v in variants() if v.workload == "matvec" and v.runtime is target.runtime][:1]
    return make_plan([target], own, [Shape(8, 8)], settings=Settings(seconds=0.01, batch_seconds=1e-3))


@pytest.fixture(scope="module")
def found_by() -> Iterator[Supervisor]:
    supervisor = Supervisor()
    yield supervisor
    supervisor.close()


@pytest.fixture(scope="module")
def numpy(found_by: Supervisor) -> Target:
    found = [e for e in found_by.find_targets(["native"]) if isinstance(e, TargetsFound)]
    return found[0].targets[0]


def test_a_run_says_who_measures_waits_and_goes_on_when_that_ends(
    other: "subprocess.Popen[str]", found_by: Supervisor, numpy: Target
) -> None:
    told = []
    for event in found_by.run(small_plan(numpy)):
        told.append(event)
        if isinstance(event, Waiting):
            assert f"process {other.pid}" in event.reason
            assert "matvec, 40 cases" in event.words
            other.kill()  # whatever became of it, the lock goes with it
    assert isinstance(told[0], Waiting)
    assert [e.status for e in told if isinstance(e, CaseFinished)] == [Status.OK]
    assert holder() is None


def test_whoever_waits_may_cancel_and_nothing_runs(
    other: "subprocess.Popen[str]", found_by: Supervisor, numpy: Target
) -> None:
    stop = Event()
    told = []
    for event in found_by.run(small_plan(numpy), stop):
        told.append(event)
        stop.set()
    assert [type(event) for event in told] == [Waiting, CaseFinished]
    assert told[1].status is Status.CANCELLED
    who = holder()
    assert who
    assert who.process == other.pid


def test_who_measured_queues_behind_those_who_wait(lock: Path) -> None:
    """A run of many parts asks again at once, and would win against anybody who looks now and then."""
    order: list[str] = []
    first = Turn("first")
    assert not list(first.begin(Event()))

    def wait() -> None:
        turn = Turn("second")
        list(turn.begin(Event()))
        order.append("second")
        turn.end()

    thread = Thread(target=wait)
    thread.start()
    until(lambda: lock.with_name(lock.name + ".next").exists() and _held(lock.with_name(lock.name + ".next")))
    first.end()
    list(first.begin(Event()))
    order.append("first")
    first.end()
    thread.join()
    assert order == ["second", "first"]


def _held(path: Path) -> bool:
    import fcntl

    with path.open("r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def test_a_file_that_cannot_be_locked_is_said_and_keeps_nobody_from_measuring(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "missing" / NAME))
    (line,) = Turn("mine").begin(Event())
    assert isinstance(line, Log)
    assert "may run at the same time" in line.text


def test_what_another_user_wrote_into_the_file_is_text_or_nothing(lock: Path) -> None:
    lock.write_text('{"user": "\\u001b[31m' + "x" * 999 + '", "process": 1, "since": "", "what": "\\n"}')
    turn = Turn("mine")
    mine = lock.open("r+")
    import fcntl

    fcntl.flock(mine, fcntl.LOCK_EX)
    stop = Event()
    waiting = turn.begin(stop)
    words = next(waiting).words
    assert not {"\x1b", "\n"} & set(words)
    assert len(words) < 600
    stop.set()
    assert not list(waiting)
    mine.close()


def test_every_user_of_a_machine_locks_the_same_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE)
    path = lock_file()
    assert path
    assert path.name == NAME
    if os.name == "posix":
        assert str(path.parent) in ("/run/lock", "/var/lock", "/tmp")
