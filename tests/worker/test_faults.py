"""Faults of every kind, for real: each costs one case and one clear line, and the queue goes on."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from app.catalog.index import variants
from app.core.errors import KernelscopeError
from app.core.events import (
    AnyEvent,
    CaseFinished,
    CasePrepared,
    CaseStarted,
    GroupFinished,
    Log,
    TargetsFound,
)
from app.core.measurement import Status
from app.core.plan import Plan, Settings, make_plan
from app.core.shape import Shape
from app.core.target import Target
from app.worker import faults, loader
from app.worker.supervisor import Supervisor

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals")

QUICK = Settings(seconds=0.05, precision=1e-9, step_seconds=20)
NAMES = {"wasmtime": ("f32-scalar", "f32-simd", "i8-relaxed"), "webgpu": ("f32", "u8", "u8-dot4")}


@pytest.fixture
def own(targets: list[Target]) -> Iterator[Supervisor]:
    """A supervisor that knows the targets and has no worker yet."""
    supervisor = Supervisor()
    supervisor._targets = {target.id: target for target in targets}
    yield supervisor
    supervisor.close()


def test_a_driver_that_crashes_the_search_is_left_out_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = loader.drivers()
    if not files:
        pytest.skip("no Vulkan driver here")
    bad = tmp_path / "bad.json"
    bad.write_bytes(Path(files[0]).read_bytes())
    monkeypatch.setenv(loader.FILES[0], os.pathsep.join([*files, str(bad)]))
    monkeypatch.setenv(faults.VARIABLE, "segfault@bad.json")
    own = Supervisor()
    try:
        events = list(own.find_targets(["webgpu", "native"]))
        (said,) = [e.left_out for e in events if isinstance(e, TargetsFound) and e.engine == "webgpu"]
        assert said == (f"{bad} was left out: a search with it ended by SIGSEGV",)
        found = [target for e in events if isinstance(e, TargetsFound) for target in e.targets]
        gpus = [target for target in found if target.engine == "webgpu"]
        assert any(target.backend == "Vulkan" for target in gpus)
        assert any(target.engine == "native" for target in found)
        own.worker_for(gpus[0]).end()
        assert own.worker_for(gpus[0]).alive
        again = [t for e in own.find_targets(["webgpu"]) if isinstance(e, TargetsFound) for t in e.targets]
        assert [target.id for target in again] == [target.id for target in gpus]
    finally:
        own.close()


def target_of(engine: str, targets: list[Target]) -> Target:
    found = [target for target in targets if target.engine == engine]
    if not found:
        pytest.skip(f"no target of {engine} here")
    return found[0]


def plan(target: Target, settings: Settings = QUICK, sizes: tuple[int, ...] = (64,)) -> Plan:
    chosen = [
        v
        for v in variants()
        if v.workload == "matvec" and v.runtime is target.runtime and v.name in NAMES[target.engine]
    ]
    return make_plan([target], chosen, [Shape(n, n) for n in sizes], settings=settings)


def run(
    own: Supervisor, plan: Plan, fault: str, monkeypatch: pytest.MonkeyPatch, lasting: bool = False
) -> list[AnyEvent]:
    """Every event of ``plan``; the fault is in the first worker alone, or in each."""
    events = []
    with monkeypatch.context() as patch:
        patch.setenv(faults.VARIABLE, fault)
        for event in own.run(plan):
            events.append(event)
            if not lasting:
                patch.delenv(faults.VARIABLE, raising=False)
    return events


def ends(events: list[AnyEvent]) -> list[CaseFinished]:
    return [event for event in events if isinstance(event, CaseFinished)]


DEADLY = [
    ("wasmtime", "abort@compiling", "ended by SIGABRT while compiling"),
    ("webgpu", "abort@timing", "ended by SIGABRT while timing"),
    ("wasmtime", "segfault@verifying", "ended by SIGSEGV while verifying"),
    ("wasmtime", "kill@calibrating", "ended by SIGKILL while calibrating"),
    ("wasmtime", "hang@verifying", "timed out: no answer for 2 s; the worker was ended while verifying"),
    ("webgpu", "lost@verifying", "the device was lost while verifying"),
    ("wasmtime", "flood@timing", "floods its pipe"),
]


@pytest.mark.parametrize(("engine", "fault", "words"), DEADLY, ids=[f"{e}-{f}" for e, f, _ in DEADLY])
def test_a_worker_that_dies_costs_the_case_under_way(
    own: Supervisor,
    targets: list[Target],
    monkeypatch: pytest.MonkeyPatch,
    engine: str,
    fault: str,
    words: str,
) -> None:
    settings = Settings(seconds=0.05, precision=1e-9, step_seconds=2 if "hang" in fault else 20)
    found = ends(run(own, plan(target_of(engine, targets), settings), fault, monkeypatch))
    (failed,) = [end for end in found if end.status is not Status.OK]
    assert failed.status is Status.FAILED
    assert words in failed.reason
    assert "\n" not in failed.reason
    assert len(found) == 3


def vulkan(targets: list[Target]) -> Target:
    found = [t for t in targets if t.backend == "Vulkan" and t.properties.get("timer") == "GPU time stamps"]
    if not found:
        pytest.skip("no Vulkan adapter with time stamps here")
    return found[0]


@pytest.mark.parametrize("step", ["calibrating", "timing"])
def test_a_clock_that_fails_gives_way_to_the_wall(
    own: Supervisor, targets: list[Target], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    events = run(own, plan(vulkan(targets)), f"clock@{step}", monkeypatch)
    for end in ends(events):
        assert (end.status, end.reason) == (
            Status.OK,
            "GPU time stamps gave no data any more: timed by the wall clock over a batch",
        )
        timers = [e.timer for e in events if isinstance(e, CasePrepared) and e.case == end.case]
        assert timers == ["GPU time stamps", "wall clock over a batch"]
    assert len(ends(events)) == 3


def test_a_clock_that_never_moves_is_not_used(
    own: Supervisor, targets: list[Target], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))  # nothing is known of the adapters
    one = structs.replace(plan(vulkan(targets)), cases=plan(vulkan(targets)).cases[:1])
    (file, *_) = loader.drivers()
    monkeypatch.setenv(faults.VARIABLE, f"clock@{Path(file).name}")
    found = [t for e in own.find_targets(["webgpu"]) if isinstance(e, TargetsFound) for t in e.targets]
    assert {t.properties["timer"] for t in found} == {"wall clock over a batch"}
    events = run(own, one, "", monkeypatch)
    assert [e.timer for e in events if isinstance(e, CasePrepared)] == ["wall clock over a batch"]
    assert [(end.status, end.reason) for end in ends(events)] == [(Status.OK, "")]


BABBLE = [
    ("garbage", "sent no event"),
    ("partial", "sent no event"),
    ("huge", "more than 16 MiB"),
    ("talk", "left out"),
]


@pytest.mark.parametrize(("fault", "words"), BABBLE)
def test_a_worker_that_babbles_costs_lines_in_the_log(
    own: Supervisor, targets: list[Target], monkeypatch: pytest.MonkeyPatch, fault: str, words: str
) -> None:
    """A partial line swallows the event after it, and no more."""
    events = run(own, plan(target_of("wasmtime", targets)), f"{fault}@calibrating", monkeypatch)
    assert [end.status for end in ends(events)] == [Status.OK] * 3
    said = [event.text for event in events if isinstance(event, Log)]
    assert any(words in text for text in said)
    assert len(said) < 1000


def test_garbage_names_the_cases_that_it_may_not_touch(
    own: Supervisor, targets: list[Target], monkeypatch: pytest.MonkeyPatch
) -> None:
    events = run(own, plan(target_of("wasmtime", targets)), "garbage@calibrating", monkeypatch)
    assert any("CaseFinished of case -1" in event.text for event in events if isinstance(event, Log))


def test_three_crashes_in_a_minute_stop_a_target_and_not_the_run(
    own: Supervisor, targets: list[Target], monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = target_of("wasmtime", targets), target_of("native", targets)
    both = plan(bad, sizes=(32, 64, 96))
    numpy = next(v for v in variants() if v.workload == "matvec" and v.runtime is good.runtime)
    rest = make_plan([good], [numpy], [Shape(32, 32)], settings=QUICK).cases
    found = []
    with monkeypatch.context() as patch:
        patch.setenv(faults.VARIABLE, "segfault@verifying")
        for event in own.run(Plan((*both.cases, *rest), settings=QUICK)):
            found += ends([event])
            if isinstance(event, CaseFinished) and event.case == len(both.cases) - 1:
                patch.delenv(faults.VARIABLE)
    assert [end.status for end in found[:9]] == [Status.FAILED] * 3 + [Status.SKIPPED] * 6
    assert "3 crashes in" in found[5].reason
    assert "the rest of wasmtime was left out" in found[5].reason
    assert found[9].status is Status.OK
    again = ends(run(own, plan(bad), "", monkeypatch))
    assert {end.status for end in again} == {Status.OK}, "another run gets another chance"


def test_what_hung_stays_in_quarantine_for_the_session(
    own: Supervisor, targets: list[Target], monkeypatch: pytest.MonkeyPatch
) -> None:
    target = target_of("wasmtime", targets)
    hangs = plan(target, Settings(seconds=0.05, step_seconds=2), sizes=(32, 64))
    first = {end.case: end for end in ends(run(own, hangs, "hang@verifying", monkeypatch))}
    (case,) = [index for index, end in first.items() if end.status is Status.FAILED]
    (later,) = [end for end in first.values() if end.status is Status.SKIPPED]
    assert hangs.cases[later.case].variant == hangs.cases[case].variant
    again = {end.case: end for end in ends(run(own, hangs, "", monkeypatch))}
    assert {index for index, end in again.items() if end.status is Status.SKIPPED} == {case, later.case}
    assert "in quarantine until Kernelscope is started again: timed out" in again[case].reason
    assert sum(end.status is Status.OK for end in again.values()) == 4


@pytest.mark.parametrize("engine", ["wasmtime", "webgpu"])
def test_memory_that_runs_out_costs_the_cases_that_need_it(
    own: Supervisor, targets: list[Target], monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    """The limit is set while the first case compiles: 64 MiB of operands do not fit into what is left."""
    big = plan(target_of(engine, targets), sizes=(32, 4096))
    events = run(own, big, "starve@compiling", monkeypatch)
    found = {end.case: end for end in ends(events)}
    assert len(found) == 6
    lost = [end for end in found.values() if end.status is not Status.OK]
    assert lost
    for end in lost:
        assert any(word in end.reason.lower() for word in ("memory", "device", "ended", "allocate")), end
        assert "\n" not in end.reason


def test_an_adapter_that_vanishes_between_runs_is_said(
    own: Supervisor, targets: list[Target], monkeypatch: pytest.MonkeyPatch
) -> None:
    vulkan = [target for target in targets if target.backend == "Vulkan"]
    if not vulkan:
        pytest.skip("no Vulkan here")
    assert {end.status for end in ends(run(own, plan(vulkan[0]), "", monkeypatch))} == {Status.OK}
    own.worker_for(vulkan[0]).end()
    monkeypatch.setenv("VK_DRIVER_FILES", "/nonexistent")
    found = ends(run(own, plan(vulkan[0]), "", monkeypatch))
    assert {end.status for end in found} == {Status.FAILED}
    assert "the adapter is no longer there" in found[0].reason


def test_nothing_is_left_of_workers(
    own: Supervisor, targets: list[Target], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither processes nor file handles, however many have died."""
    target = target_of("wasmtime", targets)
    run(own, plan(target), "kill@timing", monkeypatch)
    handles = len(os.listdir("/proc/self/fd")) if os.path.exists("/proc/self/fd") else 0
    for _ in range(2):
        run(own, plan(target), "kill@timing", monkeypatch)
    assert handles == (len(os.listdir("/proc/self/fd")) if handles else 0)


@pytest.mark.parametrize("text", ["explode@timing", "nothing"])
def test_an_unknown_fault_is_refused(text: str) -> None:
    with pytest.raises(KernelscopeError, match="no fault"):
        faults.parse(text)


def test_steps_and_probabilities_are_told_apart() -> None:
    step, chance = faults.parse("segfault@making inputs,kill~0.25")
    assert (step.name, step.step, step.probability) == ("segfault", "making inputs", 0.0)
    assert (chance.name, chance.step, chance.probability) == ("kill", "", 0.25)


def test_the_last_word_is_said_once_whatever_happens(
    own: Supervisor, targets: list[Target], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own.health, "why_stopped", lambda target: "")
    chaos = "kill~0.01,garbage~0.02,partial~0.01,talk~0.005"
    events = run(own, plan(target_of("wasmtime", targets), sizes=(16, 32)), chaos, monkeypatch, lasting=True)
    words = [end.case for end in ends(events)]
    assert sorted(words) == list(range(6))
    assert not any(isinstance(event, CaseStarted) and event.case not in range(6) for event in events)
    assert sum(isinstance(event, GroupFinished) for event in events) <= 4
