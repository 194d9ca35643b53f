"""A hand on a window: presses keys and buttons as a window system would, and counts what a person does."""

import subprocess
from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QGuiApplication, QKeySequence, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QWidget

from tests.gui.drive_window import pause, wait


class Hand:
    """A step is a key, a word typed or a click: ``steps`` counts those since ``begin``."""

    def __init__(self) -> None:
        self.steps: list[str] = []

    def begin(self) -> None:
        """Count anew."""
        self.steps = []

    def key(self, keys: str) -> None:
        """Press keys together, wherever the focus is."""
        self.steps.append(keys)
        chord = QKeySequence(keys)[0]
        if QGuiApplication.focusWindow() is None:  # no window manager here hands the keyboard back
            main = next(
                w for w in QApplication.topLevelWidgets() if isinstance(w, QMainWindow) and w.isVisible()
            )
            main.activateWindow()
            wait(QGuiApplication.focusWindow, "the window to be active again")
        QTest.keyPress(_front(), chord.key(), chord.keyboardModifiers())
        with suppress(RuntimeError, AssertionError):  # what had the keyboard may be gone by now
            QTest.keyRelease(_front(), chord.key(), chord.keyboardModifiers())
        pause(0.05)

    def type(self, words: str) -> None:
        """Type a word where the focus is."""
        self.steps.append(f"“{words}”")
        QTest.keyClicks(QApplication.focusWidget(), words)
        pause(0.05)

    def click(self, widget: QWidget, what: str, at: QPoint | None = None) -> None:
        """Click in the middle of a widget, or at a place of it."""
        self.steps.append(f"click {what}")
        wait(widget.isVisible, what)
        pause(0.2)  # it may have to find its place first
        place = widget.mapToGlobal(at or widget.rect().center())
        for deed in (("mousemove", str(place.x()), str(place.y())), ("mousedown", "1"), ("mouseup", "1")):
            subprocess.run(["xdotool", *deed], check=True)
            pause(0.05)  # a hand is no quicker

    def in_dialog(self, deed: Callable[[], None]) -> None:
        """Do something in the next dialog that waits for an answer: it keeps whoever opened it."""

        def look() -> None:
            dialog = QApplication.activeModalWidget()
            if isinstance(dialog, QDialog):
                try:
                    wait(dialog.isActiveWindow, "a dialog with the keyboard")
                    deed()
                    pause(1)
                finally:
                    if QApplication.activeModalWidget() is dialog:  # nobody else would answer it
                        dialog.reject()
            else:
                QTimer.singleShot(20, look)

        QTimer.singleShot(20, look)


def _front() -> QWindow:
    """The window that has the keyboard; Qt itself leads keys on to what lies over it."""
    window = QGuiApplication.focusWindow()
    assert window is not None, "no window has the keyboard"
    return window
