"""The history: kept by several processes at once, survived by every run, and searched."""

import logging
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from app.core.errors import KernelscopeError
from app.core.measurement import Rotation
from app.core.session import Session
from app.storage import history
from app.storage.history import History, remember, series_words
from tests.conftest import ROOT
from tests.findings.test_rows import measured, session


def taken(day: int, seconds: float = 0.4) -> Session:
    made = session(measured("a", "f32", seconds), measured("a", "fast", seconds / 4))
    return msgspec.structs.replace(made, created=f"2026-01-{day:02}T10:00:00Z")


@pytest.fixture
def kept(tmp_path: Path) -> History:
    return History(tmp_path / "history.sqlite3")


def test_a_session_comes_back_and_is_found(kept: History, tmp_path: Path) -> None:
    first = kept.add(taken(1), tmp_path / "a.json")
    second = kept.add(taken(2))
    assert [entry.id for entry in kept.entries()] == [second, first]
    assert kept.session(first) == taken(1)
    entry = kept.entries()[1]
    assert (entry.workloads, entry.targets, entry.cases, entry.ok) == ("matvec", "a", 2, 2)
    assert entry.path == str(tmp_path / "a.json")
    kept.label(first, "before 100%")
    kept.note(first, "on battery")
    assert [e.id for e in kept.entries("BATTERY matvec")] == [first]
    assert [e.id for e in kept.entries("100%")] == [first]
    assert kept.entries("1_0") == []
    assert [e.id for e in kept.entries("2026-01-02")] == [second]
    assert len(kept.entries(most=1)) == 1
    kept.delete(first)
    assert [e.id for e in kept.entries()] == [second]
    for call in (lambda: kept.session(first), lambda: kept.label(first, "x"), lambda: kept.delete(first)):
        with pytest.raises(KernelscopeError, match=f"no session {first}"):
            call()


def test_a_case_over_time(kept: History) -> None:
    for day, seconds in ((3, 0.4), (1, 0.2), (2, 0.2)):
        kept.add(taken(day, seconds))
    ((place, own),) = kept.moments("matvec", "fast", "100x50", "*").items()
    assert place == ("a", "")
    assert [moment.created[8:10] for moment in own] == ["01", "02", "03"]
    assert own[2].seconds == pytest.approx(2 * own[0].seconds)
    assert kept.moments("matvec", "fast", "100x50", "b*") == {}
    kept.delete(own[0].session)
    assert len(kept.moments("matvec", "fast", "100x50", "a")["a", ""]) == 2


def test_a_trend_is_called_as_people_say_it() -> None:
    assert series_words("f32, cold") == "f32, caches bypassed"
    assert series_words("f32") == "f32"


def test_cold_operands_are_no_jump_of_the_trend(kept: History) -> None:
    kept.add(taken(1, 0.2))
    warm = taken(2, 0.4)
    colds = tuple(msgspec.structs.replace(m, rotation=Rotation(2, 1 << 26)) for m in warm.measurements)
    kept.add(msgspec.structs.replace(warm, measurements=colds))
    for name, seconds in (("fast", 0.05), ("fast, cold", 0.1)):
        (moment,) = kept.moments("matvec", name, "100x50", "a")["a", ""]
        assert moment.seconds == pytest.approx(seconds, rel=0.1)


def test_what_is_deleted_can_be_put_back(kept: History) -> None:
    ids = [kept.add(taken(day)) for day in (1, 2, 3)]
    kept.label(ids[0], "mine")
    before = kept.entries(), kept.moments("matvec", "fast", "100x50", "a")
    removed = kept.delete(ids[0], ids[2])
    assert [entry.id for entry in kept.entries()] == [ids[1]]
    kept.put_back(removed)
    assert (kept.entries(), kept.moments("matvec", "fast", "100x50", "a")) == before
    assert kept.session(ids[2]) == taken(3)
    with pytest.raises(KernelscopeError, match="no session 99"):
        kept.delete(ids[0], 99)
    assert len(kept.entries()) == 3


def test_what_is_put_back_gets_out_of_the_way_of_later_runs(kept: History) -> None:
    """SQLite gives the highest number again: to clash with it must cost neither run, nor the history."""
    ids = [kept.add(taken(day)) for day in (1, 2)]
    kept.label(ids[1], "mine")
    removed = kept.delete(ids[1])
    assert kept.add(taken(3)) == ids[1]
    kept.put_back(removed)
    assert [(e.id, e.created[8:10], e.label) for e in kept.entries()] == [
        (2, "03", ""),
        (3, "02", "mine"),
        (1, "01", ""),
    ]
    assert kept.session(3) == taken(2)
    assert [m.session for m in kept.moments("matvec", "fast", "100x50", "a")["a", ""]] == [1, 3, 2]
    assert list(kept.path.parent.glob("*.corrupt-*")) == []


def test_what_a_session_measured(kept: History) -> None:
    id = kept.add(taken(1))
    assert kept.cases(id) == [("matvec", "f32", "100x50", "a"), ("matvec", "fast", "100x50", "a")]


WRITER = """
import sys
from pathlib import Path
from app.storage.history import History
from tests.storage.test_history import taken
for _ in range(40):
    History(Path(sys.argv[1])).add(taken(1))
"""


def test_processes_share_it_from_the_first_moment(kept: History) -> None:
    command = [sys.executable, "-c", WRITER, str(kept.path)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    writers = [subprocess.Popen(command, env=env, stderr=subprocess.PIPE) for _ in range(3)]
    for writer in writers:
        _, err = writer.communicate(timeout=100)
        assert writer.returncode == 0, err.decode()
    assert len(kept.entries()) == 120
    assert len({entry.id for entry in kept.entries()}) == 120


def test_a_locked_history_costs_a_line(
    kept: History, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    kept.add(taken(1))
    monkeypatch.setattr(history, "WAIT", 0.1)
    monkeypatch.setattr(history, "data_folder", lambda: kept.path.parent)
    lock = sqlite3.connect(kept.path)
    lock.execute("BEGIN EXCLUSIVE")
    with pytest.raises(KernelscopeError, match="cannot be used now"):
        kept.add(taken(2))
    with caplog.at_level(logging.WARNING):
        remember(taken(2))
    assert "not in the history" in caplog.text
    lock.close()
    remember(taken(2))
    assert len(kept.entries()) == 2


@pytest.mark.parametrize(
    "content", [b"not a database at all, but long enough to look at" * 100, b"SQLite format 3\x00junk" * 50]
)
def test_a_corrupt_history_is_set_aside(
    kept: History, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    kept.path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        kept.add(taken(1))
    assert "corrupt" in caplog.text
    assert len(kept.entries()) == 1
    (aside,) = kept.path.parent.glob("history.sqlite3.corrupt-*")
    assert aside.read_bytes() == content


def of_another_program(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE sessions (name)")
    base.close()


def without_a_table(path: Path) -> None:
    with sqlite3.connect(path) as base:
        base.execute("DROP TABLE points")
    base.close()


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("spoil", [of_another_program, without_a_table, a_pipe, a_folder])
def test_what_is_no_history_is_set_aside_once(kept: History, spoil: Callable[[Path], None]) -> None:
    kept.add(taken(1))
    with closing(sqlite3.connect(kept.path)) as base:
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    spoil(kept.path)
    assert "is begun anew" in kept.check()
    (aside,) = kept.path.parent.glob("history.sqlite3.corrupt-*")
    kept.add(taken(1))
    assert History(kept.path).check() == ""
    assert len(kept.entries()) == 1
    assert aside.exists()


def test_rows_that_hold_anything_are_shown_as_what_they_should_be(kept: History) -> None:
    """SQLite keeps any value in any column, text that is no text too."""
    id = kept.add(taken(1))
    case = kept.cases(id)[0]
    with sqlite3.connect(kept.path) as base:
        base.execute("UPDATE sessions SET label = x'ff41', note = 7, ok = 'many', cases = x'00'")
        base.execute("UPDATE sessions SET machine = CAST(x'ff42' AS TEXT)")
        base.execute("UPDATE points SET seconds = 0")
        base.execute("UPDATE bodies SET data = 'text'")
    base.close()
    (entry,) = kept.entries()
    assert (entry.label, entry.note, entry.ok, entry.machine) == ("\ufffdA", "7", 0, "\ufffdB")
    assert kept.moments(case[0], case[1], case[2], "*") == {}
    with pytest.raises(KernelscopeError, match="not a Kernelscope session"):
        kept.session(id)


def test_pages_gone_bad_later_are_set_aside_too(kept: History) -> None:
    for day in range(1, 20):
        kept.add(taken(day))
    with sqlite3.connect(kept.path) as base:
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    base.close()
    data = bytearray(kept.path.read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    kept.path.write_bytes(data)
    with pytest.raises(KernelscopeError, match="begun anew"):
        kept.entries()
    assert kept.entries() == []


def test_a_newer_history_is_left_alone(kept: History) -> None:
    kept.add(taken(1))
    with sqlite3.connect(kept.path) as base:
        base.execute("PRAGMA user_version = 99")
    base.close()
    with pytest.raises(KernelscopeError, match="newer Kernelscope"):
        kept.entries()
    assert list(kept.path.parent.glob("*.corrupt-*")) == []


def test_a_folder_that_cannot_be_written_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(history, "data_folder", lambda: Path("/dev/null"))
    with caplog.at_level(logging.WARNING):
        remember(taken(1))
    assert "not in the history" in caplog.text


def newer(path: Path) -> None:
    with sqlite3.connect(path) as base:
        base.execute("PRAGMA user_version = 99")
    base.close()


def without_a_column(path: Path) -> None:
    with sqlite3.connect(path) as base:
        base.execute("ALTER TABLE points DROP COLUMN high")
    base.close()


@pytest.mark.parametrize(
    ("spoil", "why"), [(newer, "newer Kernelscope"), (without_a_column, "cannot be used now")]
)
def test_whether_a_run_could_be_kept_is_known_before_it(
    kept: History, spoil: Callable[[Path], None], why: str
) -> None:
    assert kept.check() == ""
    kept.add(taken(1))
    assert kept.check() == ""
    assert len(kept.entries()) == 1, "looking adds nothing"
    spoil(kept.path)
    with pytest.raises(KernelscopeError, match=why):
        kept.check()


def test_who_asks_is_told_soon_that_it_is_locked(kept: History) -> None:
    kept.add(taken(1))
    lock = sqlite3.connect(kept.path)
    lock.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    with pytest.raises(KernelscopeError, match="locked"):
        kept.check()
    assert time.monotonic() - began < history.WAIT / 2
    lock.close()
    assert kept.check() == ""


def test_who_asks_is_told_that_it_was_corrupt(kept: History) -> None:
    kept.path.write_bytes(b"not a database at all" * 100)
    assert "was corrupt" in kept.check()
    assert len(list(kept.path.parent.glob("history.sqlite3.corrupt-*"))) == 1
    assert History(kept.path).check() == "", "it is said once"


def test_a_corrupt_file_that_cannot_be_moved_is_one_line(
    kept: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    kept.path.write_bytes(b"not a database at all" * 100)
    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(KernelscopeError, match=r"is corrupt .* cannot be set aside: Operation not permitted"):
        kept.check()
