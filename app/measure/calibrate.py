"""Calibration: how many back-to-back runs make a sample worth taking."""

import time

from app.engines import Kernel

LONGEST_SUBMISSION = 0.1
"""Seconds: a longer submission would freeze a desktop, and Windows resets a GPU after two."""

MOST_REPEATS = 1 << 20


def calibrate(kernel: Kernel, batch_seconds: float) -> int:
    """Double the number of runs, starting from one, until a batch lasts ``batch_seconds``.

    Stops early where the next doubling would not fit into one submission. A batch that seems long enough
    is run once more: what it costs to submit weighs more in a short batch, so one slow moment here would
    shift every sample of this case against those of others.
    """
    repeats = 1
    while repeats < MOST_REPEATS:
        if _enough(kernel, repeats, batch_seconds) and _enough(kernel, repeats, batch_seconds):
            break
        repeats *= 2
    return repeats


def _enough(kernel: Kernel, repeats: int, batch_seconds: float) -> bool:
    start = time.perf_counter()
    on_target = kernel.time(repeats)
    elapsed = max(on_target, time.perf_counter() - start)
    return on_target >= batch_seconds / 2 or 2 * elapsed > LONGEST_SUBMISSION
