"""A GPU whose clock rises with its busy time, on a scripted clock: what waking up does to samples."""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from app.core.events import AnyEvent
from app.core.measurement import Costs, Error
from app.core.plan import Settings
from app.core.program import Layout
from app.measure.calibrate import find_pace
from app.measure.prepare import Ready
from app.measure.prepared import Prepared
from app.measure.sampling import Sampling
from tests.web.modules import Clock

LOWEST = 0.12
"""The share of its speed that a GPU has when it wakes."""

HOST = 2e-4
"""Seconds of each batch in which the GPU has nothing to do."""


def speed(constant: float, busy: float) -> float:
    """The share of its full speed after so many ``busy`` seconds, rising with that time constant."""
    return 1 - (1 - LOWEST) * math.exp(-busy / constant) if constant else 1.0


class Gpu:
    """Does work, in seconds at full speed, with noise of 1 %."""

    def __init__(self, clock: Clock, constant: float, seed: int) -> None:
        self.clock, self._constant, self._busy = clock, constant, 0.0
        self._noise = iter(np.exp(np.random.default_rng(seed).normal(0, 0.01, 60_000)).tolist())

    def work(self, seconds: float) -> float:
        """How long so much work takes: the integral of the speed, solved for the time by Newton's method."""
        left = seconds * next(self._noise)
        slow = self._constant * (1 - speed(self._constant, self._busy))
        taken = left / speed(self._constant, self._busy)
        while self._constant:
            faded = math.exp(-taken / self._constant)
            step = (taken - slow * (1 - faded) - left) / (1 - slow / self._constant * faded)
            taken -= step
            if abs(step) <= 1e-9 * taken:
                break
        self._busy += taken
        self.clock.now += taken + HOST
        return taken


class Sleeper:
    """A kernel of that GPU; a run of it is so much work."""

    timer = "made up"
    costs = Costs(0, 0, 0)
    cpu: Callable[[], float] | None = None

    def __init__(self, gpu: Gpu, run: float) -> None:
        self._gpu, self._run = gpu, run

    def time(self, repeats: int) -> float:
        return self._gpu.work(repeats * self._run)

    def poison(self) -> None: ...

    def load(self, buffers: Mapping[str, np.ndarray]) -> None: ...

    def result(self) -> np.ndarray:
        return np.zeros(1)

    def close(self) -> None: ...


LAYOUT = Layout({}, {}, (np.dtype(np.float32), 1), tuple)


def sampled(constant: float, runs: Sequence[float], settings: Settings, seed: int) -> list[AnyEvent]:
    """The events of sampling kernels of ``runs`` (seconds at full speed); the first is the baseline."""
    clock, events = Clock(), list[AnyEvent]()
    gpu = Gpu(clock, constant, seed)
    with clock.ticking():
        prepared = []
        for index, run in enumerate(runs):
            kernel = Sleeper(gpu, run)
            kernel.time(2)  # it ran once, and was verified
            ready = Ready(kernel, LAYOUT, "", "", None, lambda _: Error(0, 0, 0, 0, 1e-6))
            prepared.append(Prepared(index, [ready], find_pace(kernel)))
        Sampling(prepared, 0, settings, 0.0, 0, events.append, lambda: False).run()
    return events
