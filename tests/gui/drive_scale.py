"""Opens the window at the scale that the environment asks for and prints what it saw: run by test_scale."""

import json
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QToolButton

from app.gui.charts.export import picture_bytes
from app.gui.parts.icons import icon
from app.gui.parts.memory import Memory
from app.gui.parts.theme import current
from app.gui.state.controller import Controller
from app.gui.window.app import make_application
from app.gui.window.window import MainWindow
from tests.gui.clipping import clipped
from tests.gui.drive_window import pause, wait
from tests.gui.made import FakeSupervisor

MOST = 400
"""Pixels looked at in each direction."""


def detail(pixmap: QPixmap) -> int:
    """How much is lost where the picture has only the pixels of a screen that is not scaled: 0 to 255."""
    image = pixmap.toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    image.setDevicePixelRatio(1)
    small = image.size() / pixmap.devicePixelRatio()
    smooth = Qt.TransformationMode.SmoothTransformation
    coarse = image.scaled(small, mode=smooth).scaled(image.size(), mode=smooth)
    # The middle of a large one is enough.
    wide, high = min(image.width(), MOST), min(image.height(), MOST)
    left, top = (image.width() - wide) // 2, (image.height() - high) // 2
    places = [(x, y) for x in range(left, left + wide) for y in range(top, top + high)]
    return max(abs((image.pixel(x, y) & 255) - (coarse.pixel(x, y) & 255)) for x, y in places)


def sharpness(pixmap: QPixmap) -> list[int]:
    """Of a picture, and of the same with the pixels of an unscaled screen, for comparison."""
    ratio = pixmap.devicePixelRatio()
    smooth = Qt.TransformationMode.SmoothTransformation
    plain = pixmap.scaled(pixmap.size() / ratio, mode=smooth).scaled(pixmap.size(), mode=smooth)
    plain.setDevicePixelRatio(ratio)
    return [detail(pixmap), detail(plain)]


def main(folder: Path) -> None:
    make_application()
    memory = Memory(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
    memory.write("workload", "matvec")
    window = MainWindow(Controller(FakeSupervisor()), memory)
    window.resize(1024, 640)
    window.show()
    window.controller.find_hardware()
    wait(lambda: not window.controller.searching, "the hardware")
    window.actions_["run"].trigger()
    wait(lambda: not window.controller.running and window.controller.rows, "the run")
    seen: dict[str, Any] = {"ratio": window.devicePixelRatioF(), "problems": [], "icons": []}
    for name in window.panels:
        window.workspace.show_panel(name)
        pause(0.1)
        seen["problems"] += [f"{name}: {problem}" for problem in clipped(window)]
    window.workspace.show_panel("chart")
    pause(0.3)
    seen["size"] = window.grab().size().toTuple()
    tools = window.kernels.findChildren(QToolButton)
    button = next(b for b in tools if b.defaultAction() is window.actions_["export"])
    window.messages.say("warning", "Something")
    pause(0.1)
    seen["sharp"] = {
        "icon": sharpness(button.grab()),
        "message": sharpness(window.messages.findChild(QLabel).grab()),
        "chart": sharpness(window.chart.figure.canvas.grab()),
        "letters": sharpness(window.kernels.run_button.grab()),
    }
    for side in (12, 16):
        drawn = icon("open", current().text).pixmap(QSize(side, side), seen["ratio"])
        seen["icons"].append(drawn.width() / side)
    window.present()
    pause(0.5)
    seen["sharp"]["presentation"] = sharpness(window.presentation.grab())
    window.presentation.close()
    image = QImage.fromData(picture_bytes(window.chart.picture, ".png"))
    seen["exported"] = image.size().toTuple()
    window.controller.modified = False
    window.close()
    pause(0.1)
    print(json.dumps(seen))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
