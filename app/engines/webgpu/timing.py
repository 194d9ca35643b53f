"""Two clocks for the GPU: time stamps around a pass, or the wall around a batch."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import wgpu
from wgpu.backends.wgpu_native import lib

Submit = Callable[..., Any]
"""``submit(repeats, **pass_options)`` encodes that many dispatches in one pass and gives the encoder."""

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


def _tiny(device: Any) -> Submit:
    """Some microseconds of real work: what an empty pass takes tells nothing of a clock."""
    buffer = device.create_buffer(size=4 * 64 * GROUPS, usage=wgpu.BufferUsage.STORAGE)
    module = device.create_shader_module(code=TINY)
    pipeline = device.create_compute_pipeline(
        layout="auto", compute={"module": module, "entry_point": "main"}
    )
    bindings = device.create_bind_group(
        layout=pipeline.get_bind_group_layout(0), entries=[{"binding": 0, "resource": {"buffer": buffer}}]
    )

    def submit(repeats: int, **pass_options: Any) -> Any:
        encoder = device.create_command_encoder()
        compute = encoder.begin_compute_pass(**pass_options)
        compute.set_pipeline(pipeline)
        compute.set_bind_group(0, bindings)
        for _ in range(repeats):
            compute.dispatch_workgroups(GROUPS)
        compute.end()
        return encoder

    return submit


class StampTimer:
    """GPU time from two time stamps, in nanoseconds: ticks times the queue's period."""

    name = "GPU time stamps"
    stopped = False
    """Set on the class, for tests: every clock reads the same from then on."""

    def __init__(self, device: Any) -> None:
        self._device = device
        # wgpu-py resolves raw ticks and has no call for their period.
        self._period = float(lib.wgpuQueueGetTimestampPeriod(device.queue._internal)) * 1e-9
        self._queries = device.create_query_set(type="timestamp", count=2)
        self._resolved = device.create_buffer(
            size=16, usage=wgpu.BufferUsage.QUERY_RESOLVE | wgpu.BufferUsage.COPY_SRC
        )

    def works(self) -> bool:
        """Whether small real dispatches end after they began; some drivers give a period of 0, or stamps."""
        if self._period <= 0:
            return False
        submit = _tiny(self._device)
        return any(
            sum(self.seconds(submit, repeats) > 0 for _ in range(PROBES)) >= GOOD_PROBES for repeats in LONGER
        )

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
        gpu = 0.0 if self.stopped else (int(end) - int(begin)) * self._period
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
