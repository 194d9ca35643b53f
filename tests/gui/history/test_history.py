"""The history in the window: found, named, opened, compared, run again, deleted and brought back."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit

from app.core.session import Session
from app.gui.history.model import COLUMNS
from app.gui.history.panel import HistoryPanel
from app.gui.parts.theme import Theme
from app.gui.window.window import MainWindow
from app.storage import history
from app.storage.files import load
from app.storage.history import History
from tests.gui.charts.test_panel import offered
from tests.gui.compare.test_compare import slower
from tests.gui.conftest import MakeWindow
from tests.gui.made import session

FIELDS = {column.title: i for i, column in enumerate(COLUMNS)}


def taken(day: int, slow: bool = False) -> Session:
    made = session(spoil=slower) if slow else session()
    return structs.replace(made, created=f"2026-11-{day:02}T10:00:00Z")


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> History:
    """A history of its own, with a run that was slower than the others from the 5th on."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    made = History()
    for day in range(1, 8):
        made.add(taken(day, slow=day >= 5))
    return made


def show(qtbot: Any, window: MainWindow) -> HistoryPanel:
    window.workspace.show_panel("history")
    qtbot.waitUntil(lambda: bool(window.history.records.entries))
    return window.history


def do(panel: HistoryPanel, text: str) -> None:
    (action,) = [action for deed, action in panel.table.deeds if deed.text == text]
    assert action.isEnabled(), text
    action.trigger()


def test_listed_searched_and_opened(qtbot: Any, make_window: MakeWindow, kept: History) -> None:
    window = make_window()
    panel = show(qtbot, window)
    assert panel.count.text() == "7 runs"
    assert panel.model.index(0, FIELDS["OK"]).data() == "27/30"
    assert panel.model.index(0, FIELDS["Targets"]).data() == "full, bare"
    assert not any(action.isEnabled() for _, action in panel.table.deeds)
    panel.search.setFocus()
    QTest.keyClicks(panel.search, "2026-11-03 matvec")
    qtbot.waitUntil(lambda: panel.count.text() == "1 run")
    panel.table.setFocus()
    panel.table.selectRow(0)
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(window.controller.rows))
    assert window.controller.session.created == "2026-11-03T10:00:00Z"
    assert not window.controller.modified
    assert window.windowTitle().startswith("matvec on ")
    assert window.windowTitle().endswith(", 2026-11-03 10:00 - Kernelscope")
    panel.search.setText("nothing like it")
    qtbot.waitUntil(lambda: not panel.records.entries)
    assert "No such run" in panel.placeholder.text


def test_labels_and_notes_are_written_in_place(qtbot: Any, make_window: MakeWindow, kept: History) -> None:
    panel = show(qtbot, make_window())
    for field, text in (("Label", "before the driver"), ("Note", "on battery")):
        index = panel.model.index(2, FIELDS[field])
        panel.table.setCurrentIndex(index)
        panel.table.edit(index)
        editor = panel.table.findChild(QLineEdit)
        assert editor is not None
        editor.setText(text)
        QTest.keyClick(editor, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: not panel.table.findChildren(QLineEdit))
        qtbot.waitUntil(lambda i=index, t=text: panel.model.index(i.row(), i.column()).data() == t)
    assert (kept.entries()[2].label, kept.entries()[2].note) == ("before the driver", "on battery")
    panel.search.setText("battery")
    qtbot.waitUntil(lambda: panel.count.text() == "1 run")


def test_a_new_list_waits_while_a_label_is_written(
    qtbot: Any, make_window: MakeWindow, kept: History
) -> None:
    panel = show(qtbot, make_window())
    index = panel.model.index(0, FIELDS["Label"])
    panel.table.setCurrentIndex(index)
    panel.table.edit(index)
    kept.add(taken(9))
    panel.records.refresh()
    qtbot.waitUntil(lambda: len(panel.records.entries) == 8)
    editor = panel.table.findChild(QLineEdit)
    editor.setText("mine")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [entry.label for entry in kept.entries()][:2] == ["", "mine"])
    qtbot.waitUntil(lambda: panel.count.text() == "8 runs")


def test_deleting_can_be_undone(qtbot: Any, make_window: MakeWindow, kept: History) -> None:
    panel = show(qtbot, make_window())
    panel.table.selectRow(1)
    panel.table.pick({panel.records.entries[1].id, panel.records.entries[3].id})
    panel.table.setFocus()
    assert panel.undo.isHidden()
    QTest.keyClick(panel.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: panel.count.text() == "5 runs")
    assert len(kept.entries()) == 5
    qtbot.waitUntil(lambda: not panel.undo.isHidden())
    panel.undo.click()
    qtbot.waitUntil(lambda: panel.count.text() == "7 runs")
    assert len(kept.entries()) == 7
    assert panel.undo.isHidden()


def test_runs_are_compared(qtbot: Any, make_window: MakeWindow, kept: History) -> None:
    window = make_window()
    panel = show(qtbot, window)
    kept.label(panel.records.entries[0].id, "slow")
    panel.records.refresh()
    qtbot.waitUntil(lambda: panel.records.entries[0].label == "slow")
    panel.table.pick({panel.records.entries[0].id, panel.records.entries[6].id})
    do(panel, "Compare")
    comparing = window.controller.comparing
    qtbot.waitUntil(lambda: comparing.across is not None, timeout=20_000)
    assert comparing.across.names[0].endswith(", 2026-11-01 10:00")
    assert comparing.across.names[1] == "slow"
    assert window.compare.isVisible()
    window.controller.show_session(taken(1), modified=False)
    window.workspace.show_panel("history")
    panel.table.pick({panel.records.entries[1].id})
    do(panel, "Compare")
    qtbot.waitUntil(lambda: len(comparing.named) == 2 and comparing.named[1][0].endswith("2026-11-06 10:00"))
    assert comparing.named[0][1].created == "2026-11-01T10:00:00Z"


def test_a_case_over_time_with_its_change(qtbot: Any, make_window: MakeWindow, kept: History) -> None:
    window = make_window()
    panel = show(qtbot, window)
    panel.table.selectRow(0)
    qtbot.waitUntil(lambda: panel.trend.picture is not None)
    titles = [panel.trend.case.itemText(i) for i in range(panel.trend.case.count())]
    assert len(titles) == 27
    assert "O&ver time" in [label.text() for label in panel.trend.findChildren(QLabel)]
    panel.trend.case.setCurrentIndex(titles.index("matvec u8 64x64 on bare"))
    panel.trend.case.activated.emit(panel.trend.case.currentIndex())
    qtbot.waitUntil(lambda: "u8 64x64 on bare" in panel.trend.picture.title)
    (curve,) = panel.trend.picture.curves
    assert [spot.flagged for spot in curve.spots] == [False] * 4 + [True] + [False] * 2
    (guide,) = panel.trend.picture.guides
    assert guide.label == "1.20× slower"
    assert "1.20× slower than the level before (" in curve.spots[4].note
    assert panel.trend.title.whole.startswith("matvec u8 64x64 on bare: 1.20× slower (")
    assert " since 2026-11-05 " in panel.trend.title.whole
    panel.trend._on_pointed(curve.spots[4])
    assert "µs" in panel.trend._read.whole
    panel.trend.figure.canvas.chosen.emit(curve.spots[1])
    assert panel.table.picked()[0].created == "2026-11-02T10:00:00Z"
    qtbot.waitUntil(lambda: panel.trend.case.currentText() == "matvec u8 64x64 on bare")
    qtbot.waitUntil(lambda: panel.trend.picture is not None)
    assert {"Copy figure", "Export…", "Open this run"} <= set(offered(panel.trend.figure, curve.spots[4]))
    offered(panel.trend.figure, curve.spots[4])["Open this run"].do()
    qtbot.waitUntil(lambda: window.controller.session is not None)
    assert window.controller.session.created == "2026-11-05T10:00:00Z"
    window.theme.choose(Theme.DARK)
    window.theme.choose(Theme.LIGHT)


def test_export(
    qtbot: Any, make_window: MakeWindow, kept: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window()
    panel = show(qtbot, window)
    panel.table.selectRow(6)
    path = tmp_path / "out.kernelscope.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(path), ""))
    do(panel, "Export…")
    qtbot.waitUntil(lambda: window.messages.text == f"Saved {path}")
    assert load(path) == taken(1)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: ("/nowhere/out.json", ""))
    do(panel, "Export…")
    qtbot.waitUntil(lambda: window.messages.text.startswith("/nowhere/out.json: cannot be written"))
    assert panel.count.text() == "7 runs"


def test_a_run_enters_the_history_and_is_run_again(
    qtbot: Any, make_window: MakeWindow, kept: History
) -> None:
    window = make_window()
    panel = show(qtbot, window)
    window.actions_["run"].trigger()
    qtbot.waitUntil(lambda: not window.controller.running, timeout=20_000)
    qtbot.waitUntil(lambda: panel.count.text() == "8 runs")
    panel.table.selectRow(7)
    do(panel, "Run again")
    comparing = window.controller.comparing
    qtbot.waitUntil(lambda: bool(comparing.named), timeout=20_000)
    session = window.controller.session
    assert [case.variant for case in session.plan.cases] == [c.variant for c in taken(1).plan.cases]
    assert [name.rpartition(", ")[2] for name, _ in comparing.named] == ["2026-11-01 10:00", "now"]
    assert comparing.named[1][1] is session
    qtbot.waitUntil(lambda: len(kept.entries()) == 9)
    window.actions_["again"].trigger()
    assert window.controller.running
    qtbot.waitUntil(lambda: not window.controller.running, timeout=20_000)


def test_what_cannot_run_here_is_said(qtbot: Any, make_window: MakeWindow, kept: History) -> None:
    window = make_window()
    gone = structs.replace(taken(1), targets=(structs.replace(taken(1).targets[0], id="gone"),))
    cases = tuple(structs.replace(case, target="gone") for case in gone.plan.cases)
    gone = structs.replace(gone, plan=structs.replace(gone.plan, cases=cases), measurements=())
    window.controller.run_again("old", gone)
    assert not window.controller.running
    assert "there is no target gone on this machine" in window.messages.text
    part = structs.replace(gone, plan=structs.replace(gone.plan, cases=(*cases, *taken(1).plan.cases)))
    window.controller.run_again("part", part)
    assert "30 of 60 cases unsupported here" in window.messages.text
    qtbot.waitUntil(lambda: not window.controller.running, timeout=20_000)


def test_empty(qtbot: Any, make_window: MakeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    window = make_window()
    window.workspace.show_panel("history")
    qtbot.waitUntil(lambda: "No runs yet" in window.history.placeholder.text)


def test_a_locked_history_is_one_line_and_can_be_tried_again(
    qtbot: Any, make_window: MakeWindow, kept: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "WAIT", 0.05)
    with sqlite3.connect(kept.path) as base:
        base.execute("PRAGMA journal_mode = DELETE")
    lock = sqlite3.connect(kept.path)
    lock.execute("BEGIN EXCLUSIVE")
    window = make_window()
    window.workspace.show_panel("history")
    panel = window.history
    qtbot.waitUntil(lambda: "The history cannot be read" in panel.placeholder.text)
    assert "cannot be used now" in panel.placeholder.text
    lock.close()
    panel.placeholder.button.click()
    qtbot.waitUntil(lambda: panel.count.text() == "7 runs")


def test_keys_reach_everything(qtbot: Any, make_window: MakeWindow, kept: History) -> None:
    window = make_window()
    panel = show(qtbot, window)
    panel.table.selectRow(0)
    panel.search.setFocus()
    seen = set()
    for _ in range(40):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        seen.add(QApplication.focusWidget())
    assert panel.table in seen
    assert {action.text() for deed, action in panel.table.deeds} <= {
        widget.text() for widget in seen if hasattr(widget, "defaultAction")
    }
    assert panel.table.deeds[0][1].shortcut() == QKeySequence("Return")
