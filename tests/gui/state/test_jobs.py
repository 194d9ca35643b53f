"""Ceilings from the window: measured beside runs, kept, and held against what is on screen."""

from typing import Any

from PySide6.QtCore import Qt

from app.core.plan import Case
from app.core.shape import Shape
from app.core.tuning import TuneSettings
from app.gui.window.window import MainWindow
from tests.gui.conftest import MakeWindow
from tests.gui.made import WASM
from tests.gui.state.test_run import LONG, finish


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
    qtbot.waitUntil(lambda: "numpy" in control.kept().ceilings)
    found = control.kept().ceilings["numpy"]
    assert found.flops
    if not found.contradiction:  # a busy machine's ceilings may be surpassed, and are none then
        qtbot.waitUntil(lambda: any(row.of_ceiling is not None for row in control.rows))
    window.actions_["run"].trigger()
    finish(qtbot, window)
    assert "numpy" in control.session.ceilings


def test_a_job_can_be_stopped(qtbot: Any, real_window: MainWindow) -> None:
    window, control = real_window, real_window.controller
    before = control.session
    for target in control.targets:
        window.kernels.targets.set_ticked(target.id, target.id == "wasmtime")
    window.actions_["ceilings"].trigger()
    qtbot.keyClick(window, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
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


def test_tuning_is_asked_for_drawn_kept_and_used(qtbot: Any, real_window: MainWindow) -> None:
    window, control = real_window, real_window.controller
    for target in control.targets:
        window.kernels.targets.set_ticked(target.id, target.id == "wasmtime")
    window.kernels.sizes.line.setText("64")
    window.actions_["tune"].trigger()
    dialog = window.tuner.dialog
    variant = dialog.variant.currentData()
    assert dialog.case == Case("wasmtime", "matvec", variant.name, Shape(64, 64), variant.defaults(WASM))
    assert "Not tuned yet" in dialog.known.text()
    dialog.reject()
    window.tuner.start(dialog.case, TuneSettings(seconds=4, batch_seconds=0.002))
    assert control.busy
    assert window.chart.view.mode == "tune"
    qtbot.waitUntil(lambda: window.chart.picture is not None, timeout=LONG)
    qtbot.waitUntil(lambda: not control.busy, timeout=LONG)
    [search] = control.session.searches
    assert search.done
    assert "tried" in window.messages.text or "Kept" in window.messages.text
    assert sum(cell.marked for cell in window.chart.picture.cells) == 1
    assert window.actions_["save"].isEnabled()
    window.actions_["tune"].trigger()
    assert "Tuned 20" in window.tuner.dialog.known.text()
    window.tuner.dialog.reject()
    window.kernels.variants.set_ticked(f"wasm/{variant.name}", True)
    window.actions_["run"].trigger()
    finish(qtbot, window)
    tuned = [case for case in control.session.plan.cases if case.variant == variant.name]
    assert all(case.tuned for case in tuned)


def test_a_stopped_tuning_shows_what_was_tried(qtbot: Any, real_window: MainWindow) -> None:
    window, control = real_window, real_window.controller
    for target in control.targets:
        window.kernels.targets.set_ticked(target.id, target.id == "wasmtime")
    window.actions_["tune"].trigger()
    dialog = window.tuner.dialog
    dialog.accept()
    qtbot.waitUntil(lambda: window.chart.picture is not None, timeout=LONG)
    qtbot.keyClick(window, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: not control.busy, timeout=10_000)
    [search] = control.session.searches
    assert search.candidates
    assert search.done
