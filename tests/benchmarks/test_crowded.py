"""How the window bears a run of 40 variants on 6 targets, 960 cases. Figures are printed, with their targets.

``focus`` is what a move of the pointer takes from one mark to the next, until all that shows it is painted.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.gui.window.app import make_application
from app.gui.window.window import MainWindow
from tests.gui.crowded import crowded_window, settle

MOVES = 60


@pytest.fixture
def window(tmp_path: Path) -> MainWindow:
    make_application()
    return crowded_window(tmp_path)


def _timed(deed: Callable[[], object]) -> float:
    """Milliseconds of this thread's processor until it is done and painted."""
    began = time.thread_time()
    deed()
    QApplication.sendPostedEvents()
    QApplication.processEvents()
    return 1e3 * (time.thread_time() - began)


def _move(window: MainWindow, at: QPointF) -> None:
    """The pointer is there now."""
    view = window.chart.figure.canvas.viewport()
    where = window.chart.figure.canvas.mapFromScene(at)
    none = Qt.MouseButton.NoButton
    place = QPointF(where)
    event = QMouseEvent(
        QEvent.Type.MouseMove, place, view.mapToGlobal(place), none, none, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(view, event)


def test_focus_follows_the_pointer(window: MainWindow) -> None:
    """Targets: 16.7 ms, a frame at 60 a second."""
    print()
    for mode in ("size", "bars", "heatmap", "accuracy", "live", "samples"):
        window.chart.set_mode(mode)
        settle(window, lambda: window.chart.picture)
        canvas = window.chart.figure.canvas
        spots = [spot for spot in canvas.plot.spots() if spot.row]
        step = max(1, len(spots) // MOVES) | 1
        took, seen = [], set()
        for spot in spots[::step][:MOVES]:
            at = canvas.plot.place(spot)
            took.append(_timed(lambda at=at: _move(window, at)))
            if window.controller.focus.row:
                seen.add(window.controller.focus.row.index)
        cuts = quantiles(took, n=10)
        print(
            f"focus in {mode}: median {median(took):.1f} ms, 9 of 10 within {cuts[8]:.1f} ms (target 16.7), "
            f"{len(seen)} cases"
        )
        assert len(seen) > 5
        assert median(took) < 200


def test_a_letter_of_the_filter(window: MainWindow) -> None:
    """Target: 100 ms until table and chart show what answers."""
    window.find_results()
    line = window.results.filter
    print()
    for mode in ("size", "bars", "heatmap"):
        window.chart.set_mode(mode)
        line.clear()
        QApplication.processEvents()
        took = [_timed(lambda letter=letter: QTest.keyClicks(line, letter)) for letter in "u8 4096"]
        took += [_timed(lambda: QTest.keyClick(line, Qt.Key.Key_Backspace)) for _ in range(7)]
        figures = f"median {median(took):.0f} ms, at most {max(took):.0f} ms (target 100)"
        print(f"a letter in the filter, {mode}: {figures}")
        assert median(took) < 1000


def test_changing_what_is_seen(window: MainWindow) -> None:
    """Another mode, theme or page, and rows that were derived anew."""
    control = window.controller
    print()
    for name, deed in (
        ("another mode", lambda: window.chart.set_mode("bars")),
        ("back to size", lambda: window.chart.set_mode("size")),
        ("rows anew", control.rows_changed.emit),
        ("Advice in front", lambda: window.workspace.show_panel("advice")),
        ("Results in front", lambda: window.workspace.show_panel("chart")),
    ):
        print(f"{name}: {_timed(deed):.0f} ms")
