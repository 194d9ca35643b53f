"""Calibration on a clock of the test's own: seconds follow from the number of runs alone."""

from collections.abc import Callable
from itertools import count

import numpy as np
import pytest

from app.core.measurement import Costs
from app.measure.calibrate import LONGEST_SUBMISSION, MOST_REPEATS, calibrate
from app.measure.verify import WrongResult


class Timed:
    """A kernel of which only the time is asked."""

    timer = "made up"
    costs = Costs(0.0, 0.0, 0.0)

    def __init__(self, seconds: Callable[[int], float]) -> None:
        self.time = seconds

    def load(self, buffers: object) -> None: ...
    def poison(self) -> None: ...
    def close(self) -> None: ...
    def result(self) -> np.ndarray:
        return np.empty(0)


def test_batches_are_as_long_as_asked() -> None:
    repeats = calibrate(Timed(lambda runs: 1e-6 * runs), 0.015)
    assert 0.0075 <= 1e-6 * repeats <= 0.015


def test_what_lasts_longer_than_a_submission_runs_once() -> None:
    assert calibrate(Timed(lambda runs: LONGEST_SUBMISSION * runs), 0.015) == 1


def test_calls_that_wait_for_their_turn_accuse_nobody() -> None:
    """On a busy machine a call may take 9 ms from some moment on, whatever it does."""
    calls = count()
    repeats = calibrate(Timed(lambda runs: 0.009 * (next(calls) > 8) + 1e-6 * runs), 0.015)
    assert 1e-6 * repeats > 0.015


@pytest.mark.parametrize("once", [2e-8, 1e-5, 0.004])
def test_runs_that_are_left_out_are_found(once: float) -> None:
    with pytest.raises(WrongResult, match="most of them do nothing"):
        calibrate(Timed(lambda _: once), 0.015)


def test_a_coarse_clock_needs_longer_batches() -> None:
    step = 1e-4
    repeats = calibrate(Timed(lambda runs: round(1e-6 * runs / step) * step), 0.015, step)
    assert 1e-6 * repeats >= 100 * step
    assert repeats < MOST_REPEATS
