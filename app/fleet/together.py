"""A run here and on a fleet at once: two streams of events as one."""

import queue
import threading
from collections.abc import Callable, Iterator

from msgspec import structs

from app.core.errors import KernelscopeError, in_words
from app.core.events import AnyEvent, Log

Source = Callable[[threading.Event], Iterator[AnyEvent]]


def together(sources: list[tuple[int, Source]], stop: threading.Event) -> Iterator[AnyEvent]:
    """The events of all sources as they come; the cases of each begin in the common plan at its number.

    A source that fails is said, and ends alone. Nobody listening any more, all are stopped.
    """
    inbox: queue.SimpleQueue[AnyEvent | None] = queue.SimpleQueue()

    def drain(first: int, source: Source) -> None:
        try:
            for event in source(stop):
                case = getattr(event, "case", None)
                inbox.put(event if case is None else structs.replace(event, case=first + case))
        except KernelscopeError as error:
            inbox.put(Log("error", str(error)))
        except Exception as error:
            inbox.put(Log("error", in_words(error)))
        finally:
            inbox.put(None)

    for first, source in sources:
        threading.Thread(target=drain, args=(first, source), name="run-part", daemon=True).start()
    open_ = len(sources)
    try:
        while open_:
            event = inbox.get()
            if event is None:
                open_ -= 1
            else:
                yield event
    finally:
        if open_:
            stop.set()
