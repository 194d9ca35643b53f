"""Exceptions that nothing caught: kept in the log with their traceback, and said in one line."""

import logging
import sys
import threading
from collections.abc import Callable
from time import monotonic
from types import TracebackType

from app.core.errors import one_line

log = logging.getLogger(__name__)

REPEAT = 5.0
"""Seconds until the same line is said again: what fails as it is drawn fails many times a second."""


class LastResort:
    """Hears of every exception that a slot or a thread lets through; ``say`` is called with a line of it."""

    def __init__(self, say: Callable[[str], object]) -> None:
        self._say = say
        self._said: dict[str, float] = {}

    def install(self) -> None:
        """Hear of them from now on, until the process ends."""
        sys.excepthook = self.hear
        threading.excepthook = lambda args: self.hear(args.exc_type, args.exc_value, args.exc_traceback)

    def hear(
        self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Log it and say it; Ctrl-C in the terminal is no error."""
        if error is None or issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error or kind(), trace)
            return
        line = one_line(error)
        if monotonic() - self._said.get(line, -REPEAT) < REPEAT:
            return
        self._said[line] = monotonic()
        log.error("nobody caught this", exc_info=(kind, error, trace))
        self._say(f"Something went wrong, what you see may be incomplete: {line}. The log has more.")
