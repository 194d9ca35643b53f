"""Drags docks of a real window with the display's own mouse, and prints what it saw as JSON."""

import json
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSettings
from PySide6.QtWidgets import QDockWidget, QTabBar, QWidget

from app.gui.parts.memory import Memory
from app.gui.state.controller import Controller
from app.gui.window.app import make_application
from app.gui.window.window import MainWindow
from tests.gui.drive_window import pause, wait

STEPS = 6
ASIDE = QPoint(1100, 300)
"""Beside the window, where nothing can be docked."""


def mouse(*words: object) -> None:
    """Let the display's mouse do something, and the window heed it."""
    subprocess.run(["xdotool", *map(str, words)], check=True)
    pause(0.05)


def drag(start: QPoint, *stations: QPoint) -> None:
    """Press, go from one place to the next, let go."""
    mouse("mousemove", start.x(), start.y(), "mousedown", 1)
    for place in stations:
        for step in range(1, STEPS + 1):
            at = start + (place - start) * step / STEPS
            mouse("mousemove", at.x(), at.y())
        start = place
    pause(0.3)
    mouse("mouseup", 1)
    pause(0.3)


def place(widget: QWidget) -> QRect:
    """Where it is on the screen."""
    return QRect(widget.mapToGlobal(QPoint()), widget.size())


def title(dock: QDockWidget) -> QPoint:
    """Where to take hold of a dock by its name."""
    return place(dock.titleBarWidget()).topLeft() + QPoint(30, 10)


def tab(window: MainWindow, name: str) -> QPoint:
    """Where to take hold of a dock by its tab."""
    wanted = window.workspace.docks[name].windowTitle()
    return next(
        bar.mapToGlobal(bar.tabRect(i).center())
        for bar in window.workspace.findChildren(QTabBar)
        for i in range(bar.count())
        if bar.isVisible() and bar.tabText(i) == wanted
    )


def layout(window: MainWindow) -> dict[str, list[int]]:
    """What can be seen, and where."""
    docks = window.workspace.docks
    in_sight = {name: dock for name, dock in docks.items() if not dock.visibleRegion().isEmpty()}
    return {name: list(place(dock).getRect()) for name, dock in in_sight.items()}


def main(folder: Path) -> None:
    app = make_application()
    memory = Memory(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
    window = MainWindow(Controller(), memory)
    seen: dict[str, object] = {"platform": app.platformName()}
    window.resize(1000, 660)
    window.move(0, 0)
    window.show()
    wait(lambda: len(layout(window)) == 3, "the panels")
    pause(0.3)
    kernels, results = (window.workspace.docks[name] for name in ("kernels", "results"))
    seen["first"] = layout(window)

    drag(title(kernels), ASIDE)
    wait(kernels.isFloating, "a dock dragged out by its title")
    left = QPoint(4, window.height() // 3)
    drag(title(kernels), QPoint(500, 300), left)
    wait(lambda: not kernels.isFloating() and kernels.x() == 0, "it to be back on the left")

    drag(tab(window, "results"), tab(window, "results") - QPoint(0, 80), ASIDE)
    wait(results.isFloating, "a dock dragged out by its tab")
    hold = title(results)
    mouse("mousemove", hold.x(), hold.y(), "click", "--repeat", 2, "--delay", 60, 1)
    wait(lambda: not results.isFloating() and "results" in layout(window), "it to be back in front")

    window.resize(1200, 760)
    wait(lambda: window.workspace.width() == 1200, "the larger window")
    pause(0.3)
    larger = layout(window)
    seen["inside"] = all(x >= 0 and x + w <= 1200 and y + h <= 760 for x, y, w, h in larger.values())
    window.resize(1000, 660)
    window.actions_["restore"].trigger()
    wait(lambda: layout(window) == seen["first"], "the default layout")
    window.close()
    app.processEvents()
    print(json.dumps(seen))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
