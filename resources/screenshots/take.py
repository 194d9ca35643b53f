"""Takes the pictures in this folder anew: ``python -m resources.screenshots.take``, a few minutes.

It runs a plan that gives every mode something to show on whatever this machine has, with settings, history
and profile of its own, and saves each picture light and dark, in few colours so that they stay small.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from msgspec import structs
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QImage, QImageWriter
from PySide6.QtWidgets import QApplication, QWidget

from app.core.named_plans import Choice, NamedPlan
from app.core.tuning import TuneSettings
from app.gui.app import make_application
from app.gui.charts.modes import MODES
from app.gui.controller import Controller
from app.gui.memory import Memory
from app.gui.request import NamedRequest
from app.gui.theme import Theme
from app.gui.window import MainWindow
from app.profile.tuned import tunable

FOLDER = Path(__file__).parent
SIZE = (1200, 750)
CHART_WIDTH = 720

EVERYTHING = NamedPlan(
    name="pictures",
    question="what does every mode look like?",
    choices=(
        Choice(sizes=("128", "256", "512", "1024", "2048")),
        Choice(workload=("matmul",), variant=("*+threads",), sizes=("512",), sweep="threads"),
        Choice(workload=("suspend",), sizes=("8", "12")),
    ),
)


def main() -> int:
    """Measure, then take every picture; the exit code."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="kernelscope-screenshots-") as home:
        for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
            os.environ[name] = home
        return _take_all(Path(home))


def _take_all(home: Path) -> int:
    app = make_application()
    memory = Memory(QSettings(str(home / "settings.ini"), QSettings.Format.IniFormat))
    window = MainWindow(Controller(), memory)
    window.resize(*SIZE)
    window.show()
    control = window.controller
    control.find_hardware()
    _wait(lambda: not control.busy)
    window.ceilings.start()
    _wait(lambda: not control.busy)
    control.run(NamedRequest(EVERYTHING, control.targets, control.targets, 0.25))
    _wait(lambda: not control.busy)
    shapes = window.kernels.sizes.shapes
    case = tunable(control.targets[:1], window.kernels.known, shapes[2:3])[0]
    window.tuner.start(case, TuneSettings(seconds=30))
    _wait(lambda: not control.busy)
    window.messages.hide()
    for theme in (Theme.LIGHT, Theme.DARK):
        window.theme.choose(theme)
        _take_modes(window, theme)
        _take_panels(window, theme)
    control.modified = False
    window.close()
    app.processEvents()
    return 0


def _take_modes(window: MainWindow, theme: Theme) -> None:
    """The chart alone in every mode, of whichever workload has something to show there."""
    chart, session = window.chart, window.controller.session
    assert session is not None
    workloads = dict.fromkeys(case.workload for case in session.plan.cases)
    window.workspace.show_panel("chart")
    for mode in MODES:
        for workload in workloads:
            chart.set_view(structs.replace(chart.view, mode=mode.name, workload=workload, quantity=""))
            if chart.picture:
                break
        else:
            print(f"{mode.name}: nothing to show on this machine", file=sys.stderr)
            continue
        _settle()
        _save(chart, f"mode-{mode.name}-{theme.value}", CHART_WIDTH)


def _take_panels(window: MainWindow, theme: Theme) -> None:
    """The whole window with each panel in front."""
    window.chart.set_view(structs.replace(window.chart.view, mode=MODES[0].name, workload="matvec"))
    for name in ("hardware", "source", "chart"):
        window.workspace.show_panel(name)
        _settle()
        stem = "window" if name == "chart" else name
        _save(window, stem if theme is Theme.LIGHT else f"{stem}-dark", SIZE[0])


def _save(widget: QWidget, stem: str, width: int) -> None:
    """In 256 colours, and no wider than ``width``."""
    image = widget.grab().toImage()
    if image.width() > width:
        image = image.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    image = image.convertToFormat(QImage.Format.Format_Indexed8, _palette(image))
    path = FOLDER / f"{stem}.png"
    writer = QImageWriter(str(path), b"png")
    writer.setCompression(100)
    if not writer.write(image):
        raise SystemExit(f"{path} cannot be written: {writer.errorString()}")
    print(f"{path.name}: {path.stat().st_size / 1024:.0f} KiB")


def _palette(image: QImage) -> list[int]:
    """The 256 colours that matter most: of colours that look alike, the most frequent one."""
    pixels = np.frombuffer(image.constBits(), np.uint32) | 0xFF000000
    colours, counts = np.unique(pixels, return_counts=True)
    alike = colours & 0xF8F8F8
    kinds, first = np.unique(alike, return_inverse=True)
    totals = np.bincount(first, counts)
    order = np.argsort(counts)
    best = np.zeros(len(kinds), np.uint32)
    best[first[order]] = colours[order]  # the last that is written is the most frequent
    return [int(colour) for colour in best[np.argsort(-totals)[:256]]]


def _wait(condition: Callable[[], bool]) -> None:
    while not condition():
        _settle(0.05)
    _settle()


def _settle(seconds: float = 0.4) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.005)


if __name__ == "__main__":
    sys.exit(main())
