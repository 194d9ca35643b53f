"""A feed: a blocking iterator drained in a thread, its items kept until someone asks. No Qt."""

import logging
from collections import deque
from collections.abc import Callable, Iterable
from threading import Thread
from typing import Generic, TypeVar

from app.core.errors import KernelscopeError, one_line

log = logging.getLogger(__name__)

Item = TypeVar("Item")


class Feed(Generic[Item]):
    """Starts at once. ``error`` is one line when the iterator raised; it is set before ``done``."""

    def __init__(self, source: Callable[[], Iterable[Item]], name: str) -> None:
        self._items: deque[Item] = deque()
        self.done = False
        self.error = ""
        self._thread = Thread(target=self._drain, args=(source,), name=name, daemon=True)
        self._thread.start()

    def _drain(self, source: Callable[[], Iterable[Item]]) -> None:
        try:
            for item in source():
                self._items.append(item)
        except KernelscopeError as error:
            self.error = str(error)
        except Exception as error:  # the thread's last resort: shown as one line, the whole in the log
            log.exception("%s failed", self._thread.name)
            self.error = one_line(error)
        finally:
            self.done = True

    def take(self) -> list[Item]:
        """What came since the last call. Ask ``done`` before, not after: nothing is missed then."""
        return [self._items.popleft() for _ in range(len(self._items))]

    def wait(self, seconds: float) -> None:
        """Block until it is drained, or for so long."""
        self._thread.join(seconds)
