"""A kernel against itself, and against itself with 5 % more work: the most honest tests of a comparison."""

import os
from collections.abc import Mapping

import numpy as np
import pytest

from app.core.plan import Settings
from app.core.program import Program
from app.core.target import Target
from app.engines import Device, Kernel, cpu_clock, load
from app.figures.verdict import Verdict
from tests.benchmarks.same import ENGINES, compared, report

RUNS = int(os.environ.get("RUNS", "100"))
MORE_RUNS = max(1, RUNS // 5)


def first(targets: list[Target], engine: str) -> Target:
    found = next((target for target in targets if target.engine == engine), None)
    if found is None:
        pytest.skip(f"no target of {engine}")
    if engine == "v8":
        from app.engines.v8.proposals import start_v8

        start_v8()
    return found


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("engine", ENGINES)
def test_a_kernel_is_as_fast_as_itself(engine: str, targets: list[Target]) -> None:
    """Target, on a quiet machine: ``same`` in at least 80 of 100, faster or slower in at most 5.

    Fails where chance makes so few, or so many, of a method that reaches these only once in fifty times.
    """
    found = compared(first(targets, engine), RUNS, Settings())
    print(f"\n{report(f'{engine} against itself, {RUNS} runs', found)}")
    assert found.verdicts[Verdict.SAME] > 0.71 * RUNS
    assert found.false < max(2, 0.10 * RUNS)


class More:
    """A real device whose every other kernel does 21 runs where it is asked for 20."""

    def __init__(self, device: Device) -> None:
        self._device, self._count = device, 0

    def prepare(self, program: Program) -> Kernel:
        self._count += 1
        kernel = self._device.prepare(program)
        return kernel if self._count % 2 else _Slower(kernel)


class _Slower:
    def __init__(self, kernel: Kernel) -> None:
        self._kernel, self._owed = kernel, 0.0
        self.timer, self.costs, self.cpu = kernel.timer, kernel.costs, cpu_clock(kernel)

    def time(self, repeats: int) -> float:
        self._owed += repeats / 20
        more, self._owed = int(self._owed), self._owed % 1
        return self._kernel.time(repeats + more)

    def poison(self) -> None:
        self._kernel.poison()

    def load(self, buffers: Mapping[str, np.ndarray]) -> None:
        self._kernel.load(buffers)

    def result(self) -> np.ndarray:
        return self._kernel.result()

    def close(self) -> None:
        self._kernel.close()


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("engine", ENGINES)
def test_five_per_cent_more_work_shows(engine: str, targets: list[Target]) -> None:
    """Target, on a quiet machine: the kernel with more work is ``slower`` in at least 18 of 20."""
    target = first(targets, engine)
    size = 64 if engine == "webgpu" else 256  # so that a batch has runs enough for 5 % more of them
    found = compared(target, MORE_RUNS, Settings(), More(load(engine).open(target)), size)
    print(f"\n{report(f'{engine} against itself with 5 % more work, {MORE_RUNS} runs', found)}")
    assert found.verdicts[Verdict.SLOWER] >= 0.8 * MORE_RUNS
    assert found.verdicts[Verdict.FASTER] == 0
