"""Derives rows away from the window's thread, and rarely enough not to disturb what is being measured."""

import logging
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, thread_time

from PySide6.QtCore import QObject, Signal

from app.core.errors import one_line
from app.core.session import Session

log = logging.getLogger(__name__)

REST = 19.0
SHORTEST_REST, LONGEST_REST = 0.25, 1.0
"""Seconds of rest: after deriving for t seconds of processor time REST * t, a twentieth of one core."""


class Deriver(QObject):
    """One request at a time; ``derived`` carries the session, its baseline and its rows.

    Whatever goes wrong with one, ``failed`` carries a line about it and the next is answered.
    """

    derived = Signal(object, str, object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(1, "derive-rows")
        self._busy = False
        self._closed = False
        self._next = 0.0
        self._waiting: tuple[Session, str] | None = None
        self.derived.connect(self._free)
        self.failed.connect(self._free)

    @property
    def rested(self) -> bool:
        """Whether a running measurement can bear another derivation."""
        return not self._busy and monotonic() >= self._next

    def ask(self, session: Session, baseline: str) -> None:
        """Derive; when one is under way this follows it, replacing whatever waited."""
        if self._closed:
            return
        if self._busy:
            self._waiting = (session, baseline)
            return
        self._busy = True
        self._pool.submit(self._derive, session, baseline)

    def _derive(self, session: Session, baseline: str) -> None:
        from app.findings.rows import rows
        from app.workloads import workloads

        began = thread_time()
        found, problem = None, ""
        try:
            found = rows(session, workloads(), baseline)
        except Exception as error:  # a thread's last resort: shown as one line, the whole in the log
            log.exception("deriving rows failed")
            problem = f"The table and the charts are not up to date: {one_line(error)}"
        rest = REST * (thread_time() - began) if found is not None else LONGEST_REST
        self._next = monotonic() + min(LONGEST_REST, max(SHORTEST_REST, rest))
        if self._closed:
            return
        if found is None:
            self.failed.emit(problem)
        else:
            self.derived.emit(session, baseline, found)

    def _free(self) -> None:
        self._busy = False
        if self._waiting:
            waiting, self._waiting = self._waiting, None
            self.ask(*waiting)

    def close(self) -> None:
        """Let the thread go."""
        self._closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)
