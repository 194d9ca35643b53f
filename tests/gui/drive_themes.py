"""Switches the theme 200 times in one state of a window, and prints how often and how long, as JSON."""

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

SWITCHES = 200


def results(window: MainWindow) -> None:
    """960 cases, as Size."""


def editor(window: MainWindow) -> None:
    """A kernel of one's own is written."""
    window.workspace.show_panel("source")
    window.source.show_variant(next(v for v in window.kernels.known if v.name == "u8"))
    window.actions_["edit_kernel"].trigger()
    settle(window, lambda: not window.source.code.isReadOnly())


def compare(window: MainWindow) -> None:
    """960 cases beside 900 of them."""
    window.controller.comparing.show([("yesterday", crowded()), ("today", crowded(900))])
    settle(window, lambda: window.compare.dots.picture)


def compare_example(window: MainWindow) -> None:
    """The example beside itself, which crashed once."""
    window.controller.comparing.show([("one", example()), ("again", example())])
    settle(window, lambda: window.compare.dots.picture)


def running(window: MainWindow) -> None:
    """A run is under way, and goes on while themes change."""
    window.actions_["run"].trigger()
    settle(window, lambda: window.controller.running and window.controller.rows)


def live(window: MainWindow) -> None:
    """A run that goes on until it is stopped."""
    window.actions_["live"].trigger()
    settle(window, lambda: window.controller.live and window.controller.rows)


def empty(window: MainWindow) -> None:
    """Nothing is there yet."""


STATES = {made.__name__: made for made in (empty, results, editor, compare, compare_example, running, live)}


def main(folder: Path, state: str) -> None:
    faulthandler.enable()
    os.environ["XDG_DATA_HOME"] = str(folder / "data")
    make_application()
    window = crowded_window(folder, pace=0.05, filled=state != "empty")
    STATES[state](window)
    seen = switch(window)
    assert window.controller.running == (state in ("running", "live"))
    window.controller.finish_now()
    window.controller.modified = False
    window.close()
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
    main(Path(sys.argv[1]), sys.argv[2])
