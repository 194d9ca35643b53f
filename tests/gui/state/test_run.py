"""The way of a user: run, watch, stop, save, open again, export; over the real supervisor."""

import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from app.core.measurement import Status
from app.findings.series import Quantity
from app.gui.parts.theme import Theme, current
from app.gui.window.export_dialog import ExportDialog
from app.gui.window.window import MainWindow
from tests.conftest import soon
from tests.gui.conftest import MakeWindow
from tests.gui.made import FULL, FakeSupervisor, finished

LONG = 60_000
CTRL_ALT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


def finish(qtbot: Any, window: MainWindow) -> None:
    control = window.controller
    qtbot.waitUntil(lambda: not control.running, timeout=LONG)
    qtbot.waitUntil(
        lambda: tuple(row.measurement for row in control.rows) == control.session.measurements, timeout=LONG
    )


def test_run_save_open_export(
    qtbot: Any, real_window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, control = real_window, real_window.controller
    qtbot.keyClick(window, Qt.Key.Key_F5)
    assert control.running
    assert window.actions_["stop"].isEnabled()
    assert not window.actions_["run"].isEnabled()
    qtbot.waitUntil(lambda: bool(control.rows), timeout=LONG)
    finish(qtbot, window)
    statuses = {m.status for m in control.session.measurements}
    assert statuses == {Status.OK}
    assert window.chart.picture is not None
    assert window.chart.picture.curves
    assert len(window.results.model.rows) == len(control.session.plan.cases)
    assert control.modified
    assert "*" in window.windowTitle()

    path = tmp_path / "run.kernelscope.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **k: (str(path), ""))
    window.actions_["save"].trigger()
    assert path.exists()
    assert f"Saved {path}" in window.log.toPlainText()
    assert not control.modified
    before = window.chart.picture
    rows = control.rows

    assert window.files.open(path)
    qtbot.waitUntil(lambda: len(control.rows) == len(rows))
    assert window.chart.picture == before
    assert [r.speedup for r in control.rows] == [r.speedup for r in rows]

    for suffix, start in (
        *((".png", b"\x89PNG"), (".svg", b"<?xml"), (".csv", b"target,engine")),
        *((".html", b"<!DOCTYPE html>"), (".md", b"# Kernelscope report")),
        *((".pdf", b"%PDF"), ("chart.pdf", b"%PDF")),
    ):
        dialog = ExportDialog(
            window.chart.picture, control.kept(), control.rows, frozenset(), window.memory, window
        )
        dialog.select(suffix)
        dialog.write(tmp_path / f"out{suffix}")
        assert (tmp_path / f"out{suffix}").read_bytes().startswith(start)
        assert suffix.endswith(dialog.suffix)
    chart, report = (tmp_path / name for name in ("outchart.pdf", "out.pdf"))
    assert chart.read_bytes().count(b"/Type /Page\n") == 1
    assert report.read_bytes().count(b"/Type /Page\n") > 1
    dialog.select(".json")
    dialog.to_clipboard()
    assert len(json.loads(QApplication.clipboard().text())) == len(rows)
    dialog.select(".png")
    dialog.to_clipboard()
    assert QApplication.clipboard().image().width() == 2560


def test_stop_keeps_what_was_measured(qtbot: Any, real_window: MainWindow) -> None:
    window, control = real_window, real_window.controller
    window.kernels.sizes.line.setText("32, 64, 128, 256, 512")
    window.kernels.seconds.setValue(2.0)
    window.actions_["run"].trigger()
    qtbot.waitUntil(lambda: finished(window) >= 5, timeout=LONG)
    with qtbot.waitSignal(control.running_changed, timeout=int(soon(1500))):
        qtbot.keyClick(window, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    finish(qtbot, window)
    statuses = [m.status for m in control.session.measurements]
    assert Status.CANCELLED in statuses
    assert window.chart.picture.curves
    assert window.actions_["run"].isEnabled()


def test_another_base_line_needs_no_run(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    window.actions_["run"].trigger()
    finish(qtbot, window)
    control = window.controller
    samples = [m.samples for m in control.session.measurements]
    box = window.kernels.baseline
    box.setCurrentIndex(box.findData("u8"))
    box.activated.emit(box.currentIndex())
    qtbot.waitUntil(lambda: any(r.is_baseline and r.variant.name == "u8" for r in control.rows))
    assert not control.running
    assert [m.samples for m in control.session.measurements] == samples
    assert "u8" in window.chart.picture.y.title
    assert control.kept().plan.baseline == "u8"

    box.setCurrentIndex(box.findData("full/f32"))
    box.activated.emit(box.currentIndex())
    qtbot.waitUntil(lambda: sum(r.is_baseline for r in control.rows) == 5)
    assert "f32 on Full (Vulkan)" in window.chart.picture.y.title

    control.set_baseline("f32-tile,f32")
    window.kernels.refresh()
    assert (box.baseline, box.currentText()) == ("f32-tile,f32", "f32-tile, f32")


def test_closing_while_running_asks_before_it_stops(
    qtbot: Any, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = FakeSupervisor(pace=0.02)
    window = make_window(fake)
    window.actions_["run"].trigger()
    qtbot.waitUntil(lambda: bool(window.controller.rows))
    asked = []

    button = QMessageBox.StandardButton
    answers = iter((button.Cancel, button.Yes))

    def answer(*_: Any) -> QMessageBox.StandardButton:
        asked.append(window.controller.running)
        return next(answers)

    monkeypatch.setattr(QMessageBox, "question", answer)
    assert not window.close()
    assert window.controller.running, "nothing stops a run by accident"
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.controller.running
    assert window.close()
    assert asked == [True, True], "every run is in the history: nothing is asked about results"
    assert fake.closed


def test_what_the_history_did_not_take_is_asked_about(
    qtbot: Any, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window()
    window.actions_["run"].trigger()
    finish(qtbot, window)
    assert window.controller.title.startswith("matvec, ")
    assert window.controller.title.endswith(" on Full (Vulkan) and Bare (OpenGL)")
    window.controller._keeping._on_kept("The history cannot be written")
    qtbot.waitUntil(lambda: window.controller.unkept)
    button = QMessageBox.StandardButton
    answers = iter((button.Cancel, button.Discard))
    monkeypatch.setattr(QMessageBox, "question", lambda *_: next(answers))
    assert not window.close()
    assert window.isVisible()
    assert window.close()


def test_theme_changes_while_running(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window(FakeSupervisor((FULL,), pace=0.002))
    window.actions_["run"].trigger()
    qtbot.waitUntil(lambda: bool(window.chart.picture and window.chart.picture.curves))
    for theme, dark in ((Theme.DARK, True), (Theme.LIGHT, False), (Theme.DARK, True)):
        window.theme.choose(theme)
        assert current().dark is dark
        QApplication.processEvents()
        assert (window.chart.grab().toImage().pixelColor(400, 200).lightness() < 128) is dark
    finish(qtbot, window)
    assert all(m.status is Status.OK for m in window.controller.session.measurements)


def test_views_hiding_and_pointing(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    window.actions_["run"].trigger()
    finish(qtbot, window)
    chart = window.chart
    qtbot.keyClick(window, Qt.Key.Key_2, CTRL_ALT)
    assert chart.view.quantity == Quantity.GFLOPS
    assert chart.picture.y.title == "GFLOP/s"
    qtbot.keyClick(window, Qt.Key.Key_1, CTRL_ALT)
    chart.figure.canvas.setFocus()
    qtbot.keyClick(chart.figure.canvas, Qt.Key.Key_Right)
    assert "baseline" in chart.read_out.text()
    point = next(p for p in chart.figure.canvas.plot.spots() if p.row.variant.name == "u8-dot4")
    place = chart.figure.canvas.mapFromScene(chart.figure.canvas.plot.place(point))
    qtbot.mouseMove(chart.figure.canvas.viewport(), place)
    qtbot.waitUntil(lambda: "faster" in chart.read_out.text())
    assert "3.98× faster (" in chart.read_out.text()
    count = len(chart.figure.canvas.plot.spots())
    chart.set_mode("bars")
    group = chart.figure.legend.topLevelItem(0)
    group.child(1).setCheckState(0, Qt.CheckState.Unchecked)
    assert len(chart.hidden) == 2
    chart.set_mode("size")
    assert len(chart.figure.canvas.plot.spots()) == count - 10


def test_one_run_too_many_loses_nothing(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window(FakeSupervisor((FULL,)))
    window.actions_["run"].trigger()
    finish(qtbot, window)
    first = window.controller.session
    window.actions_["run"].trigger()
    finish(qtbot, window)
    assert window.controller.session is not first
    window.actions_["back"].trigger()
    finish(qtbot, window)
    assert window.controller.session.measurements == first.measurements


def test_opening_rubbish_says_so_in_one_line(qtbot: Any, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    path = tmp_path / "x.json"
    path.write_text("{]")
    assert not window.files.open(path)
    assert "not a Kernelscope session" in window.messages.text
    assert window.messages.isVisible()
    assert "\n" not in window.messages.text


def test_live_goes_on_until_stopped_and_is_kept(qtbot: Any, real_window: MainWindow) -> None:
    window, control = real_window, real_window.controller
    window.kernels.sizes.line.setText("64")
    qtbot.keyClick(window, Qt.Key.Key_F6)
    assert control.live
    assert not window.progress.bar.isVisible()
    qtbot.waitUntil(lambda: "pass 3" in window.progress.words.text(), timeout=LONG)
    qtbot.keyClick(window, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    finish(qtbot, window)
    assert not control.live
    assert all(m.status is Status.OK and len(m.samples) >= 20 for m in control.session.measurements)
