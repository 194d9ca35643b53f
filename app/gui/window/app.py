"""Starts the window. It shows first; hardware and the plotting library come after."""

import sys
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from app.core.foreign import as_line
from app.gui.parts.garbage import Garbage
from app.gui.parts.last_resort import LastResort
from app.gui.parts.memory import Memory
from app.gui.state.controller import Controller
from app.gui.window.window import MainWindow


def make_application() -> QApplication:
    """The one QApplication, in Fusion: the style that follows a palette on every platform."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("Kernelscope")
    app.setDesktopFileName("kernelscope")
    app.setStyle("Fusion")
    Garbage(app)
    return app


GENERIC = {"Monospace", "Sans Serif", "Serif", "System"}
"""Families that Qt names even where it has no font at all."""


def why_no_text() -> str:
    """Why texts cannot be read here, and what to do; empty where they can. The window could not say it."""
    if set(QFontDatabase.families()) - GENERIC:
        return ""
    return "no fonts are installed, so texts are boxes; on Debian: apt install fonts-dejavu-core"


def main(session_path: Path | None = None) -> int:
    """Run the window until it is closed; the exit code is Qt's."""
    app = make_application()
    if reason := why_no_text():
        print(as_line(f"kernelscope: {reason}"), file=sys.stderr)
    controller = Controller()
    LastResort(lambda line: controller.said.emit("error", line)).install()
    window = MainWindow(controller, Memory())
    window.show()
    window.controller.find_hardware()
    QTimer.singleShot(0, window.chart.import_plot)
    if session_path is not None:
        QTimer.singleShot(0, partial(window.open_path, session_path))
    QTimer.singleShot(0, window.controller.recover)
    return app.exec()
