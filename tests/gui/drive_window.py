"""Drives a real window by keyboard and prints what it saw as JSON: run by test_real_window in a display."""

import faulthandler
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from app.catalog.index import variants
from app.catalog.request import key
from app.gui.charts.export import export_chart
from app.gui.parts.memory import Memory
from app.gui.parts.theme import Theme
from app.gui.state.controller import Controller
from app.gui.window.app import make_application
from app.gui.window.window import MainWindow
from tests.gui.made import KNOWN, finished

PATIENCE = 240
"""Seconds until a wait is given up: a busy machine takes its time, and what comes ends the wait at once."""

HUNG = 570
"""Seconds until a driver that hangs says where: a question that nobody answers, a loop that never ends."""


def wait(condition: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"waited in vain for {what}")
        pause(0.02)


def pause(seconds: float) -> None:
    """Not QTest.qWait: that keeps Python's lock while it waits, and starves the other threads."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.005)


def opened(folder: Path, toggled: Sequence[str] = ()) -> tuple[QApplication, MainWindow]:
    """A window that knows this machine's hardware; matvec is chosen, with these variants the other way."""
    faulthandler.dump_traceback_later(HUNG, exit=True)
    app = make_application()
    memory = Memory(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
    memory.write("workload", "matvec")
    memory.write("variants_toggled/matvec", list(toggled))
    window = MainWindow(Controller(), memory)
    window.resize(1280, 800)
    window.show()
    window.activateWindow()
    window.controller.find_hardware()
    wait(lambda: not window.controller.searching, "the hardware")
    return app, window


def points(window: MainWindow) -> int:
    return len(window.chart.picture.spots) if window.chart.picture else 0


def main(folder: Path) -> None:
    toggled = [key(v) for v in variants() if v.workload == "matvec" and v.quick != (v.name in KNOWN)]
    app, window = opened(folder, toggled)
    control, seen = window.controller, {"platform": app.platformName()}
    window.theme.choose(Theme.LIGHT)
    seen["targets"] = [target.label for target in control.targets]
    window.kernels.sizes.line.setText("64, 128, 256, 512, 1024, 2048, 4096")
    window.kernels.seconds.setValue(0.3)
    QTest.keyClick(window, Qt.Key.Key_F5)
    seen["growth"] = []
    for _ in range(3):
        seen["growth"].append(points(window))
        wait(lambda: points(window) > seen["growth"][-1], "another point")
    window.grab().save(str(folder / "running.png"))
    wait(lambda: finished(window) >= 8, "eight cases")
    asked = time.monotonic()
    QTest.keyClick(window, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    wait(lambda: not control.running, "the run to stop")
    seen["stop_s"] = time.monotonic() - asked
    wait(lambda: tuple(r.measurement for r in control.rows) == control.session.measurements, "rows")
    path = folder / "run.kernelscope.json"
    QFileDialog.getSaveFileName = lambda *_, **__: (str(path), "")
    QTest.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    wait(path.exists, "the file")
    curves = window.chart.picture.curves
    seen["opened"] = window.files.open(path)
    wait(lambda: window.chart.picture and window.chart.picture.curves == curves, "the same chart again")
    for suffix in ("png", "svg"):
        export_chart(control.kept(), folder / f"chart.{suffix}")
    for theme in (Theme.DARK, Theme.LIGHT):
        window.theme.choose(theme)
        pause(0.2)
        window.screen().grabWindow(0).save(str(folder / f"{theme.value}.png"))
    seen["points"] = points(window)
    window.close()
    QApplication.processEvents()
    print(json.dumps(seen))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
