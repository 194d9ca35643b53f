"""Calibration: how many back-to-back runs make a sample worth taking."""

import time
from collections.abc import Sequence
from itertools import pairwise

from app.engines import Kernel
from app.measure.verify import WrongResult

LONGEST_SUBMISSION = 0.1
"""Seconds: a longer submission would freeze a desktop, and Windows resets a GPU after two."""

MOST_REPEATS = 1 << 20

FEWER = 64
ADDS_UP = 4.0
"""A batch takes at least so many times longer than a 64th of it; noise and overhead have the rest."""

CYCLE = 3e-10
"""Seconds; no run of anything is done in less."""

LOOKS = 3
TWOFOLD = (1.6, 2.5)
"""Within this, a batch takes twice as long as one of half as many runs."""

PATIENCE = 8
"""Looks at what seems to leave runs out, before that is said: a busy machine makes few runs seem long."""

LEAST_STEPS = 200
"""Steps of a coarse clock in a batch: it then errs by half a percent."""


def calibrate(kernel: Kernel, batch_seconds: float, clock_step: float = 0.0) -> int:
    """Double the number of runs, starting from one, until a batch lasts ``batch_seconds``.

    It lasts longer where the clock's steps (``clock_step`` seconds) are coarse, as those of browsers are.
    What their answers take by themselves is no part of a submission: Firefox looks for results every 0.1 s.

    Stops early where the next doubling would not fit into one submission. A batch counts as long enough
    when all of three looks say so: what it costs to submit weighs more in a short batch, so one slow moment
    here would shift every sample of this case against those of others. Those at a half and at a quarter of
    the runs are looks as well where the time doubled with the runs, as no slow moment makes it do. A batch
    whose runs do not add up is not long enough either: on a busy machine a call alone may last that long.

    Raises:
        WrongResult: the runs do not add up in the longest batch there may be, so some of them are left out.
    """
    batch_seconds = max(batch_seconds, LEAST_STEPS * clock_step)
    repeats, idle = 1, _idle(kernel) if clock_step else 0.0
    times: list[float] = []
    while True:
        enough, full, shortest = _look(kernel, repeats, batch_seconds, idle, times[1 - LOOKS :])
        last = full or 2 * repeats > MOST_REPEATS
        if (enough or last) and (repeats < FEWER or _adds_up(kernel, repeats, shortest if enough else 0.0)):
            return repeats
        if last:
            few = repeats // FEWER
            raise WrongResult(f"{repeats} runs take hardly longer than {few}: most of them do nothing")
        times.append(shortest)
        repeats *= 2


def _idle(kernel: Kernel) -> float:
    """Seconds until the answer to a single run, beyond what it took on the target."""
    start = time.perf_counter()
    on_target = kernel.time(1)
    return max(0.0, time.perf_counter() - start - on_target)


def _look(
    kernel: Kernel, repeats: int, batch_seconds: float, idle: float, before: Sequence[float]
) -> tuple[bool, bool, float]:
    """Whether a batch is long enough, and whether a submission is full, however often one looks.

    And the shortest time seen (0 for none). ``idle`` seconds of a submission are none of the target's;
    ``before`` are the times of a quarter and a half of the runs.
    """
    full, shortest = True, 0.0
    for _ in range(LOOKS):
        start = time.perf_counter()
        on_target = kernel.time(repeats)
        elapsed = max(on_target, time.perf_counter() - start - idle)
        shortest = _lesser(shortest, on_target)
        fits = 2 * elapsed <= LONGEST_SUBMISSION
        full = full and not fits
        long = on_target >= batch_seconds / 2
        if fits and not long:
            return False, False, shortest
        if long and _doubles(*before, on_target):
            break
    return True, full, shortest


def _doubles(*times: float) -> bool:
    """Whether each of as many times as there are looks is about twice the one before."""
    low, high = TWOFOLD
    return len(times) == LOOKS and all(0 < low * a <= b <= high * a for a, b in pairwise(times))


def _adds_up(kernel: Kernel, repeats: int, most: float) -> bool:
    """Whether a batch outlasts a 64th of it; ``most`` is the shortest time of enough looks at it, else 0."""
    fewer = repeats // FEWER
    least = 0.0
    known = most > 0
    for look in range(PATIENCE):
        if look >= LOOKS or not known:
            most = _lesser(most, kernel.time(repeats))
        least = _lesser(least, kernel.time(fewer))
        if look + 1 >= LOOKS and (most == 0 or most > max(ADDS_UP * least, repeats * CYCLE)):
            return True
    return False


def _lesser(known: float, seconds: float) -> float:
    """The lesser of two times, of which one may be missing (0, or less where a clock went back)."""
    if seconds <= 0:
        return known
    return min(known, seconds) if known else seconds
