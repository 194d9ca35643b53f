"""Transfers and single dispatches, timed by the wall: what surrounds a kernel in real use."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import wgpu

from app.core.errors import KernelscopeError
from app.core.measurement import Costs
from app.core.program import Program
from app.core.variant import Operation
from app.engines import Kernel
from app.engines.layouts import as_bytes
from app.engines.webgpu.timing import wait


class TransferKernel:
    """Bytes to a buffer (``upload``) or back (``download``; or ``map``, which leaves them where they are)."""

    timer = "wall clock over a batch"

    def __init__(self, device: Any, program: Program, operation: Operation) -> None:
        self._device = device
        self._layout = program.layout
        (source,) = program.layout.buffers.values()
        self._data = as_bytes(source)
        start = time.perf_counter()
        usage = wgpu.BufferUsage
        self._buffer = device.create_buffer(size=self._data.nbytes, usage=usage.COPY_SRC | usage.COPY_DST)
        self._staging = device.create_buffer(size=self._data.nbytes, usage=usage.MAP_READ | usage.COPY_DST)
        self._operation = operation
        self._run = {
            Operation.UPLOAD: self._upload,
            Operation.DOWNLOAD: self._download,
            Operation.MAP: self._map,
        }[operation]
        self._received = np.empty(0, np.uint8)
        self._upload()
        uploaded = time.perf_counter()
        self.costs = Costs(0.0, uploaded - start, self.time(1))

    def _upload(self) -> None:
        queue = self._device.queue
        queue.write_buffer(self._buffer, 0, self._data)
        # What was written is sent with the next submission, be it empty.
        queue.submit([])
        wait(self._device)

    def _map(self) -> None:
        self._release()
        encoder = self._device.create_command_encoder()
        encoder.copy_buffer_to_buffer(self._buffer, 0, self._staging, 0, self._data.nbytes)
        self._device.queue.submit([encoder.finish()])
        self._staging.map_sync(wgpu.MapMode.READ)
        self._received = np.frombuffer(self._staging.read_mapped(copy=False), np.uint8)

    def _download(self) -> None:
        self._map()
        received = self._received.copy()
        self._release()
        self._received = received

    def _release(self) -> None:
        """Unmap what is mapped: a view of it would dangle, so it goes first."""
        self._received = np.empty(0, np.uint8)
        if self._staging.map_state != "unmapped":
            self._staging.unmap()

    def time(self, repeats: int) -> float:
        start = time.perf_counter()
        for _ in range(repeats):
            self._run()
        return time.perf_counter() - start

    def load(self, buffers: Mapping[str, np.ndarray]) -> None:
        (source,) = buffers.values()
        self._data = as_bytes(source)
        self._upload()

    def poison(self) -> None:
        self._release()
        if self._operation is Operation.UPLOAD:
            self._device.queue.write_buffer(self._buffer, 0, np.full_like(self._data, 0xFF))

    def result(self) -> np.ndarray:
        dtype, length = self._layout.output
        if self._operation is Operation.UPLOAD:
            return np.frombuffer(self._device.queue.read_buffer(self._buffer), dtype, length).copy()
        if not self._received.size:
            return np.full(length, np.nan, dtype)
        return self._received.view(dtype).copy()

    def close(self) -> None:
        self._release()
        self._buffer.destroy()
        self._staging.destroy()


class DispatchKernel:
    """A kernel whose runs are submitted one by one, each awaited: what a single call costs."""

    timer = "wall clock, each run submitted alone and awaited"

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self.costs = kernel.costs
        self.load = kernel.load
        self.poison = kernel.poison
        self.result = kernel.result
        self.close = kernel.close

    def time(self, repeats: int) -> float:
        start = time.perf_counter()
        for _ in range(repeats):
            self._kernel.time(1)
        return time.perf_counter() - start


def operation_kernel(device: Any, program: Program, kernel: Callable[[], Kernel]) -> Kernel:
    """The operation of ``program``; ``kernel`` compiles the program, timed by the wall.

    Raises:
        KernelscopeError: there is no such operation.
    """
    match program.operation:
        case Operation.DISPATCH:
            return DispatchKernel(kernel())
        case Operation.UPLOAD | Operation.DOWNLOAD | Operation.MAP as operation:
            return TransferKernel(device, program, operation)
    raise KernelscopeError(f"no operation {str(program.operation)!r} on this engine")
