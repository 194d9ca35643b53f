"""What a session has learned of targets and variants that bring workers down."""

import time
from collections import deque
from collections.abc import Callable

MOST_CRASHES = 3
WITHIN = 60.0
"""Seconds; so many crashes in that time stop a target for the rest of a run."""

Suspect = tuple[str, str, str, str]
"""Target, workload, variant, and its text where it is the user's own."""


class Health:
    """Counts crashes by target, and keeps what hung away from where it hung."""

    def __init__(self, most_crashes: int = MOST_CRASHES, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most_crashes
        self._clock = clock
        self._crashes: dict[str, deque[float]] = {}
        self._quarantined: dict[Suspect, str] = {}

    def begin_run(self) -> None:
        """Give every target another chance; what is quarantined stays so."""
        self._crashes.clear()

    def crashed(self, target: str) -> None:
        """A worker has died of ``target``."""
        self._crashes.setdefault(target, deque(maxlen=self._most)).append(self._clock())

    def why_stopped(self, target: str) -> str:
        """Why ``target`` gets no more cases in this run; empty while it does."""
        last = self._crashes.get(target, deque())
        if len(last) < self._most or last[-1] - last[0] > WITHIN:
            return ""
        return (
            f"{self._most} crashes in {last[-1] - last[0]:.0f} s: the rest of {target} was left out; "
            "a newer driver may help"
        )

    def quarantine(self, suspect: Suspect, why: str) -> None:
        """Never run ``suspect`` again in this session."""
        self._quarantined[suspect] = why

    def why_quarantined(self, suspect: Suspect) -> str:
        """Why ``suspect`` does not run; empty when it does."""
        why = self._quarantined.get(suspect)
        return f"in quarantine until Kernelscope is started again: {why}" if why else ""
