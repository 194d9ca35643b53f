"""What the next visit submits is encoded while this one runs, and submitted only when it is over."""

from collections.abc import Sequence

import pytest

from app.catalog.index import find
from app.core.events import AnyEvent, CaseFinished, CaseSampled, CaseStarted
from app.core.measurement import Error, Status
from app.core.plan import Settings, make_plan
from app.core.program import Program
from app.core.shape import Shape
from app.core.target import Target
from app.engines import Device, Kernel, load
from app.measure.calibrate import find_pace
from app.measure.group import measure_group
from app.measure.prepare import Ready
from app.measure.prepared import Prepared
from app.measure.sampling import Sampling
from tests.measure.waking import LAYOUT, Gpu, Sleeper
from tests.web.modules import Clock

Step = tuple[str, int]


class Told(Sleeper):
    """Tells ``log`` of each step of its batches; encoding takes as long as they do."""

    def __init__(self, gpu: Gpu, index: int, log: list[Step], broken: bool = False) -> None:
        super().__init__(gpu, 1e-5)
        self._index, self._log, self._broken = index, log, broken

    def ahead(self, repeats: int, batches: int) -> "Told":
        self._log.append(("encode", self._index))
        if self._broken:
            raise RuntimeError("cannot be encoded")
        self._runs = [repeats] * batches
        return self

    def submit(self) -> None:
        self._log.append(("submit", self._index))

    def seconds(self) -> list[float]:
        self._log.append(("read", self._index))
        return [self.time(repeats) for repeats in self._runs]


def rounds(count: int, broken: int = -1) -> tuple[list[Step], list[AnyEvent]]:
    clock, log, events = Clock(), list[Step](), list[AnyEvent]()

    def heard(event: AnyEvent) -> None:
        events.append(event)
        if isinstance(event, CaseStarted) and event.step == "timing":
            log.append(("started", event.case))

    gpu = Gpu(clock, 0.0, 1)
    with clock.ticking():
        kernels = [Told(gpu, i, log, i == broken) for i in range(count)]
        ready = [Ready(kernel, LAYOUT, "", "", None, lambda _: Error(0, 0, 0, 0, 1e-6)) for kernel in kernels]
        cases = [Prepared(i, [one], find_pace(one.kernel)) for i, one in enumerate(ready)]
        Sampling(cases, 0, Settings(precision=0.0, seconds=0.3), 0.0, 0, heard, lambda: False).run()
    return log, events


@pytest.mark.parametrize("count", [1, 3])
def test_one_visit_is_under_way_at_a_time_and_the_next_is_encoded_meanwhile(count: int) -> None:
    log, events = rounds(count)
    assert all(end.status is Status.OK for end in events if isinstance(end, CaseFinished))
    visits = sum(isinstance(event, CaseSampled) for event in events)
    started = -1
    for step, index in log:
        if step == "started":
            started = index
        elif step == "submit":
            assert started == index
    in_turn([one for one in log if one[0] != "started"], visits)


def in_turn(log: Sequence[Step], visits: int) -> None:
    """See that of so many visits one is under way at a time, and that most are encoded meanwhile."""
    running, waiting, meanwhile = -1, dict[int, bool](), 0
    for step, index in log:
        if step == "encode":
            waiting[index] = running >= 0
        elif step == "submit":
            assert running < 0, "who would be to blame?"
            meanwhile += waiting.pop(index)
            running = index
        else:
            assert running == index
            running = -1
    assert meanwhile >= 0.9 * visits >= 9


def test_what_cannot_be_encoded_costs_its_own_case_alone() -> None:
    _, events = rounds(3, broken=1)
    ends = {event.case: event for event in events if isinstance(event, CaseFinished)}
    assert [ends[i].status for i in range(3)] == [Status.OK, Status.FAILED, Status.OK]
    assert "cannot be encoded" in ends[1].reason


class NoCpu:
    """A software GPU that is taken for a real one: nobody tells of a processor."""

    def __init__(self, device: Device) -> None:
        self._device = device

    def prepare(self, program: Program) -> Kernel:
        kernel = self._device.prepare(program)
        kernel.cpu = None  # type: ignore[attr-defined]
        assert kernel.ahead is not None  # type: ignore[attr-defined]
        return kernel


def test_kernels_that_are_encoded_ahead_are_right_and_timed(targets: list[Target]) -> None:
    gpu = next((t for t in targets if t.properties.get("timer") == "GPU time stamps"), None)
    if gpu is None:
        pytest.skip("no GPU with time stamps here")
    like = [find("matvec", name, gpu.runtime) for name in ("f32", "u8")]
    cases = list(enumerate(make_plan([gpu], like, [Shape(64, 64)]).cases))
    device, events = NoCpu(load("webgpu").open(gpu)), list[AnyEvent]()
    measure_group(device, gpu, cases, 0, Settings(seconds=0.1), events.append, lambda: False)
    ends = [event for event in events if isinstance(event, CaseFinished)]
    assert [end.status for end in ends] == [Status.OK] * 2, ends
    assert all(event.seconds > 0 for event in events if isinstance(event, CaseSampled))
