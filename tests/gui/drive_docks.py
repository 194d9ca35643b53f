"""Drags docks of a real window with the display's own mouse, and prints what it saw as JSON."""

import json
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSettings
from PySide6.QtWidgets import QDockWidget, QWidget

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
    details, results = (window.workspace.docks[name] for name in ("details", "results"))
    seen["first"] = layout(window)

    drag(title(details), ASIDE)
    wait(details.isFloating, "a dock dragged out by its title")
    right = window.workspace.mapToGlobal(QPoint(window.workspace.width() - 4, window.workspace.height() // 3))
    drag(title(details), QPoint(500, 300), right)
    wait(lambda: not details.isFloating() and "details" in layout(window), "it to be back at an edge")

    drag(title(results), title(results) - QPoint(0, 80), ASIDE)
    wait(results.isFloating, "another one dragged out by its title")
    hold = title(results)
    mouse("mousemove", hold.x(), hold.y(), "click", "--repeat", 2, "--delay", 60, 1)
    wait(lambda: not results.isFloating() and "results" in layout(window), "it to be back in front")

    window.resize(1200, 760)
    wait(lambda: window.width() == 1200, "the larger window")
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
