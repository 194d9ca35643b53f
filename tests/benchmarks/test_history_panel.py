"""How quick the History panel is with 10,000 runs, and whether the window stalls while it searches."""

import os
import time
from itertools import pairwise
from pathlib import Path
from statistics import quantiles
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QObject, QSettings, Qt, QTimer, Signal

from app.gui.history.panel import HistoryPanel
from app.gui.parts.memory import Memory
from app.storage import history
from tests.benchmarks.test_sessions import ten_thousand


class Control(QObject):
    """As much of a controller as the panel listens to."""

    remembered, closing, running_changed = Signal(), Signal(), Signal(bool)
    said = Signal(str, str)
    running = False


def test_ten_thousand_runs(qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Targets: listed after 100 ms; while typing the 99th percentile of stalls is under 50 ms."""
    ten_thousand(tmp_path / "history.sqlite3")
    monkeypatch.setattr(history, "data_folder", lambda: tmp_path)
    control = Control()
    memory = Memory(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    panel = HistoryPanel(control, memory)  # type: ignore[arg-type]
    qtbot.addWidget(panel)
    panel.resize(900, 600)
    start = time.perf_counter()
    panel.show()
    panel.catch_up()
    qtbot.waitUntil(lambda: panel.model.rowCount() == 10_000)
    listed = time.perf_counter() - start
    beats: list[float] = []
    timer = QTimer(interval=5, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(lambda: beats.append(time.perf_counter()))
    timer.start()
    for text in ("2", "20", "202", "2026", "2026 m", "2026 matvec", "2026 matvec zzz", ""):
        panel.search.setText(text)
        qtbot.wait(250)
    qtbot.waitUntil(lambda: panel.model.rowCount() == 10_000)
    timer.stop()
    gaps = [(b - a) * 1000 for a, b in pairwise(beats)]
    stalls = quantiles(gaps, n=100)[98]
    print(
        f"\n10,000 runs in the panel after {1e3 * listed:.0f} ms (target 100); while typing, stalls of "
        f"{stalls:.1f} ms at the 99th percentile (target 50), longest {max(gaps):.0f} ms"
    )
    control.closing.emit()
    assert listed < 1.0
    assert stalls < 500
