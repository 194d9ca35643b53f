"""What nobody expected as rows, table and charts are derived: said, logged, over with the next time."""

import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.charts.modes import find_mode
from app.findings import rows as core_rows
from app.gui.charts import panel as charts
from app.gui.parts.last_resort import LastResort
from app.gui.window.window import MainWindow
from tests.gui.conftest import MakeWindow
from tests.gui.made import FakeSupervisor, session


def failing(times: int, work: Callable[..., Any]) -> Callable[..., Any]:
    """``work``, which fails the first ``times`` times in a way that nobody thought of."""
    left = [times]

    def once(*arguments: Any) -> Any:
        left[0] -= 1
        if left[0] >= 0:
            raise RuntimeError("of a kind\nthat nobody thought of")
        return work(*arguments)

    return once


def test_rows_that_cannot_be_derived_are_said_and_the_next_are_there(
    qtbot: Any,
    make_window: MakeWindow,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    window = make_window()
    control = window.controller
    monkeypatch.setattr(core_rows, "rows", failing(1, core_rows.rows))
    control.show_session(session())
    qtbot.waitUntil(
        lambda: window.messages.text == "The table and the charts are not up to date: RuntimeError: of a kind"
    )
    assert "Traceback" in caplog.text
    assert control.rows == []
    control.set_baseline("u8")
    qtbot.waitUntil(lambda: len(control.rows) == len(session().measurements))
    assert window.chart.picture is not None
    assert len(window.results.model.rows) == len(control.rows)


def test_a_run_goes_on_and_shows_its_rows(
    qtbot: Any, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window(FakeSupervisor(pace=0.05))
    control = window.controller
    monkeypatch.setattr(core_rows, "rows", failing(2, core_rows.rows))
    shown: list[int] = []
    control.rows_changed.connect(lambda: shown.append(len(control.rows)) if control.running else None)
    window.actions_["run"].trigger()
    qtbot.waitUntil(lambda: any(shown), timeout=30_000)
    assert "RuntimeError" in window.messages.text
    control.stop()
    qtbot.waitUntil(lambda: not control.running, timeout=30_000)
    qtbot.waitUntil(lambda: len(control.rows) == len(control.session.measurements))


def test_a_chart_that_cannot_be_drawn_is_said_and_the_next_is_there(
    qtbot: Any,
    make_window: MakeWindow,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    window = make_window()
    window.controller.show_session(session())
    qtbot.waitUntil(lambda: window.chart.picture is not None)
    mode = find_mode("bars")
    with monkeypatch.context() as patch:
        patch.setattr(charts, "Scene", failing(10, charts.Scene))
        window.chart.set_mode("bars")
    assert window.messages.text == "This chart cannot be drawn: RuntimeError: of a kind"
    assert "Traceback" in caplog.text
    assert window.chart.picture is None
    assert "RuntimeError: of a kind" in window.chart.placeholder.text
    assert window.chart.mode is mode
    window.chart.refresh()
    assert window.chart.picture is not None


@pytest.fixture
def hooks() -> Iterator[None]:
    before = sys.excepthook, threading.excepthook
    yield
    sys.excepthook, threading.excepthook = before


def test_what_a_slot_or_a_thread_lets_through_is_said(
    qtbot: Any, make_window: MakeWindow, hooks: None, caplog: pytest.LogCaptureFixture
) -> None:
    window: MainWindow = make_window()
    control = window.controller
    LastResort(lambda line: control.said.emit("error", line)).install()
    fail = failing(2, len)
    control.rows_changed.connect(lambda: fail("a"))
    control.rows_changed.emit()
    assert "Something went wrong, what you see may be incomplete: RuntimeError: of a kind." in (
        window.messages.text
    )
    assert "that nobody thought of" in caplog.text
    window.messages.hide()
    control.rows_changed.emit()
    assert not window.messages.isVisible(), "the same is not said over and over"
    thread = threading.Thread(target=lambda: 1 // 0)
    thread.start()
    qtbot.waitUntil(lambda: "ZeroDivisionError" in window.messages.text)
    thread.join()
