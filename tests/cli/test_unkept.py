"""Runs that the history cannot keep: said before they begin, left in their journals, brought there later."""

import ctypes
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.measurement import Status
from app.storage.history import History
from tests.cli.test_homeless import HOMES
from tests.conftest import ROOT, until
from tests.storage.test_history import taken, without_a_column

RUN = ("run", "--target", "numpy", "--sizes", "32,48", "--seconds", "0.02", "--no-ceilings")
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1


def obey_modes() -> None:
    """In a child: what a file's mode forbids is forbidden to root too."""
    ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)


def call(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(ROOT), **dict.fromkeys(HOMES, str(home))},
        preexec_fn=obey_modes if sys.platform == "linux" else None,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )


Mend = Callable[[], None]


def newer(path: Path) -> Mend:
    def version(number: int) -> None:
        base = sqlite3.connect(path)
        base.execute(f"PRAGMA user_version = {number}")
        base.close()

    version(99)
    return lambda: version(1)


def locked(path: Path) -> Mend:
    lock = sqlite3.connect(path)
    lock.execute("BEGIN EXCLUSIVE")
    return lock.close


def other_tables(path: Path) -> Mend:
    whole = path.read_bytes()
    without_a_column(path)
    return lambda: path.write_bytes(whole) and None


def read_only(path: Path) -> Mend:
    path.chmod(0o444)
    return lambda: path.chmod(0o644)


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
@pytest.mark.parametrize("spoil", [newer, locked, other_tables, read_only])
def test_it_is_said_at_once_and_the_run_waits_in_its_journal(
    tmp_path: Path, spoil: Callable[[Path], Mend]
) -> None:
    path = tmp_path / "kernelscope" / "history.sqlite3"
    path.parent.mkdir()
    History(path).add(taken(1))
    mend = spoil(path)
    done = call(tmp_path, *RUN)
    assert done.returncode == 0, done.stderr
    assert "f32" in done.stdout
    first, *_, last = (line for line in done.stderr.splitlines() if "kernelscope: " in line)
    assert first.startswith(f"kernelscope: {path}: ")
    assert first.endswith(f"; runs stay in {path.parent / 'runs'} until it works again")
    assert done.stderr.index(first) < done.stderr.index("numpy"), "before anything is measured"
    assert "this run is not in the history" in last
    (left,) = (tmp_path / "kernelscope" / "runs").iterdir()
    mend()
    later = call(tmp_path, *RUN)
    assert "had not reached the history: recovered 2 of 2 cases" in later.stderr
    assert not left.exists()
    assert [entry.ok for entry in History(path).entries()] == [2, 2, 2]


def test_a_damaged_history_is_said_at_once_and_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "kernelscope" / "history.sqlite3"
    path.parent.mkdir()
    path.write_bytes(b"no database " * 1000)
    done = call(tmp_path, *RUN)
    assert done.returncode == 0, done.stderr
    (line,) = (line for line in done.stderr.splitlines() if "kernelscope: " in line)
    assert "the history was corrupt" in line
    assert len(History(path).entries()) == 1
    assert not list((tmp_path / "kernelscope" / "runs").iterdir())


def sampled(journal: bytes) -> int:
    """How many samples of a journal count: a case whose runs get another length begins its pass anew."""
    kept, own = {}, {}
    for line in journal.splitlines()[1:]:
        event = json.loads(line)
        if event["type"] == "PassStarted":
            kept = dict(own)
        elif event["type"] == "CaseCalibrated":
            own[event["case"]] = kept.get(event["case"], 0)
        elif event["type"] == "CaseSampled":
            own[event["case"]] += 1
    return sum(own.values())


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_killed_live_run_has_lost_no_more_than_the_pass_under_way(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT), **dict.fromkeys(HOMES, str(tmp_path))}
    command = [sys.executable, "-m", "app", "run", "--target", "numpy", "--no-ceilings", "--sizes", "32,48"]
    live = subprocess.Popen(
        [*command, "--live"], cwd=tmp_path, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )

    def told() -> bytes:
        return b"".join(path.read_bytes() for path in tmp_path.glob("**/*.journal"))

    until(lambda: told().count(b'"PassStarted"') >= 4)
    live.send_signal(signal.SIGKILL)
    live.wait(timeout=10)
    lines = told()
    whole = sampled(lines[: lines.rindex(b'{"type":"PassStarted"')])
    done = subprocess.run(
        [*command, "--seconds", "0.02"], env=env, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (line,) = [line for line in done.stderr.splitlines() if "interrupted" in line]
    assert "was interrupted: recovered 2 of 2 cases" in line
    past = History(tmp_path / "kernelscope" / "history.sqlite3")
    session = past.session(past.entries()[-1].id)
    assert session.plan.settings.rounds
    assert {m.status for m in session.measurements} == {Status.OK}
    assert sum(len(m.samples) for m in session.measurements) >= whole >= 3 * 2 * 10
    assert not list(tmp_path.glob("**/*.journal"))
