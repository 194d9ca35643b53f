"""What the window does about a run that a crash interrupted."""

from pathlib import Path
from typing import Any

import pytest

from app.storage import history, journal
from app.storage.history import History
from tests.gui.conftest import MakeWindow
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
    assert "interrupted: recovered 1 of 3 cases" in window.messages.text
    assert window.controller.session is not None
    assert window.controller.session.plan == HEAD.plan
    qtbot.waitUntil(lambda: len(window.controller.rows) == 2)


def test_a_run_of_the_window_writes_its_journal_until_it_is_in_the_history(
    real_window: Any, qtbot: Any, home: Path
) -> None:
    real_window.actions_["run"].trigger()
    qtbot.waitUntil(lambda: bool(list(home.glob("runs/*.journal"))), timeout=30_000)
    qtbot.waitUntil(lambda: not real_window.controller.running, timeout=60_000)
    qtbot.waitUntil(lambda: not list(home.glob("runs/*.journal")), timeout=10_000)
    (entry,) = History().entries()
    assert entry.cases == len(real_window.controller.session.plan.cases)
