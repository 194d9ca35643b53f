"""A kernel prepared several times: samples of each instance, and an interval that holds them all."""

from statistics import median

import numpy as np
import pytest

from app.catalog.index import find
from app.core.events import AnyEvent
from app.core.measurement import Status
from app.core.pairs import pairs
from app.core.plan import Case, Plan, Settings
from app.core.program import Program
from app.core.recorder import Recorder
from app.core.session import Host
from app.core.shape import Shape
from app.core.target import Target
from app.engines import Device, Kernel, load
from app.findings.rows import instances, rows
from app.measure.group import measure_group
from app.workloads import workloads

NAMES = {
    "webgpu": ("f32", "f16-storage"),
    "wasmtime": ("f32-scalar", "f32-simd"),
    "v8": ("f32-scalar", "f32-simd"),
    "native": ("f32",),
}


class Counting:
    """A device that keeps every kernel it prepares."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self.kernels: list[Kernel] = []

    def prepare(self, program: Program) -> Kernel:
        self.kernels.append(self._device.prepare(program))
        return self.kernels[-1]


@pytest.mark.parametrize("engine", NAMES)
def test_three_instances_are_three_kernels_and_all_in_the_interval(
    engine: str, targets: list[Target]
) -> None:
    target = next(target for target in targets if target.engine == engine)
    known = [find("matvec", name, target.runtime) for name in NAMES[engine]]
    cases = [Case(target.id, "matvec", v.name, Shape(64, 64), v.defaults(target)) for v in known]
    plan = Plan(tuple(cases), known[0].name, Settings(seconds=0.1, instances=3))
    recorder = Recorder(plan, Host("", "", 1, 1, ""), (target,), tuple(known), "0")
    device = Counting(load(engine).open(target))

    def emit(event: AnyEvent) -> None:
        recorder.apply(event)

    measure_group(device, target, list(enumerate(cases)), 0, plan.settings, emit, lambda: False)
    assert len(device.kernels) == len({id(kernel) for kernel in device.kernels}) == 3 * len(cases)
    session = recorder.session()
    assert [m.instances for m in session.measurements] == [3] * len(cases)
    base, *others = rows(session, workloads())
    assert instances([base, *others]) == "3 instances each"
    for row in others:
        assert row.measurement.status is Status.OK
        assert row.speedup is not None
        assert row.speedup.low is not None
        assert row.speedup.high is not None
        found = pairs(base.measurement, row.measurement)
        rounds = [one.first + i for one in row.measurement.stretches for i in range(one.count)]
        assert len(found) == len(rounds)  # quiet clocks give data in every round
        for own in range(3):
            logs = [np.log(a / b) for (a, b), i in zip(found, rounds, strict=True) if i % 3 == own]
            assert np.log(row.speedup.low) - 1e-9 <= median(logs) <= np.log(row.speedup.high) + 1e-9
