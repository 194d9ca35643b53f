"""Garbage, collected in the window's thread alone.

Python collects cycles in whichever thread happens to allocate, and what lies in them may own a Qt object: one
that dies in another thread than its own takes the program with it. Python may also allocate, and so collect,
while Qt destroys an object and holds a lock that the next one to die would wait for, for ever.
"""

import gc

from PySide6.QtCore import QObject, QTimer

PERIOD_MS = 500


class Garbage(QObject):
    """Takes over from Python's own collector, until it is closed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=PERIOD_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """The oldest generation that is due, by Python's own thresholds."""
        due = [
            i for i, (n, most) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)) if n > most
        ]
        if due:
            gc.collect(max(due))

    def close(self) -> None:
        """Let Python collect again."""
        self._timer.stop()
        gc.enable()
