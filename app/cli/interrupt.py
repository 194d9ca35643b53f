"""Ctrl-C during a run or a tuning."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from app.worker.supervisor import Supervisor

STOPPED = 130
"""The exit code of what Ctrl-C ended, as shells have it."""


@contextmanager
def ctrl_c_stops(supervisor: Supervisor) -> Iterator[None]:
    """Ctrl-C ends the run, not the program: what was measured is kept. A second one is as usual."""

    def stop(*_: object) -> None:
        signal.signal(signal.SIGINT, before)
        supervisor.stop()

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
