"""Switches the theme 200 times in every state of a window, and prints how often and how long, as JSON."""

import faulthandler
import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from app.gui.parts.theme import Theme, current
from app.gui.window.app import make_application
from app.gui.window.window import MainWindow
from app.storage.shipped import example
from tests.gui.crowded import crowded, crowded_window, settle

SWITCHES, HUNG = 200, 850


def main(folder: Path) -> None:
    faulthandler.enable()
    faulthandler.dump_traceback_later(HUNG, exit=True)
    os.environ["XDG_DATA_HOME"] = str(folder / "data")
    make_application()
    window = crowded_window(folder, pace=0.01)
    control, seen = window.controller, {}
    seen["results"] = switch(window)
    window.workspace.show_panel("source")
    window.source.show_variant(next(v for v in window.kernels.known if v.name == "u8"))
    window.actions_["edit_kernel"].trigger()
    settle(window, lambda: not window.source.code.isReadOnly())
    seen["editor"] = switch(window)
    control.comparing.show([("yesterday", crowded()), ("today", crowded(900))])
    settle(window, lambda: window.compare.dots.picture)
    seen["compare"] = switch(window)
    control.comparing.show([("one", example()), ("again", example())])
    settle(window, lambda: window.compare.dots.picture)
    seen["compare example"] = switch(window)
    window.workspace.show_panel("chart")
    window.actions_["run"].trigger()
    settle(window, lambda: control.running and control.rows)
    seen["running"] = switch(window)
    control.stop()
    settle(window, lambda: not control.running)
    window.actions_["live"].trigger()
    settle(window, lambda: control.live and control.rows)
    seen["live"] = switch(window)
    control.finish_now()
    control.modified = False
    window.close()
    empty = crowded_window(folder, filled=False)
    seen["empty"] = switch(empty)
    empty.close()
    QApplication.processEvents()
    print(json.dumps(seen))


def switch(window: MainWindow) -> dict[str, float]:
    """Light and dark in turn, all painted each time."""
    longest = total = 0.0
    for i in range(SWITCHES):
        wanted = Theme.DARK if i % 2 else Theme.LIGHT
        began = time.thread_time()
        window.theme.choose(wanted)
        QApplication.sendPostedEvents()
        QApplication.processEvents()
        took = time.thread_time() - began
        longest, total = max(longest, took), total + took
        assert current().dark == (wanted is Theme.DARK)
    return {
        "switches": SWITCHES,
        "mean_ms": round(1e3 * total / SWITCHES),
        "longest_ms": round(1e3 * longest),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
