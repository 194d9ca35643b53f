"""Warming up: batches until they get no faster, for a GPU that slept takes up to seconds to wake up.

Its clock may rise from a tenth of what it reaches: what was calibrated or sampled meanwhile is of no use.
"""

import time
from collections.abc import Callable

from msgspec import Struct

from app.engines import Kernel, cpu_clock
from app.measure.calibrate import LONGEST_SUBMISSION, MOST_REPEATS
from app.measure.visits import batches_of

LONGEST = 1.0
"""Seconds: what has not woken up by then is sampled as it is, for the order of visits keeps ratios right."""

WINDOW = 5e-3
"""Seconds of batches whose least counts: what disturbs one seldom disturbs all."""

LEAST = 0.03
"""Seconds: within less a GPU's clock that takes a second to rise hardly moves."""

AGREE = 1.02
"""Batches agree with earlier ones unless they are this many times faster; slower ones were disturbed."""

EARLIER = 0.65
"""The latest batches are held against those that were done when this share of the time was over.

That comes to the same at every time constant: a clock that rises with one of T is a hundredth from its end
when about five T are over.
"""

WOKE = 1.1
"""What got so many times faster had slept ..."""

TELLING = 5
"""... if so many windows passed: by chance alone each is the fastest so far once in 120 times."""


class WarmUp(Struct, frozen=True):
    """``windows`` of batches took ``seconds``; the last runs were ``gain`` times as fast as the first.

    ``run`` is the seconds of a run now, 0 if nothing is known; ``settled`` if it gets no faster.
    """

    seconds: float = 0.0
    windows: int = 0
    gain: float = 1.0
    run: float = 0.0
    settled: bool = True

    @property
    def note(self) -> str:
        """What a person should know of it; empty where nothing slept."""
        if self.windows < TELLING or self.gain < WOKE:
            return ""
        more = "" if self.settled else " and was still getting faster"
        return f"became {self.gain:.1f} times faster in {self.seconds:.2f} s of warm-up{more}"


def warm_up(kernel: Kernel, batch: float, run: float, longest: float, stopped: Callable[[], bool]) -> WarmUp:
    """Time batches of ``batch`` seconds, of runs of ``run``, until they agree, or ``longest`` seconds.

    The time is the wall's, or what the batches took where their own clock saw more. A batch that outlasts a
    submission has kept the target awake while it was looked at, and costs too much. A processor is awake
    when it was calibrated; on a busy machine it would seem to sleep.
    """
    if cpu_clock(kernel) or not 0 < batch <= LONGEST_SUBMISSION:  # without data, rounds find out
        return WarmUp()
    start = time.perf_counter()
    count = max(1, int(WINDOW / batch))
    seen: list[tuple[float, float]] = []
    elapsed, worked, settled = 0.0, 0.0, False
    while not settled and (elapsed < longest or not seen):
        repeats = max(1, min(round(batch / run), MOST_REPEATS))
        found = [seconds / repeats for seconds, _ in batches_of(kernel, repeats, count) if seconds > 0]
        if not found or stopped():
            return WarmUp()
        worked += repeats * sum(found)
        run, elapsed = min(found), max(worked, time.perf_counter() - start)
        earlier = [least for done, least in seen if done <= EARLIER * elapsed]
        settled = elapsed >= LEAST and bool(earlier) and min(earlier) <= AGREE * run
        seen.append((elapsed, run))
    return WarmUp(elapsed, len(seen), seen[0][1] / run, run, settled)
