"""Undo, redo and saved views: every choice in chart and plan can be taken back, and kept under a name."""

from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog

from app.gui.parts.memory import Memory
from app.gui.window.saved_views import MENU
from tests.gui.conftest import MakeWindow
from tests.gui.state.test_run import finish

CTRL = Qt.KeyboardModifier.ControlModifier


def ran(qtbot: Any, make_window: MakeWindow) -> Any:
    window = make_window()
    window.actions_["run"].trigger()
    finish(qtbot, window)
    return window


def set_baseline(window: Any, name: str) -> None:
    box = window.kernels.baseline
    box.setCurrentIndex(box.findData(name))
    box.activated.emit(box.currentIndex())


def test_each_choice_can_be_taken_back(qtbot: Any, make_window: MakeWindow) -> None:
    window = ran(qtbot, make_window)
    undo, redo = window.actions_["undo"], window.actions_["redo"]
    assert not undo.isEnabled()
    states = [window.undo.now()]
    for change in (
        lambda: window.kernels.variants.set_ticked("wgsl/u8", False),
        lambda: window.kernels.targets.set_ticked("bare", False),
        lambda: window.kernels.seconds.setValue(1.5),
        lambda: window.kernels.operands.cold.setChecked(True),
        lambda: window.kernels.operands.outliers.setChecked(True),
        lambda: window.kernels.instances.setValue(3),
        lambda: window.chart.set_mode("bars"),
        lambda: window.chart.figure.legend.topLevelItem(0).child(0).setCheckState(0, Qt.CheckState.Unchecked),
        lambda: set_baseline(window, "u8"),
    ):
        change()
        states.append(window.undo.now())
    assert all(a != b for a, b in pairwise(states))
    for state in reversed(states[:-1]):
        undo.trigger()
        assert window.undo.now() == state
    assert not undo.isEnabled()
    for state in states[1:]:
        redo.trigger()
        assert window.undo.now() == state
    assert window.controller.baseline == "u8"
    assert window.chart.hidden
    assert not redo.isEnabled()


def test_typed_sizes_are_one_step(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    before = window.kernels.sizes.line.text()
    window.kernels.sizes.line.clear()
    qtbot.keyClicks(window.kernels.sizes.line, "64, 128")
    window.kernels.setFocus()
    window.kernels.workload.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert window.kernels.sizes.line.text() == before


def test_a_new_run_is_where_undoing_the_base_line_ends(qtbot: Any, make_window: MakeWindow) -> None:
    window = ran(qtbot, make_window)
    steps = window.undo.stack.count()
    window.actions_["run"].trigger()
    finish(qtbot, window)
    assert window.undo.stack.count() == steps


def test_a_view_is_saved_shown_deleted_and_remembered(
    qtbot: Any, make_window: MakeWindow, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = ran(qtbot, make_window)
    window.chart.set_mode("bars")
    window.chart.figure.legend.topLevelItem(0).child(0).setCheckState(0, Qt.CheckState.Unchecked)
    set_baseline(window, "u8")
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: ("u8 & bars", True))
    qtbot.keyClick(window, Qt.Key.Key_D, CTRL | Qt.KeyboardModifier.ShiftModifier)
    saved = window.undo.now()
    window.chart.figure.legend.topLevelItem(0).child(0).setCheckState(0, Qt.CheckState.Checked)
    window.chart.set_mode("size")
    set_baseline(window, "f32")
    again = make_window()
    assert list(again.views.views) == ["u8 & bars"]
    menu = window.actions_.menu(MENU)
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.text() == "u8 && bars").trigger()
    assert window.undo.now() == saved
    window.actions_["undo"].trigger()
    assert window.chart.view.mode == "size"
    assert window.controller.baseline == "f32"
    offers = {offer.text: offer for offer in window.views.offers()}
    offers["Delete view: u8 & bars"].slot()
    menu.aboutToShow.emit()
    assert len(menu.actions()) == 1


def test_rubbish_in_the_settings_is_no_view(qtbot: Any, make_window: MakeWindow, memory: Memory) -> None:
    memory.write("saved_views", '{"x": 1}')
    assert make_window().views.views == {}
