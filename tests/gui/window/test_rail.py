"""The rail and the places of panels: one view at a time, the inspector beside it, the log's badge."""

from typing import Any

from PySide6.QtCore import QByteArray, Qt

from app.gui.parts.memory import Memory
from tests.gui.conftest import MakeWindow


def seen(window: Any) -> set[str]:
    return {name for name, dock in window.workspace.docks.items() if not dock.isHidden()}


def test_each_button_shows_its_view_alone(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    assert seen(window) == {"chart", "results", "details"}
    for name, button in window.rail.buttons.items():
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert seen(window) == ({"chart", "results", "details"} if name == "chart" else {name, "details"})
        assert button.isChecked()
    window.workspace.show_panel("results")
    assert seen(window) == {"chart", "results", "details"}
    assert window.rail.buttons["chart"].isChecked()


def test_what_the_log_has_to_say_is_counted_until_it_is_read(make_window: MakeWindow) -> None:
    window = make_window()
    badge = window.rail.buttons["log"]
    before = badge.count
    window.log.add("info", "nothing much")
    window.log.add("warning", "look")
    window.log.add("error", "and here")
    assert badge.count == before + 2
    window.workspace.show_panel("log")
    assert badge.count == 0
    window.log.add("error", "seen at once")
    assert badge.count == 0
    window.workspace.show_panel("chart")
    window.log.add("error", "one more")
    assert badge.count == 1


def test_a_layout_of_before_is_left_out_with_a_word(make_window: MakeWindow, memory: Memory) -> None:
    memory.write_bytes("layout", QByteArray(b"\x00\x00\x00\xff\x00\x00\x00\x04"))
    window = make_window()
    assert "of an earlier window" in window.log.toPlainText()
    assert seen(window) == {"chart", "results", "details"}
    window.workspace.show_panel("source")
    window.remember()
    again = make_window()
    assert "of an earlier window" not in again.log.toPlainText()
    assert seen(again) == {"source", "details"}
    assert again.rail.buttons["source"].isChecked()


def test_tune_begins_with_the_chosen_case(qtbot: Any, make_window: MakeWindow) -> None:
    from tests.gui.state.test_run import finish

    window = make_window()
    window.actions_["run"].trigger()
    finish(qtbot, window)
    control = window.controller
    row = next(r for r in control.rows if r.name == "u8-dot4" and r.measurement.case.shape.rows == 512)
    control.choose(row)
    window.details.buttons["Tune"].click()
    case = window.tuner.dialog.case
    window.tuner.dialog.reject()
    chosen = row.measurement.case
    assert (case.target, case.variant, case.shape) == (chosen.target, "u8-dot4", chosen.shape)
