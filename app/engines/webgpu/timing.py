"""Two clocks for the GPU: time stamps around a pass, or the wall around a batch."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import wgpu
from wgpu.backends.wgpu_native import lib

Encode = Callable[..., None]
"""``encode(encoder, repeats, **pass_options)`` adds one pass of that many dispatches."""

ROOM = 16
"""Batches that a set of queries is made for; more get a larger one."""

PROBES, GOOD_PROBES = 6, 3
"""Batches by which a clock is tried, and how many of them it must have measured."""

LONGER = (1, 32, 1024)
"""Dispatches of a batch: a coarse clock sees nothing of a short one."""

TINY = """
@group(0) @binding(0) var<storage, read_write> sums: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  var sum = sums[id.x];
  for (var i = 0u; i < 256u; i++) {
    sum = sum * 1664525u + 1013904223u;
  }
  sums[id.x] = sum;
}
"""
GROUPS = 16


def _tiny(device: Any) -> Encode:
    """Some microseconds of real work: what an empty pass takes tells nothing of a clock."""
    buffer = device.create_buffer(size=4 * 64 * GROUPS, usage=wgpu.BufferUsage.STORAGE)
    module = device.create_shader_module(code=TINY)
    pipeline = device.create_compute_pipeline(
        layout="auto", compute={"module": module, "entry_point": "main"}
    )
    bindings = device.create_bind_group(
        layout=pipeline.get_bind_group_layout(0), entries=[{"binding": 0, "resource": {"buffer": buffer}}]
    )

    def encode(encoder: Any, repeats: int, **pass_options: Any) -> None:
        compute = encoder.begin_compute_pass(**pass_options)
        compute.set_pipeline(pipeline)
        compute.set_bind_group(0, bindings)
        for _ in range(repeats):
            compute.dispatch_workgroups(GROUPS)
        compute.end()

    return encode


class Batches:
    """Batches of one submission, encoded already: ``submit`` them once, then ask for their ``seconds``."""

    def __init__(
        self, device: Any, commands: Any, resolved: Any, convert: Callable[[Any, float], list[float]]
    ):
        self._device, self._commands, self._resolved, self._convert = device, commands, resolved, convert
        self._start = 0.0

    def submit(self) -> None:
        """Have the GPU begin."""
        self._start = time.perf_counter()
        self._device.queue.submit([self._commands])

    def seconds(self) -> list[float]:
        """Wait for the GPU; seconds of each batch, 0.0 where the driver gave no data for it."""
        raw = self._device.queue.read_buffer(self._resolved)
        return self._convert(np.frombuffer(raw, np.uint64), time.perf_counter() - self._start)


class StampTimer:
    """GPU time from two time stamps, in nanoseconds: ticks times the queue's period."""

    name = "GPU time stamps"
    stopped = False
    """Set on the class, for tests: every clock reads the same from then on."""

    def __init__(self, device: Any) -> None:
        self._device = device
        # wgpu-py resolves raw ticks and has no call for their period.
        self._period = float(lib.wgpuQueueGetTimestampPeriod(device.queue._internal)) * 1e-9
        self._sets = [self._queries(ROOM), self._queries(ROOM)]
        """In turn: while one is written by batches that run, the next are encoded for the other."""

    def _queries(self, batches: int) -> tuple[int, Any, Any]:
        """Room for so many batches."""
        queries = self._device.create_query_set(type="timestamp", count=2 * batches)
        resolved = self._device.create_buffer(
            size=16 * batches, usage=wgpu.BufferUsage.QUERY_RESOLVE | wgpu.BufferUsage.COPY_SRC
        )
        return batches, queries, resolved

    def works(self) -> bool:
        """Whether small real dispatches end after they began; some drivers give a period of 0, or stamps."""
        if self._period <= 0:
            return False
        encode = _tiny(self._device)
        return any(
            sum(self.seconds(encode, repeats) > 0 for _ in range(PROBES)) >= GOOD_PROBES for repeats in LONGER
        )

    def seconds(self, encode: Encode, repeats: int) -> float:
        """Seconds of one batch on the GPU's clock; 0.0 where the driver gave no data for it."""
        return self.each(encode, repeats, 1)[0]

    def each(self, encode: Encode, repeats: int, batches: int) -> list[float]:
        """Seconds of each of so many batches, passes of one submission; 0.0 where the driver gave no data."""
        ready = self.ahead(encode, repeats, batches)
        ready.submit()
        return ready.seconds()

    def ahead(self, encode: Encode, repeats: int, batches: int) -> Batches:
        """So many batches, passes of one submission, for when what runs now is done."""
        room, queries, resolved = self._sets.pop(0)
        if batches > room:
            room, queries, resolved = self._queries(batches)
        self._sets.append((room, queries, resolved))
        encoder = self._device.create_command_encoder()
        for i in range(batches):
            writes = {
                "query_set": queries,
                "beginning_of_pass_write_index": 2 * i,
                "end_of_pass_write_index": 2 * i + 1,
            }
            encode(encoder, repeats, timestamp_writes=writes)
        encoder.resolve_query_set(queries, 0, 2 * batches, resolved, 0)
        return Batches(self._device, encoder.finish(), resolved, partial(self._convert, batches))

    def _convert(self, batches: int, stamps: np.ndarray, wall: float) -> list[float]:
        """Seconds of each; no data is a zero or negative difference, or one longer than the wall saw."""
        if self.stopped:
            return [0.0] * batches
        ticks = [int(end) - int(begin) for begin, end in stamps[: 2 * batches].reshape(-1, 2)]
        return [gpu if 0 < (gpu := count * self._period) <= wall else 0.0 for count in ticks]


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

    def seconds(self, encode: Encode, repeats: int) -> float:
        """Seconds on the host's clock, submission overhead (about 0.2 ms) included."""
        encoder = self._device.create_command_encoder()
        encode(encoder, repeats)
        commands = encoder.finish()
        start = time.perf_counter()
        self._device.queue.submit([commands])
        wait(self._device)
        return time.perf_counter() - start
