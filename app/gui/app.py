"""Starts the window. It shows first; hardware and the plotting library come after."""

import sys
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.gui.controller import Controller
from app.gui.garbage import Garbage
from app.gui.memory import Memory
from app.gui.window import MainWindow


def make_application() -> QApplication:
    """The one QApplication, in Fusion: the style that follows a palette on every platform."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("Kernelscope")
    app.setDesktopFileName("kernelscope")
    app.setStyle("Fusion")
    Garbage(app)
    return app


def main(session_path: Path | None = None) -> int:
    """Run the window until it is closed; the exit code is Qt's."""
    app = make_application()
    window = MainWindow(Controller(), Memory())
    window.show()
    window.controller.find_hardware()
    QTimer.singleShot(0, window.chart.import_plot)
    if session_path is not None:
        QTimer.singleShot(0, partial(window.open_path, session_path))
    QTimer.singleShot(0, window.controller.recover)
    return app.exec()
