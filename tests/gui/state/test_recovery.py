"""What the window does about a run that a crash interrupted."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from app.storage import history, journal
from app.storage.history import History
from tests.gui.conftest import MakeWindow
from tests.gui.made import FakeSupervisor
from tests.storage.test_journal import HEAD, case, done, interrupted


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in (journal, history):
        monkeypatch.setattr(module, "data_folder", lambda: tmp_path)
    return tmp_path


def test_an_interrupted_run_is_said_and_shown(make_window: MakeWindow, qtbot: Any) -> None:
    interrupted(*case(0), done(0), *case(1, 2))
    window = make_window()
    window.controller.recover()
    qtbot.waitUntil(lambda: "interrupted: recovered 1 of 3 cases" in window.messages.text)
    assert window.controller.session is not None
    assert window.controller.session.plan == HEAD.plan
    qtbot.waitUntil(lambda: len(window.controller.rows) == 2)
    assert window.windowTitle() == "session 1 of the history - Kernelscope"


def test_a_run_of_the_window_writes_its_journal_until_it_is_in_the_history(
    real_window: Any, qtbot: Any, home: Path
) -> None:
    real_window.actions_["run"].trigger()
    qtbot.waitUntil(lambda: bool(list(home.glob("runs/*.journal"))), timeout=30_000)
    qtbot.waitUntil(lambda: not real_window.controller.running, timeout=60_000)
    qtbot.waitUntil(lambda: not list(home.glob("runs/*.journal")), timeout=10_000)
    (entry,) = History().entries()
    assert entry.cases == len(real_window.controller.session.plan.cases)


def test_a_history_that_cannot_be_used_is_said_as_a_run_begins_and_the_run_waits(
    make_window: MakeWindow, qtbot: Any, home: Path
) -> None:
    def version(number: int) -> None:
        base = sqlite3.connect(History().path)
        base.execute(f"PRAGMA user_version = {number}")
        base.close()

    History().check()
    version(99)
    window = make_window(FakeSupervisor(pace=0.01))
    control = window.controller
    said: list[tuple[bool, str]] = []
    control.said.connect(lambda _, text: said.append((control.running, text)))
    window.actions_["run"].trigger()
    qtbot.waitUntil(lambda: bool(said))
    (running, line) = said[0]
    assert running
    assert "newer Kernelscope" in line
    assert window.messages.text == line
    control.stop()
    qtbot.waitUntil(lambda: not control.running)
    qtbot.waitUntil(lambda: "this run is not in the history" in window.messages.text)
    assert len(list(home.glob("runs/*.journal"))) == 1
    version(1)
    control.recover()
    qtbot.waitUntil(lambda: "(session 1 of the history)" in window.messages.text)
    assert list(home.glob("runs/*.journal")) == []


def test_a_damaged_journal_is_said_and_the_window_comes_up(
    make_window: MakeWindow, qtbot: Any, home: Path
) -> None:
    interrupted(*case(0), done(0)).write_bytes(b"{]")
    interrupted(*case(0), done(0))
    window = make_window()
    said: list[str] = []
    window.controller.said.connect(lambda _, text: said.append(text))
    window.controller.recover()
    qtbot.waitUntil(lambda: len(said) == 2)
    assert "not a Kernelscope session" in said[0]
    assert "recovered 1 of 3 cases" in said[1]
    assert len(list(home.glob("runs/*.damaged"))) == 1
