"""Ceilings from the window: measured beside runs, kept, and held against what is on screen."""

from typing import Any

from PySide6.QtCore import Qt

from app.gui.window import MainWindow
from tests.gui.conftest import MakeWindow
from tests.gui.test_run import LONG, finish


def only_numpy(window: MainWindow) -> None:
    for target in window.controller.targets:
        window.kernels.targets.set_ticked(target.id, target.id == "numpy")


def test_ceilings_are_measured_shown_and_known_to_the_next_run(qtbot: Any, real_window: MainWindow) -> None:
    window, control = real_window, real_window.controller
    only_numpy(window)
    window.actions_["run"].trigger()
    finish(qtbot, window)
    if all(row.of_ceiling is None for row in control.rows):
        qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        assert control.busy
        assert not window.actions_["run"].isEnabled()
        assert window.actions_["stop"].isEnabled()
        assert "measuring ceilings" in window.progress.words.text()
        qtbot.waitUntil(lambda: not control.busy, timeout=LONG)
        assert window.messages.text.startswith("Ceilings known: NumPy")
    qtbot.waitUntil(lambda: all(row.of_ceiling is not None for row in control.rows))
    assert control.kept().ceilings["numpy"].flops
    window.actions_["run"].trigger()
    finish(qtbot, window)
    assert "numpy" in control.session.ceilings


def test_a_job_can_be_stopped(qtbot: Any, real_window: MainWindow) -> None:
    window, control = real_window, real_window.controller
    before = control.session
    for target in control.targets:
        window.kernels.targets.set_ticked(target.id, target.id == "wasmtime")
    window.actions_["ceilings"].trigger()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not control.busy, timeout=10_000)
    assert control.session is before
    assert window.actions_["run"].isEnabled()
    assert window.messages.isVisible()


def test_nothing_ticked_says_so(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    for target in window.controller.targets:
        window.kernels.targets.set_ticked(target.id, False)
    window.actions_["ceilings"].trigger()
    assert window.messages.text == "Tick at least one target."
    assert not window.controller.busy
