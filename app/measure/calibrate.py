"""Calibration: how many back-to-back runs make a sample worth taking."""

import time

from app.engines import Kernel

LONGEST_SUBMISSION = 0.1
"""Seconds: a longer submission would freeze a desktop, and Windows resets a GPU after two."""

MOST_REPEATS = 1 << 20


def calibrate(kernel: Kernel, batch_seconds: float) -> int:
    """Double the number of runs, starting from one, until a batch lasts ``batch_seconds``.

    Stops early where the next doubling would not fit into one submission.
    """
    repeats = 1
    while repeats < MOST_REPEATS:
        start = time.perf_counter()
        on_target = kernel.time(repeats)
        elapsed = max(on_target, time.perf_counter() - start)
        if on_target >= batch_seconds / 2 or 2 * elapsed > LONGEST_SUBMISSION:
            break
        repeats *= 2
    return repeats
