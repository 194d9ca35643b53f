"""Ctrl-C during a run or a tuning."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

STOPPED = 130
"""The exit code of what Ctrl-C ended, as shells have it."""


@contextmanager
def ctrl_c_stops() -> Iterator[Event]:
    """Ctrl-C ends the run that is given the event, not the program. A second one is as usual.

    Where somebody has it ignored, as shells do for what runs in the background, it stays so.
    """
    stop = Event()
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        yield stop
        return

    def interrupted(*_: object) -> None:
        signal.signal(signal.SIGINT, before)
        stop.set()

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
