"""Takes the pictures in this folder anew: ``python -m resources.screenshots.take``, a few minutes.

It runs a plan that gives every mode something to show on whatever this machine has, a Chromium included, with
settings, history and profile of its own, and saves each picture light and dark, in few colours so that they
stay small. On a quiet machine, for the figures in them are looked at.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QImage, QImageWriter
from PySide6.QtWidgets import QApplication, QWidget

from app.catalog.index import find
from app.catalog.named_plans import Choice
from app.catalog.request import Request
from app.charts.modes import MODES
from app.charts.scene import View
from app.core.plan import Settings
from app.core.target import Runtime, Target
from app.core.tuning import TuneSettings
from app.engines.browser.find import CHROMIUM, find_browsers
from app.engines.browser.launch import How
from app.gui.parts.memory import Memory
from app.gui.parts.theme import Theme
from app.gui.source.panel import Page
from app.gui.state.controller import Controller
from app.gui.window.app import make_application
from app.gui.window.window import MainWindow
from app.machine.tuned import tunable

FOLDER = Path(__file__).parent
SIZE = (1200, 750)
CHART_WIDTH = 720

PRESENTED = (1280, 720)


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
    _wait(lambda: not control.busy and not control.searching)
    window.ceilings.start()
    _wait(lambda: not control.busy and not control.searching)
    chromium = next((browser for browser in find_browsers() if browser.kind == CHROMIUM), None)
    if chromium:
        control.hardware.add_browser(chromium, How(headless=True))
        _wait(lambda: not control.busy and not control.searching)
    control.run(_everything(control.targets))
    _wait(lambda: not control.busy and not control.searching)
    shapes = window.kernels.sizes.shapes
    case = tunable(control.targets[:1], window.kernels.known, shapes[2:3])[0]
    window.tuner.start(case, TuneSettings(seconds=30))
    _wait(lambda: not control.busy and not control.searching)
    window.messages.hide()
    for theme in (Theme.LIGHT, Theme.DARK):
        window.theme.choose(theme)
        _take_modes(window, theme)
        _take_panels(window, theme)
    _take_presentation(window)
    control.modified = False
    window.close()
    app.processEvents()
    return 0


def _everything(targets: Sequence[Target]) -> Request:
    """Few lines at a time: one adapter, Wasm and NumPy; only the compilers are compared on every adapter."""
    adapter = next(t for t in targets if t.engine == "webgpu")
    few = (adapter.id, *(t.id for t in targets if t.engine in ("wasmtime", "v8", "native")))
    gpus = tuple(t.id for t in targets if t.runtime is Runtime.WGSL)
    tiles = ("wgsl/f32-tile", "wgsl/f16-tile", "wgsl/u8-dot4-tile")
    return Request(
        choices=(
            Choice(target=few, sizes=("128", "256", "512", "1024", "2048")),
            Choice(workload=("matmul",), variant=tiles, target=gpus, sizes=("256",)),
            Choice(workload=("matmul",), variant=("*+threads",), target=few, sizes=("512",), sweep="threads"),
            Choice(workload=("suspend",), target=few, sizes=("8", "12")),
        ),
        baseline="f32,f32-tile,f32-scalar,plain",
        settings=Settings(seconds=0.25),
    )


def _take_modes(window: MainWindow, theme: Theme) -> None:
    """The chart alone in every mode, of whichever workload has something to show there."""
    window.workspace.show_panel("chart")
    for mode in MODES:
        window.chart.set_view(View(mode=mode.name))
        if not window.chart.picture:
            print(f"{mode.name}: nothing to show on this machine", file=sys.stderr)
            continue
        _settle()
        _save(window.chart, f"mode-{mode.name}-{theme.value}", CHART_WIDTH)


def _take_panels(window: MainWindow, theme: Theme) -> None:
    """The whole window with each panel in front."""
    window.chart.set_view(View())
    window.source.show_variant(find("matvec", "u8-dot4", Runtime.WGSL))
    window.source.open_page(Page.DIFF)
    for name in ("hardware", "source", "chart"):
        window.workspace.show_panel(name)
        _settle()
        stem = "window" if name == "chart" else name
        _save(window, stem if theme is Theme.LIGHT else f"{stem}-dark", SIZE[0])


def _take_presentation(window: MainWindow) -> None:
    """What an audience sees; it has no dark form."""
    window.chart.set_mode("bars")
    window.present()
    window.presentation.showNormal()
    window.presentation.resize(*PRESENTED)
    _settle()
    _save(window.presentation, "presentation", SIZE[0])
    window.presentation.close()


def _save(widget: QWidget, stem: str, width: int) -> None:
    """Save a picture of ``widget`` in 256 colours, no wider than ``width``."""
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
