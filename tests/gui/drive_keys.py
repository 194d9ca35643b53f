"""Drives a real window by keys and mouse while it measures, and prints what it saw as JSON."""

import json
import sys
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from app.gui.parts.palette import Palette
from app.gui.parts.theme import Theme, current
from app.gui.window.presentation import Presentation
from tests.gui.drive_window import opened, pause, wait

CTRL = Qt.KeyboardModifier.ControlModifier
PLAIN = Qt.KeyboardModifier.NoModifier
ENOUGH = 10
"""Rounds: with fewer nothing has a speedup, and bars of them show nothing to present."""


def main(folder: Path) -> None:
    app, window = opened(folder)
    control = window.controller
    seen: dict[str, object] = {"platform": app.platformName()}
    for target in control.targets:
        window.kernels.targets.set_ticked(target.id, target.id in ("wasmtime", "numpy"))
    window.kernels.sizes.line.setText("128")

    QTest.keyClick(window, Qt.Key.Key_F6)
    wait(lambda: control.live and window.chart.picture, "the first live picture")
    seen["live_mode"] = window.chart.view.mode
    for theme in (Theme.DARK, Theme.LIGHT):
        window.theme.choose(theme)
        pause(0.2)
        seen[f"live_{theme.value}"] = current().dark
    for size in ((1024, 640), (1500, 900), (1280, 800)):
        window.resize(*size)
        pause(0.2)

    def enough() -> bool:
        """Cases that no round has come to yet have no rows."""
        counts = [len(row.measurement.samples) for row in control.rows]
        return len(counts) == len(control.session.plan.cases) and min(counts) >= ENOUGH

    wait(enough, "enough rounds")
    seen["still_live"] = control.live
    QTest.keyClick(window, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    wait(lambda: not control.running, "the live run to stop")
    seen["rounds"] = min(len(m.samples) for m in control.session.measurements)
    wait(lambda: tuple(r.measurement for r in control.rows) == control.session.measurements, "rows")

    seen["modes"] = modes = []
    for action, made in window.actions_:
        if action.name.startswith("chart-"):
            keys = made.shortcut()
            if keys.isEmpty():
                made.trigger()
            else:
                QTest.keySequence(window, keys)
            pause(0.1)
            drawn = bool(window.chart.picture or window.chart.placeholder.text)
            modes.append((window.chart.view.mode, drawn))
            window.grab().save(str(folder / f"{window.chart.view.mode}.png"))
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    seen["undone"] = window.chart.view.mode
    QTest.keyClick(window, Qt.Key.Key_Y, CTRL)
    seen["redone"] = window.chart.view.mode

    QTest.keyClick(window, Qt.Key.Key_K, CTRL)
    palette = window.findChildren(Palette)[-1]
    wait(palette.isVisible, "the palette")
    QTest.keyClicks(palette.line, "bars")
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    seen["palette"] = window.chart.view.mode
    pause(0.2)

    dock = window.workspace.docks["details"]
    button = dock.titleBarWidget().findChild(object, "float")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, PLAIN, QPoint(4, 4))
    pause(0.3)
    seen["floats"] = dock.isFloating()
    window.actions_["restore"].trigger()
    pause(0.3)
    seen["back"] = not dock.isFloating()

    def presents() -> bool:
        """No window manager here hands the focus back, and keys may come before it is there."""
        window.activateWindow()
        pause(0.2)
        QTest.keyClick(window, Qt.Key.Key_F11)
        pause(0.3)
        return hasattr(window, "presentation")

    # Whatever the rounds were like, samples there are: bars of a busy machine may have nothing to say.
    window.chart.set_mode("samples")
    can_present = window.actions_["present"].isEnabled
    shows = f"{window.chart.view}: {window.chart.placeholder.text}"
    wait(can_present, f"something to present in {shows}")
    wait(presents, "the presentation")
    shown = window.presentation
    assert isinstance(shown, Presentation)
    screen = window.screen().geometry()
    seen["full_screen"] = (shown.width(), shown.height()) == (screen.width(), screen.height())
    QTest.keyClick(shown, Qt.Key.Key_Right)
    shown.grab().save(str(folder / "presented.png"))
    QTest.keyClick(shown, Qt.Key.Key_Escape)
    pause(0.2)
    wait(window.isActiveWindow, "the window to be active again")

    asked: list[bool] = []

    def discard(*_: object) -> QMessageBox.StandardButton:
        asked.append(control.running)
        return QMessageBox.StandardButton.Discard

    QMessageBox.question = discard
    QTest.keyClick(window, Qt.Key.Key_F5)
    wait(lambda: control.running and control.session.measurements, "another run")
    seen["closed"] = window.close()
    seen["asked_before_it_stopped"] = asked == [True]
    QApplication.processEvents()
    print(json.dumps(seen))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
