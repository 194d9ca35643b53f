"""Timing calls into V8, which runs in a thread of its own.

A call from Python is handed over to that thread and its answer back. On a busy machine either may wait, which
is no work of the kernel. Linux tells what the thread spends on the processor; elsewhere it is the wall clock.
"""

import ctypes
import os
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from functools import cache, partial
from typing import Any

from msgspec import Struct
from py_mini_racer import MiniRacer

EMPTY_CALLS = 300
SPIN = "(() => { const end = Date.now() + 3; let n = 0; while (Date.now() < end) n++; return n; })()"
"""A script with enough work to tell V8's thread from the others by."""

SPINS = 10
ENOUGH = 1e-3
"""Seconds that V8's thread must have worked, and no other half as long, to be known by it."""


class Clock(Struct, frozen=True):
    """The place where the time of calls into V8 is read, and what a person should know about it.

    ``thread`` is the number of V8's thread whose clock it is, 0 for the wall's.
    """

    read: Callable[[], float]
    name: str
    thread: int = 0

    def bring_here(self) -> None:
        """Have V8's thread run on the processor where this one is, which only waits meanwhile.

        Each kernel has a thread of its own: where two stay on processors that others use differently, one
        kernel is called slower than itself.
        """
        if self.thread and (here := _processor()) is not None:
            with suppress(OSError):  # forbidden, or the thread has ended
                os.sched_setaffinity(self.thread, {here})


def _processor() -> int | None:
    """The number of the processor that runs this thread; None where nobody tells."""
    number = tell() if (tell := _teller()) else -1
    return number if number >= 0 else None


@cache
def _teller() -> Callable[[], int] | None:
    tell: Callable[[], int] | None = getattr(ctypes.CDLL(None), "sched_getcpu", None)
    return tell


WALL = Clock(time.perf_counter, "wall clock over a batch, loop inside Wasm, less an empty call into V8")
THREAD = "CPU clock of V8's own thread over a batch, loop inside Wasm, less an empty call"


def threads() -> set[int]:
    """The numbers of this process's threads; none where the system does not list them."""
    return set(map(int, os.listdir("/proc/self/task"))) if sys.platform == "linux" else set()


def clock_of(evaluate: Callable[[str], Any], before: set[int]) -> Clock:
    """The clock of the thread that runs what ``evaluate`` is given, which is none of those ``before``.

    That of the wall where no thread's can be read.
    """
    since = {thread: _spent(thread) for thread in threads() - before}
    for _ in range(SPINS if since else 0):
        evaluate(SPIN)
        grown = sorted((_spent(thread) - spent, thread) for thread, spent in since.items())
        most, found = grown[-1]
        if most > ENOUGH and all(other < most / 2 for other, _ in grown[:-1]):
            return Clock(partial(_spent, found), THREAD, found)
    return WALL


def _spent(thread: int) -> float:
    """Seconds of a thread of this process on the processor; 0 once it has ended."""
    try:
        return time.clock_gettime(_cpu_clock(thread))
    except OSError:
        return 0.0


def _cpu_clock(thread: int) -> int:
    """The clock of a thread of this process by its number, as Linux makes it (clock_getcpuclockid(3))."""
    return ~thread << 3 | 6


@cache
def overhead() -> float:
    """Seconds that a call from Python takes without what it calls: the least of many, for all kernels.

    An error in it weighs on batches of one length alike, and so on no comparison; one for each kernel would.
    """
    best = float("inf")
    before = threads()
    with closing(MiniRacer()) as racer:
        clock = clock_of(racer.eval, before)
        for _ in range(EMPTY_CALLS):
            start = clock.read()
            racer.eval("0")
            best = min(best, clock.read() - start)
    return best
