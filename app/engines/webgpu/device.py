"""Running WGSL on one adapter: compile, upload, dispatch, read back."""

import time
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from itertools import chain
from typing import Any

import numpy as np
import wgpu

from app.core.errors import LimitError, UnsupportedError
from app.core.measurement import Costs
from app.core.program import FIRST_RUN, Layout, Program
from app.engines import Kernel
from app.engines.layouts import as_bytes, scalar_words
from app.engines.webgpu.compiler import Compiled, Compiler
from app.engines.webgpu.errors import GuardedKernel, ours
from app.engines.webgpu.subgroups import subgroup_size
from app.engines.webgpu.timing import Batches, StampTimer, WallTimer
from app.engines.webgpu.transfer import operation_kernel

BINDING_NAMES = {"subgroups": "subgroup"}
"""WebGPU's feature names where wgpu-py has its own; it ignores names it does not know without a word."""

WANTED = ("shader-f16", "subgroup", "timestamp-query")


class GpuDevice:
    """One adapter with every feature that a kernel may need and its largest limits, opened at first use."""

    def __init__(self, adapter: Any, label: str) -> None:
        self._adapter = adapter
        self._label = label
        self._cpu = time.process_time if adapter.info["adapter_type"] == "CPU" else None
        self.requested = {name for name in WANTED if name in adapter.features}

    @cached_property
    def _device(self) -> Any:
        limits = {
            k: v
            for k, v in self._adapter.limits.items()
            if "storage" in k or "buffer-size" in k or "compute" in k
        }
        return self._adapter.request_device_sync(
            required_features=sorted(self.requested), required_limits=limits
        )

    def open(self) -> None:
        """Open the device, unless it is. Raises what wgpu does where that fails."""
        _ = self._device

    @property
    def is_open(self) -> bool:
        """Whether the device has been opened."""
        return "_device" in self.__dict__

    @property
    def features(self) -> set[str]:
        """What the opened device really has."""
        return set(self._device.features)

    @cached_property
    def _timer(self) -> StampTimer | WallTimer:
        stamps = StampTimer(self._device) if "timestamp-query" in self.features else None
        return stamps if stamps and stamps.works() else WallTimer(self._device)

    @property
    def timer(self) -> str:
        """The clock that times kernels here."""
        return self._timer.name

    @cached_property
    def subgroup_size(self) -> int | None:
        """Lanes in a subgroup, from a probe; None without subgroups."""
        return subgroup_size(self._device)

    def destroy(self) -> None:
        """Give everything back; what is asked of it from now on fails as if the driver had lost it."""
        self._device.destroy()

    def compiles(self, source: str) -> bool:
        """Whether the shader compiler accepts ``source``."""
        try:
            self._device.create_shader_module(code=source)
        except wgpu.GPUError:
            return False
        return True

    def prepare(self, program: Program) -> Kernel:
        for name in program.requires:
            asked = BINDING_NAMES.get(name, name)
            if asked in WANTED and asked not in self.features:
                raise UnsupportedError(f"{self._label} has no {name}")
        try:
            with ours():
                made: Kernel
                if program.operation:
                    wall = WallTimer(self._device)
                    made = operation_kernel(self._device, program, lambda: self._kernel(wall, program))
                else:
                    made = own = self._kernel(self._timer, program)
                    own.without_clock = self._without_clock
        except LimitError as error:
            size = program.copies * sum(buffer.nbytes for buffer in program.layout.buffers.values())
            raise LimitError(f"no memory on {self._label} for {size >> 20} MiB of operands") from error
        return GuardedKernel(made, self._cpu)

    def _without_clock(self) -> WallTimer:
        """The wall clock, for all that is timed from now on."""
        wall = self._timer = WallTimer(self._device)
        return wall

    def _kernel(self, timer: StampTimer | WallTimer, program: Program) -> "GpuKernel":
        return GpuKernel(self._device, timer, program, self._compiler.compile(program))

    @cached_property
    def _compiler(self) -> Compiler:
        return Compiler(self._device)


class GpuKernel:
    """A pipeline with its operands bound; ``note`` says what befell its clock."""

    note = ""
    without_clock: Callable[[], WallTimer] | None = None
    """Gives the clock that is there when the GPU's fails."""

    def __init__(
        self, device: Any, timer: StampTimer | WallTimer, program: Program, compiled: Compiled
    ) -> None:
        self._device = device
        self._layout = program.layout
        self._clock = timer
        self._buffers: list[Any] = []
        self._passes = [(compiled.pipelines[entry], grid) for entry, grid in program.layout.passes.items()]
        start = time.perf_counter()
        self._bindings = self._upload(program.layout, compiled.bindings, program.copies)
        self._turn = 0
        uploaded = time.perf_counter()
        program.started(FIRST_RUN)
        self._clock.seconds(self._encode, 1)
        self.timer = timer.name
        self.costs = Costs(compiled.seconds, uploaded - start, time.perf_counter() - uploaded)

    def _upload(self, layout: Layout, bindings: Any, copies: int) -> list[Any]:
        """Buffers in binding order, then scratch, the result, and the scalars as a uniform block.

        Gives a binding for each copy of the operands; what else there is they share.
        """
        usage = wgpu.BufferUsage.STORAGE | wgpu.BufferUsage.COPY_SRC | wgpu.BufferUsage.COPY_DST
        dtype, length = layout.output
        self._operands = [
            [self._buffer(as_bytes(array), usage) for array in layout.buffers.values()] for _ in range(copies)
        ]
        for size in layout.scratch.values():
            self._buffers.append(self._buffer(np.zeros(size, np.uint8), usage))
        self._output = self._buffer(np.full(dtype.itemsize * length, 0xFF, np.uint8), usage)
        self._buffers.append(self._output)
        if layout.scalars:
            block = np.array(scalar_words(layout), np.uint32).view(np.uint8)
            self._buffers.append(self._buffer(block, wgpu.BufferUsage.UNIFORM, multiple=16))
        return [
            self._device.create_bind_group(
                layout=bindings,
                entries=[
                    {"binding": i, "resource": {"buffer": b}} for i, b in enumerate((*own, *self._buffers))
                ],
            )
            for own in self._operands
        ]

    def _buffer(self, data: np.ndarray, usage: int, multiple: int = 4) -> Any:
        return self._device.create_buffer_with_data(data=_padded(data, multiple), usage=usage)

    def _encode(self, encoder: Any, repeats: int, **pass_options: Any) -> None:
        """Add one pass of ``repeats`` dispatches; each waits for the one before it."""
        compute = encoder.begin_compute_pass(**pass_options)
        for i in range(repeats):
            if i == 0 or len(self._bindings) > 1:
                compute.set_bind_group(0, self._bindings[self._turn])
                self._turn = (self._turn + 1) % len(self._bindings)
            for pipeline, grid in self._passes:
                if i == 0 or len(self._passes) > 1:
                    compute.set_pipeline(pipeline)
                compute.dispatch_workgroups(*grid)
        compute.end()

    def time(self, repeats: int) -> float:
        return self._clock.seconds(self._encode, repeats)

    @property
    def each(self) -> Callable[[int, int], list[float]] | None:
        """What times batches that are submitted at once; None where only the wall tells."""
        return partial(self._clock.each, self._encode) if isinstance(self._clock, StampTimer) else None

    @property
    def ahead(self) -> Callable[[int, int], Batches] | None:
        """What encodes such batches while others run."""
        return partial(self._clock.ahead, self._encode) if isinstance(self._clock, StampTimer) else None

    def fall_back(self) -> bool:
        """Be timed by the wall clock from now on; whether that is another clock."""
        if not self.without_clock or isinstance(self._clock, WallTimer):
            return False
        self._clock = self.without_clock()
        self.note = f"{self.timer} gave no data any more: timed by the {self._clock.name}"
        self.timer = self._clock.name
        return True

    def load(self, buffers: Mapping[str, np.ndarray]) -> None:
        for own in self._operands:
            for name, buffer in zip(self._layout.buffers, own, strict=True):
                if name in buffers:
                    self._device.queue.write_buffer(buffer, 0, _padded(as_bytes(buffers[name]), 4))

    def poison(self) -> None:
        self._device.queue.write_buffer(self._output, 0, np.full(self._output.size, 0xFF, np.uint8))

    def result(self) -> np.ndarray:
        dtype, length = self._layout.output
        raw = self._device.queue.read_buffer(self._output)
        return np.frombuffer(raw, dtype, length).copy()

    def close(self) -> None:
        for buffer in (*self._buffers, *chain.from_iterable(self._operands)):
            buffer.destroy()


def _padded(data: np.ndarray, multiple: int) -> np.ndarray:
    """``data`` with zeros behind it to a whole number of ``multiple`` bytes, at least one."""
    size = -(-max(data.nbytes, multiple) // multiple) * multiple
    return data if size == data.nbytes else np.pad(data, (0, size - data.nbytes))
