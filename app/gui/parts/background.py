"""Work in the background: one thread per owner, its answers handed back in the window's own."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from app.core.errors import KernelscopeError, one_line

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")


class Background(QObject):
    """``failed`` carries one line; ``busy_changed`` says whether anything is under way."""

    failed = Signal(str)
    busy_changed = Signal(bool)
    _done = Signal(str, int, object, object, str)

    def __init__(self, name: str, parent: QObject) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(1, name)
        self._newest: dict[str, int] = {}
        self._numbers = count()
        self._open = 0
        self._closed = False
        self._done.connect(self._deliver)

    @property
    def busy(self) -> bool:
        """Whether any question waits for its answer."""
        return self._open > 0

    def ask(self, work: Callable[[], Answer], then: Callable[[Answer], object], kind: str = "") -> None:
        """Call ``work`` in the thread, then ``then`` with its answer in this one.

        Of questions of one ``kind`` only the newest is answered; the others are dropped, if need be unasked.
        """
        if self._closed:
            return
        kind = kind or f"one of its own: {next(self._numbers)}"
        number = self._newest[kind] = self._newest.get(kind, 0) + 1
        self._open += 1
        self.busy_changed.emit(True)
        self._pool.submit(self._work, kind, number, work, then)

    def _work(self, kind: str, number: int, work: Callable[[], Any], then: Callable[[Any], object]) -> None:
        answer, problem = None, ""
        if not self._closed and self._newest[kind] == number:
            try:
                answer = work()
            except KernelscopeError as error:
                problem = str(error)
            except Exception as error:  # a thread's last resort: shown as one line, the whole in the log
                log.exception("%s failed", kind)
                problem = one_line(error)
        if not self._closed:
            self._done.emit(kind, number, then, answer, problem)

    def _deliver(
        self, kind: str, number: int, then: Callable[[Any], object], answer: Any, problem: str
    ) -> None:
        self._open -= 1
        if self._newest[kind] == number and not self._closed and not problem:
            try:
                then(answer)
            except Exception as error:  # what nobody expected of an answer must not hide that it came
                log.exception("%s failed", kind)
                problem = one_line(error)
        if self._newest[kind] == number and not self._closed and problem:
            self.failed.emit(problem)
        if not self._open:
            self.busy_changed.emit(False)

    def close(self) -> None:
        """Let the thread go; what it is at is finished and forgotten."""
        self._closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)
