"""What wgpu raises, as errors of ours: one line each, and a lost device told from a refusal."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import numpy as np
import wgpu

from app.core.errors import KernelscopeError, LimitError, TargetLost
from app.engines import Batches, Kernel, ahead_of, each_of, fall_back, note_of, parts_of

_NO_MEMORY = "Not enough memory left"


def is_lost(error: wgpu.GPUError) -> bool:
    """Whether the device is gone; wgpu has no class for that."""
    return "device is lost" in last_line(str(error)).lower()


@contextmanager
def ours() -> Iterator[None]:
    """Turn errors of wgpu into ours.

    Raises:
        LimitError: there is no memory left on the device.
        TargetLost: the device is lost; whatever is asked of it fails from now on.
        KernelscopeError: anything else.
    """
    try:
        yield
    except wgpu.GPUError as error:
        line = last_line(str(error))
        if isinstance(error, wgpu.GPUOutOfMemoryError) or _NO_MEMORY in line:
            raise LimitError("no memory left on the device") from error
        if is_lost(error):
            raise TargetLost("the device was lost") from error
        raise KernelscopeError(line) from error


def last_line(text: str) -> str:
    """The line of a wgpu error that says what is wrong: the last one with words."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "unknown error")


class GuardedBatches:
    """Batches whose errors are ours."""

    def __init__(self, batches: Batches) -> None:
        self._batches = batches

    def submit(self) -> None:
        with ours():
            self._batches.submit()

    def seconds(self) -> list[float]:
        with ours():
            return self._batches.seconds()


class GuardedKernel:
    """A kernel whose errors are ours; ``cpu`` is the clock of the processor where that is the GPU."""

    def __init__(self, kernel: Kernel, cpu: Callable[[], float] | None = None) -> None:
        self._kernel = kernel
        self.cpu = cpu
        self.costs = kernel.costs

    @property
    def timer(self) -> str:
        """The clock, which may be another one since it failed."""
        return self._kernel.timer

    @property
    def note(self) -> str:
        """What befell the kernel."""
        return note_of(self._kernel)

    @property
    def each(self) -> Callable[[int, int], list[float]] | None:
        """What times batches that are submitted at once, if the kernel's clock can."""
        each = each_of(self._kernel)
        return ours()(each) if each else None

    @property
    def ahead(self) -> Callable[[int, int], Batches] | None:
        """What encodes such batches while others run; none where the GPU is the processor."""
        ahead = ahead_of(self._kernel) if self.cpu is None else None
        return ours()(lambda repeats, batches: GuardedBatches(ahead(repeats, batches))) if ahead else None

    def fall_back(self) -> bool:
        """Be timed by another clock from now on; whether there is one."""
        return fall_back(self._kernel)

    def time(self, repeats: int) -> float:
        with ours():
            return self._kernel.time(repeats)

    def parts(self, repeats: int) -> tuple[float, ...]:
        """Seconds of each step in ``repeats`` runs; none where the kernel has no steps."""
        parts = parts_of(self._kernel)
        with ours():
            return parts(repeats) if parts else ()

    def poison(self) -> None:
        with ours():
            self._kernel.poison()

    def load(self, buffers: Mapping[str, np.ndarray]) -> None:
        with ours():
            self._kernel.load(buffers)

    def result(self) -> np.ndarray:
        with ours():
            return self._kernel.result()

    def close(self) -> None:
        with ours():
            self._kernel.close()
