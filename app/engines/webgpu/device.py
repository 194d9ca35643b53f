"""Running WGSL on one adapter: compile, upload, dispatch, read back."""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from itertools import cycle
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import wgpu

from app.core.errors import LimitError, UnsupportedError
from app.core.measurement import Costs
from app.core.program import FIRST_RUN, RESULT, Binding, Layout, Program, Slice, Step, whose
from app.engines import Kernel
from app.engines.layouts import scalar_words
from app.engines.webgpu.compiler import Compiled, Compiler
from app.engines.webgpu.errors import GuardedKernel, ours
from app.engines.webgpu.operands import USAGE, Pool, padded
from app.engines.webgpu.subgroups import subgroup_size
from app.engines.webgpu.timing import Batches, StampTimer, WallTimer
from app.engines.webgpu.transfer import operation_kernel

BINDING_NAMES = {"subgroups": "subgroup"}
"""WebGPU's feature names where wgpu-py has its own; it ignores names it does not know without a word."""

WANTED = ("shader-f16", "subgroup", "timestamp-query")


class GpuDevice:
    """One adapter with every feature that a kernel may need, opened at first use.

    Its limits are the adapter's largest but for ``limits``, which tests set.
    """

    def __init__(self, adapter: Any, label: str, limits: Mapping[str, int] = MappingProxyType({})) -> None:
        self._adapter, self._limits = adapter, limits
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
            required_features=sorted(self.requested), required_limits={**limits, **self._limits}
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

    def compile(self, program: Program) -> None:
        """Make the pipelines of ``program`` and run nothing.

        Raises:
            KernelError: the text does not compile.
        """
        self._compiler.compile(program)

    def destroy(self) -> None:
        """Give everything back; what is asked of it from now on fails as if the driver had lost it."""
        self._device.destroy()

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
        return GpuKernel(self._device, timer, program, self._compiler.compile(program), self._pool)

    @cached_property
    def _compiler(self) -> Compiler:
        return Compiler(self._device)

    @cached_property
    def _pool(self) -> Pool:
        return Pool(self._device)


MOST_PASSES = 1024
"""With two stamps each in one submission; a set of queries may hold 4096."""


class _Bound(NamedTuple):
    """A step that can be dispatched; ``groups`` are its bindings, for each copy of the operands."""

    pipeline: Any
    groups: list[Any]
    grid: tuple[int, int, int]


def _resource(binding: Binding, buffer: Any) -> dict[str, Any]:
    if isinstance(binding, Slice):
        # Bindings end with a word, and so do buffers.
        return {"buffer": buffer, "offset": binding.offset, "size": -(-binding.size // 4) * 4}
    return {"buffer": buffer}


class GpuKernel:
    """Pipelines with their operands bound; ``note`` says what befell its clock."""

    note = ""
    without_clock: Callable[[], WallTimer] | None = None
    """Gives the clock that is there when the GPU's fails."""

    def __init__(
        self, device: Any, timer: StampTimer | WallTimer, program: Program, compiled: Compiled, pool: Pool
    ) -> None:
        self._device = device
        self._program, self._pool = program, pool
        self._clock = timer
        self._buffers: list[Any] = []
        start = time.perf_counter()
        self._operands = pool.take(program)
        try:
            self._make_buffers(program.layout)
            self._steps = self._bound(program.layout, compiled)
            uploaded = time.perf_counter()
            program.started(FIRST_RUN)
            self._clock.seconds(self._encode, 1)
        except BaseException:
            pool.give_back(self._operands, program)
            raise
        self.timer = timer.name
        self.costs = Costs(compiled.seconds, uploaded - start, time.perf_counter() - uploaded)

    def _make_buffers(self, layout: Layout) -> None:
        """Scratch and the result, which all copies of the operands share."""
        dtype, length = layout.output
        for size in layout.scratch.values():
            self._buffers.append(self._buffer(np.zeros(size, np.uint8), USAGE))
        self._output = self._buffer(np.full(dtype.itemsize * length, 0xFF, np.uint8), USAGE)
        self._buffers.append(self._output)

    def _bound(self, layout: Layout, compiled: Compiled) -> list[_Bound]:
        """Each step with its pipeline and its bindings; steps over the same buffers share these."""
        groups: dict[tuple[object, ...], list[Any]] = {}
        steps = []
        for step, (pipeline, bindings) in zip(layout.run, compiled.steps, strict=True):
            words = tuple(scalar_words(step.scalars))
            key = (bindings, step.bindings, words)
            if key not in groups:
                groups[key] = self._bind(layout, step, bindings, words)
            steps.append(_Bound(pipeline, groups[key], step.grid))
        return steps

    def _bind(self, layout: Layout, step: Step, bindings: Any, words: tuple[int, ...]) -> list[Any]:
        """Bindings for each copy of the operands, with the step's scalars as a uniform block."""
        uniform = []
        if words:
            block = np.array(words, np.uint32).view(np.uint8)
            uniform = [{"buffer": self._buffer(block, wgpu.BufferUsage.UNIFORM, multiple=16)}]
            self._buffers.append(uniform[0]["buffer"])
        shared = [*layout.scratch, RESULT]
        groups = []
        for own in self._operands.copies:
            known = dict(zip([*layout.buffers, *shared], [*own, *self._buffers[: len(shared)]], strict=True))
            resources = [_resource(binding, known[whose(binding)]) for binding in step.bindings]
            entries = [{"binding": i, "resource": one} for i, one in enumerate([*resources, *uniform])]
            groups.append(self._device.create_bind_group(layout=bindings, entries=entries))
        return groups

    def _buffer(self, data: np.ndarray, usage: int, multiple: int = 4) -> Any:
        return self._device.create_buffer_with_data(data=padded(data, multiple), usage=usage)

    def _encode(self, encoder: Any, repeats: int, **pass_options: Any) -> None:
        """Add one pass of ``repeats`` dispatches; each waits for the one before it."""
        self._encode_steps(self._steps, encoder, repeats, **pass_options)

    def _encode_steps(self, steps: Sequence[_Bound], encoder: Any, repeats: int, **pass_options: Any) -> None:
        compute = encoder.begin_compute_pass(**pass_options)
        bound = pipeline = None
        for _ in range(repeats):
            turn = self._operands.turn()
            for step in steps:
                if (group := step.groups[turn]) is not bound:
                    compute.set_bind_group(0, bound := group)
                if step.pipeline is not pipeline:
                    compute.set_pipeline(pipeline := step.pipeline)
                compute.dispatch_workgroups(*step.grid)
        compute.end()

    def time(self, repeats: int) -> float:
        return self._clock.seconds(self._encode, repeats)

    def parts(self, repeats: int) -> tuple[float, ...]:
        """Seconds of each step in ``repeats`` runs: each in a pass of its own between two stamps.

        Without stamps, or where they give no data, each step alone in a batch.
        """
        if isinstance(self._clock, StampTimer):
            found = self._stamped(self._clock, repeats)
            if all(found):
                return found
        return tuple(
            self._clock.seconds(partial(self._encode_steps, [step]), repeats) for step in self._steps
        )

    def _stamped(self, clock: StampTimer, repeats: int) -> tuple[float, ...]:
        """Seconds of each step by a stamp before and after it; 0.0 for a step without data."""
        turns, count = cycle(self._steps), len(self._steps)

        def encode(encoder: Any, once: int, **options: Any) -> None:
            self._encode_steps([next(turns)], encoder, once, **options)

        found: list[float] = []
        at_a_time = max(1, MOST_PASSES // count)
        for done in range(0, repeats, at_a_time):
            found += clock.each(encode, 1, min(at_a_time, repeats - done) * count)
        seconds = (found[i::count] for i in range(count))
        return tuple(sum(one) if all(one) else 0.0 for one in seconds)

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
        self._operands.load(buffers)

    def poison(self) -> None:
        self._device.queue.write_buffer(self._output, 0, np.full(self._output.size, 0xFF, np.uint8))

    def result(self) -> np.ndarray:
        dtype, length = self._program.layout.output
        raw = self._device.queue.read_buffer(self._output)
        return np.frombuffer(raw, dtype, length).copy()

    def close(self) -> None:
        self._pool.give_back(self._operands, self._program)
        for buffer in self._buffers:
            buffer.destroy()
