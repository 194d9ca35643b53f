"""Engines: each finds its targets, prepares programs on them and times them. All look alike from above."""

from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol

import numpy as np

from app.core.measurement import Costs
from app.core.program import Program
from app.core.target import Target

ENGINES = {
    "webgpu": "app.engines.webgpu",
    "wasmtime": "app.engines.wasmtime",
    "v8": "app.engines.v8",
    "native": "app.engines.numpy",
    "onnxruntime": "app.engines.onnxruntime",
    "torch": "app.engines.torch",
    "browser": "app.engines.browser.engine",
}
"""Every engine's module by name; a worker process imports the one it is for."""

LIBRARIES = ("onnxruntime", "torch")
"""Engines that are libraries of the same name, and are there only where somebody installed them."""


def installed(name: str) -> bool:
    """Whether the engine called ``name`` is worth asking for targets."""
    return name not in LIBRARIES or find_spec(name) is not None


class Kernel(Protocol):
    """A program compiled and uploaded, ready to run."""

    costs: Costs

    @property
    def timer(self) -> str:
        """The clock behind ``time``: what a person should know about its meaning."""
        ...

    def time(self, repeats: int) -> float:
        """Seconds that ``repeats`` back-to-back runs took on the target; 0.0 when its clock gave no data."""
        ...

    def poison(self) -> None:
        """Overwrite the result with NaN, so that a run that writes nothing shows."""
        ...

    def load(self, buffers: Mapping[str, np.ndarray]) -> None:
        """Put these operands, by the names the layout gave them, in the place of those of the same size."""
        ...

    def result(self) -> np.ndarray:
        """The raw result of the latest run, as the layout's dtype and length."""
        ...

    def close(self) -> None:
        """Release memory on the target."""
        ...


class Device(Protocol):
    """An open target."""

    def prepare(self, program: Program) -> Kernel:
        """Compile, upload and run once.

        Raises:
            KernelError: the text does not compile.
            TargetLost: the target went away; it may come back.
            UnsupportedError: the text needs a feature that the target lacks.
            LimitError: a limit of the target forbids it.
            KernelscopeError: anything else that this target cannot do.
        """
        ...


class Engine(Protocol):
    """One way to run kernels."""

    def targets(self) -> list[Target]:
        """What there is to run on; fast enough to ask at every start."""
        ...

    def versions(self) -> dict[str, str]:
        """Versions that have a say in a result."""
        ...

    def open(self, target: Target) -> Device:
        """The device behind ``target``; opened once and kept."""
        ...


def note_of(kernel: Kernel) -> str:
    """What befell a kernel's runs that a person should know; most engines have nothing to say."""
    return str(getattr(kernel, "note", ""))


def each_of(kernel: Kernel) -> Callable[[int, int], list[float]] | None:
    """What times batches of a kernel that are submitted at once: ``each(repeats, batches)``, in seconds.

    The target then never waits for the host in between. None where it takes one batch at a time.
    """
    each: Callable[[int, int], list[float]] | None = getattr(kernel, "each", None)
    return each


def parts_of(kernel: Kernel) -> Callable[[int], tuple[float, ...]] | None:
    """What tells the steps of a kernel apart: ``parts(repeats)``, the seconds of each in so many runs.

    Where the target's clock cannot look into a run, each step runs alone. None where there are no steps.
    """
    parts: Callable[[int], tuple[float, ...]] | None = getattr(kernel, "parts", None)
    return parts


class Batches(Protocol):
    """Batches of one submission that are encoded already."""

    def submit(self) -> None:
        """Have the target begin; once."""
        ...

    def seconds(self) -> list[float]:
        """Wait for the target; seconds of each batch, 0.0 where its clock gave no data."""
        ...


def ahead_of(kernel: Kernel) -> Callable[[int, int], Batches] | None:
    """What encodes batches while others run: ``ahead(repeats, batches)``. None where that helps nobody."""
    ahead: Callable[[int, int], Batches] | None = getattr(kernel, "ahead", None)
    return ahead


def fall_back(kernel: Kernel) -> bool:
    """Have ``kernel`` timed by another clock, because its own fails; whether it has another."""
    change: Callable[[], bool] | None = getattr(kernel, "fall_back", None)
    return change() if change else False


def clock_step_of(kernel: Kernel) -> float:
    """The step, in seconds, of the clock that ``kernel`` fell back to; 0 where it is fine or none other."""
    return float(getattr(kernel, "clock_step", 0.0))


def left_out(engine: Engine) -> tuple[str, ...]:
    """What ``engine`` found at its last search and could not offer, each with the reason; mostly nothing."""
    return tuple(getattr(engine, "left_out", ()))


def free_memory_of(engine: Engine) -> dict[str, int]:
    """Free bytes of a card's own memory, by the ids of targets, as far as ``engine`` was told."""
    return dict(getattr(engine, "free", {}))


def cpu_clock(kernel: Kernel) -> Callable[[], float] | None:
    """The clock of the processor's seconds that runs of ``kernel`` take; None where nobody can tell."""
    clock: Callable[[], float] | None = getattr(kernel, "cpu", None)
    return clock


def call_jitter(kernel: Kernel) -> float:
    """Seconds by which the cost of one ``time`` varies on a quiet machine; 0 where it hardly does."""
    return float(getattr(kernel, "call_jitter", 0.0))


def load(name: str) -> Engine:
    """The engine called ``name``; imports its libraries, so only workers call this.

    Raises:
        ImportError: its libraries are not installed or do not load on this machine.
    """
    engine: Engine = import_module(ENGINES[name]).ENGINE
    return engine
