"""Windows for tests: in memory unless a display is asked for, each with settings of its own."""

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.catalog.index import variants
from app.catalog.request import key
from app.core.target import Target
from app.gui.parts.garbage import Garbage
from app.gui.parts.memory import Memory
from app.gui.state.controller import Controller
from app.gui.window.window import MainWindow
from app.worker.supervisor import Supervisor
from tests.gui.made import KNOWN, FakeSupervisor

MakeWindow = Callable[..., MainWindow]


class SharedSupervisor:
    """The real one, whose workers outlive a window."""

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor

    def __getattr__(self, name: str) -> Any:
        return getattr(self._supervisor, name)

    def close(self) -> None:
        self._supervisor.stop()


PATIENCE = 240_000
"""Milliseconds until a wait is given up: a busy machine takes its time, and what comes ends it at once."""


@pytest.fixture
def qtbot(qtbot: Any) -> Any:
    """Qt's robot, which waits until something is so and not by the clock, whatever it is told."""
    wait = qtbot.waitUntil
    qtbot.waitUntil = lambda ready, *, timeout=PATIENCE: wait(ready, timeout=max(timeout, PATIENCE))
    return qtbot


@pytest.fixture(autouse=True)
def _keys_up() -> Iterator[None]:
    """After Ctrl+D, QTest leaves Qt believing that Ctrl is held, and what the next test selects is added."""
    yield
    if QApplication.keyboardModifiers() != Qt.KeyboardModifier.NoModifier:
        QTest.keyRelease(QWidget(), Qt.Key.Key_Control)


@pytest.fixture(scope="module", autouse=True)
def garbage(qapp: QApplication) -> Iterator[Garbage]:
    """As in the program: what is left of windows is collected between Qt's own deeds, never amid them."""
    garbage = Garbage()
    yield garbage
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    garbage.close()


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kernels of one's own are kept in the data folder: each test has an empty one."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def make_window(qtbot: Any, memory: Memory, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeWindow]:
    """Opens a window over a supervisor and waits until it knows the hardware."""
    QApplication.setStyle("Fusion")
    made: list[MainWindow] = []
    memory.write("workload", "matvec")
    toggled = [key(v) for v in variants() if v.workload == "matvec" and v.quick != (v.name in KNOWN)]
    memory.write("variants_toggled/matvec", toggled)

    def make(supervisor: Any = None, search: bool = True) -> MainWindow:
        window = MainWindow(Controller(supervisor or FakeSupervisor()), memory)
        made.append(window)
        window.show()
        qtbot.waitExposed(window)
        if search:
            window.controller.find_hardware()
            qtbot.waitUntil(lambda: not window.controller.searching, timeout=30_000)
        return window

    yield make
    for window in made:
        window.controller.finish_now()
        window.controller.modified = False
        window.close()
        window.deleteLater()


@pytest.fixture
def real_window(make_window: MakeWindow, supervisor: Supervisor, targets: list[Target]) -> MainWindow:
    """A window over this machine's own targets, GPUs left aside: quick, and there on every machine."""
    window = make_window(SharedSupervisor(supervisor))
    for target in window.controller.targets:
        window.kernels.targets.set_ticked(target.id, target.runtime.value != "wgsl")
    window.kernels.sizes.line.setText("32, 64")
    window.kernels.seconds.setValue(0.05)
    return window
