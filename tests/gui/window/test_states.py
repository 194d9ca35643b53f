"""Empty, busy, failed and partial: each says what is going on and what to do."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from PySide6.QtCore import QSettings

from app.catalog.request import problem, runnable
from app.core.measurement import Measurement, Status
from app.gui.parts.memory import Memory
from tests.gui.conftest import MakeWindow
from tests.gui.made import FULL, NATIVE, WASM, FakeSupervisor, session


def words(window: Any) -> str:
    return str(window.chart.placeholder.text)


def test_searching_then_ready(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window(FakeSupervisor((FULL,), pace=0.3), search=False)
    window.controller.find_hardware()
    assert "Looking for adapters…" in words(window)
    assert not window.actions_["run"].isEnabled()
    qtbot.waitUntil(lambda: not window.controller.searching)
    assert "Press F5 to run" in words(window)
    assert f"{runnable(window.kernels.request(), (FULL,))} cases on 1 target" in words(window)
    assert window.actions_["run"].isEnabled()
    assert not window.actions_["save"].isEnabled()
    assert not window.actions_["export"].isEnabled()


def test_no_adapter_says_what_is_missing(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window(FakeSupervisor((), reason="no Vulkan driver is installed"))
    assert "No Vulkan driver is installed" in window.messages.text
    assert "Wasm and NumPy run all the same" in window.messages.text


def test_nothing_ticked_says_what_to_do(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window(FakeSupervisor((FULL,)))
    window.kernels.targets.set_ticked("full", False)
    assert "Tick at least one target" in words(window)
    window.actions_["run"].trigger()
    assert window.messages.text == "Tick at least one target."


def test_a_run_that_raises_is_one_line(qtbot: Any, make_window: MakeWindow) -> None:
    fake = FakeSupervisor((FULL,))
    fake.error = RuntimeError("the worker is gone\nTraceback")
    window = make_window(fake)
    window.actions_["run"].trigger()
    qtbot.waitUntil(lambda: not window.controller.running)
    assert window.messages.text == "The run ended early: RuntimeError: the worker is gone"
    assert window.actions_["run"].isEnabled()


def test_all_failed_shows_the_reason(qtbot: Any, make_window: MakeWindow, tmp_path: Path) -> None:
    def fail(m: Measurement) -> Measurement:
        return Measurement(m.case, Status.FAILED, "device lost")

    window = make_window()
    window.controller._show(session(spoil=fail), [], None, False)
    window.controller._deriver.ask(window.controller.session, window.controller.baseline)
    qtbot.waitUntil(lambda: bool(window.controller.rows))
    assert "No results to draw" in words(window)
    assert "device lost" in words(window)


def test_no_base_line_points_to_the_rates(qtbot: Any, make_window: MakeWindow) -> None:
    def lose(m: Measurement) -> Measurement:
        return structs.replace(m, status=Status.WRONG) if m.case.variant == "f32" else m

    window = make_window()
    window.controller._show(session(spoil=lose), [], None, False)
    window.controller._deriver.ask(window.controller.session, window.controller.baseline)
    qtbot.waitUntil(lambda: bool(window.controller.rows))
    assert "No speedups to show" in words(window)
    window.actions_["gbytes"].trigger()
    assert window.chart.picture.curves


@pytest.mark.parametrize("rubbish", ["[%General]\n\x00\xff=@Invalid(", "geometry=1\nstate=[]\ntheme=3\n"])
def test_corrupt_settings_do_not_prevent_starting(
    qtbot: Any, make_window: MakeWindow, memory: Memory, tmp_path: Path, rubbish: str
) -> None:
    memory._settings.sync()
    path = tmp_path / "settings.ini"
    path.write_text(rubbish, encoding="latin-1")
    memory._settings = QSettings(str(path), QSettings.Format.IniFormat)
    for key in ("geometry", "state", "theme", "sizes", "seconds", "targets_toggled", "view", "middle_tab"):
        memory._settings.setValue(key, b"\x00\xff" if key != "seconds" else "NaN")
    window = make_window(FakeSupervisor((FULL, WASM, NATIVE)))
    assert window.isVisible()
    assert problem(window.kernels.request(), window.controller.targets) == ""


def test_layout_can_be_put_back(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    docks = window.workspace.docks
    for dock in docks.values():
        dock.setFloating(True)
        dock.close()
    window.actions_["restore"].trigger()
    assert [name for name, dock in docks.items() if not dock.isHidden()] == ["chart", "results", "details"]
    assert not any(dock.isFloating() for dock in docks.values())
    assert window.chart.visibleRegion()
    assert window.results.visibleRegion()
    assert window.details.visibleRegion()


def test_what_was_made_of_an_outer_panel_is_kept(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    window.resize(780, 600)
    window.workspace.pulled["details"] = 270
    window.remember()
    again = make_window()
    qtbot.waitUntil(lambda: abs(again.workspace.docks["details"].width() - 270) < 8)
    again.actions_["restore"].trigger()
    qtbot.waitUntil(lambda: again.workspace.docks["details"].width() < 250)


def test_everything_has_a_name_for_screen_readers(qtbot: Any, make_window: MakeWindow) -> None:
    from PySide6.QtWidgets import QComboBox, QLineEdit, QTableView, QTreeView

    window = make_window()
    for kind in (QLineEdit, QComboBox, QTableView, QTreeView):
        for widget in window.findChildren(kind):
            if widget.objectName() == "qt_spinbox_lineedit":
                continue
            assert widget.accessibleName(), widget


def test_small_window_clips_nothing_away(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    window.resize(1024, 640)
    qtbot.wait(50)
    assert (window.width(), window.height()) == (1024, 640)
    assert window.kernels.run_button.visibleRegion().boundingRect() == window.kernels.run_button.rect()


def test_the_window_comes_before_what_takes_long_to_import() -> None:
    """The plotting library, the engines and the server of browsers are imported once it shows."""
    code = "import sys; import app.gui.window.app; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "app.gui.window.window" in loaded
    assert not loaded & {"pyqtgraph", "wgpu", "wasmtime", "aiohttp", "py_mini_racer"}
