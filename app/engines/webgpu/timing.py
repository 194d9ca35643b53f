"""Two clocks for the GPU: time stamps around a pass, or the wall around a batch."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import wgpu
from wgpu.backends.wgpu_native import lib

Submit = Callable[..., Any]
"""``submit(repeats, **pass_options)`` encodes that many dispatches in one pass and gives the encoder."""


class StampTimer:
    """GPU time from two time stamps, in nanoseconds: ticks times the queue's period."""

    name = "GPU time stamps"

    def __init__(self, device: Any) -> None:
        self._device = device
        # wgpu-py resolves raw ticks and has no call for their period.
        self._period = float(lib.wgpuQueueGetTimestampPeriod(device.queue._internal)) * 1e-9
        self._queries = device.create_query_set(type="timestamp", count=2)
        self._resolved = device.create_buffer(
            size=16, usage=wgpu.BufferUsage.QUERY_RESOLVE | wgpu.BufferUsage.COPY_SRC
        )

    @property
    def usable(self) -> bool:
        """Whether the driver gives a period at all; some report 0."""
        return self._period > 0

    def seconds(self, submit: Submit, repeats: int) -> float:
        """Seconds on the GPU's clock; 0.0 where the driver gave no data for this batch.

        That is a zero or negative difference, or one longer than the wall clock saw.
        """
        stamps = {
            "query_set": self._queries,
            "beginning_of_pass_write_index": 0,
            "end_of_pass_write_index": 1,
        }
        encoder = submit(repeats, timestamp_writes=stamps)
        encoder.resolve_query_set(self._queries, 0, 2, self._resolved, 0)
        start = time.perf_counter()
        self._device.queue.submit([encoder.finish()])
        begin, end = np.frombuffer(self._device.queue.read_buffer(self._resolved), np.uint64)
        wall = time.perf_counter() - start
        gpu = (int(end) - int(begin)) * self._period
        return gpu if 0 < gpu <= wall else 0.0


def wait(device: Any) -> None:
    """Return when everything submitted so far is done.

    wgpu-py 0.32 passes ``on_submitted_work_done`` a callback of the wrong type, which raises; a blocking poll
    is what it would do.
    """
    device._poll_wait()


class WallTimer:
    """Wall time from submission until the queue is done: only honest over a batch."""

    name = "wall clock over a batch"

    def __init__(self, device: Any) -> None:
        self._device = device

    def seconds(self, submit: Submit, repeats: int) -> float:
        """Seconds on the host's clock, submission overhead (about 0.2 ms) included."""
        commands = submit(repeats).finish()
        start = time.perf_counter()
        self._device.queue.submit([commands])
        wait(self._device)
        return time.perf_counter() - start
