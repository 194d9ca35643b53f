"""Workers that die, hang or babble, and a Stop that is heard: all with real processes."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from app.catalog.index import variants
from app.core.events import (
    CaseFinished,
    CaseOpened,
    CaseSampled,
    CaseStarted,
    Log,
    PassStarted,
    TargetsFound,
)
from app.core.measurement import Status
from app.core.plan import Plan, Settings, make_plan
from app.core.recorder import Recorder
from app.core.session import Host
from app.core.shape import Shape
from app.core.target import Target
from app.findings.rows import Row, rows
from app.worker import workers
from app.worker.process import Worker
from app.worker.supervisor import Supervisor
from app.workloads import workloads
from tests.conftest import limited, soon, until

NAMES = ("f32-scalar", "f32-simd", "f32-relaxed", "i8-relaxed", "f32")
WASM = [
    v
    for v in variants()
    if v.workload == "matvec" and v.runtime.value in ("wasm", "numpy") and v.name in NAMES
]
"""A handful that runs everywhere: these tests are about workers, not about kernels."""
LONG = Settings(seconds=5, precision=1e-9)


def plan(targets: list[Target], settings: Settings, sizes: tuple[int, ...] = (64,)) -> Plan:
    cpu = sorted((t for t in targets if t.id in ("wasmtime", "numpy")), key=lambda t: t.id, reverse=True)
    return make_plan(cpu, WASM, [Shape(n, n) for n in sizes], settings=settings)


def finished(events: list[object]) -> dict[int, CaseFinished]:
    return {event.case: event for event in events if isinstance(event, CaseFinished)}


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_killed_worker_costs_one_case(own: Supervisor, targets: list[Target]) -> None:
    events, killed = [], None
    for event in own.run(plan(targets, Settings(seconds=0.5, precision=1e-9))):
        events.append(event)
        if isinstance(event, CaseStarted) and event.step == "timing" and killed is None:
            killed = event.case
            os.kill(own.worker_for(own.target("wasmtime")).pid, signal.SIGKILL)
    ends = finished(events)
    failed = [end for end in ends.values() if end.status is Status.FAILED]
    assert len(failed) == 1
    assert "SIGKILL" in failed[0].reason
    assert "while" in failed[0].reason
    assert sum(end.status is Status.OK for end in ends.values()) == len(WASM) - 1


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_rounds_of_two_lives_are_no_pairs(targets: list[Target]) -> None:
    """The worker dies while it ends one case after the other: the baseline, the last, starts anew."""
    wasm = next(target for target in targets if target.id == "wasmtime")
    names = [variant for variant in WASM if variant.runtime is wasm.runtime]
    base = names[-1].name
    group = make_plan([wasm], names, [Shape(512, 512)], base, Settings(seconds=0.3, precision=1e-9))

    def run(own: Supervisor, _: int) -> tuple[dict[str, Row], dict[str, set[int]], str]:
        recorder = Recorder(group, Host("", "", 1, 1, ""), tuple(targets), variants(), "0")
        done = None
        for event in own.run(group):
            recorder.apply(event)
            if isinstance(event, CaseFinished) and event.status is Status.OK and done is None:
                done = event.case
                os.kill(own.worker_for(wasm).pid, signal.SIGKILL)
        found = {row.variant.name: row for row in rows(recorder.session(), workloads())}
        lives = {name: {one.life for one in row.measurement.stretches} for name, row in found.items()}
        return found, lives, next(name for name, row in found.items() if row.index == done)

    def in_time(found: tuple[dict[str, Row], dict[str, set[int]], str]) -> bool:
        """A busy machine may hear of the first case's end when the last has ended as well."""
        _, lives, first = found
        return lives[base] != lives[first]

    found, lives, first = limited(targets, run, in_time)
    (before,) = lives[first]
    assert lives[base] == {before + 1}, "it was not under way, so it starts anew"
    assert found[first].speedup is not None
    assert found[first].speedup.unpaired
    assert "unpaired" in found[first].note
    assert not any(
        row.speedup.unpaired for name, row in found.items() if row.speedup and lives[name] == lives[base]
    )


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_hung_worker_is_ended_and_the_rest_goes_on(targets: list[Target]) -> None:
    def run(own: Supervisor, limit: int) -> tuple[dict[int, CaseFinished], int]:
        events, hung = [], False
        for event in own.run(plan(targets, Settings(seconds=0.5, precision=1e-9, step_seconds=limit))):
            events.append(event)
            if isinstance(event, CaseStarted) and event.step == "verifying" and not hung:
                hung = True
                os.kill(own.worker_for(own.target("wasmtime")).pid, signal.SIGSTOP)
        return finished(events), limit

    def fair(found: tuple[dict[int, CaseFinished], int]) -> bool:
        return sum(end.status is Status.FAILED for end in found[0].values()) == 1

    ends, limit = limited(targets, run, fair)
    (failed,) = [end for end in ends.values() if end.status is Status.FAILED]
    assert f"no answer for {limit} s" in failed.reason
    assert len(ends) == len(WASM)


def test_closing_while_a_search_starts_workers_ends_them_all(monkeypatch: pytest.MonkeyPatch) -> None:
    supervisor, started = Supervisor(), []

    class Slow(Worker):
        def __init__(self, engine: str, environment: dict[str, str]) -> None:
            super().__init__(engine, environment)
            started.append(self)
            if len(started) == 1:
                threading.Thread(target=supervisor.close).start()
                time.sleep(0.3)

    monkeypatch.setattr(workers, "Worker", Slow)
    assert not [event for event in supervisor.find_targets() if isinstance(event, TargetsFound)]
    until(lambda: not any(worker.alive for worker in started), 30)


def test_a_stop_before_the_run_begins_is_not_lost(own: Supervisor, targets: list[Target]) -> None:
    list(own.find_targets())
    stop = threading.Event()
    run = own.run(plan(targets, LONG), stop)
    stop.set()
    ends = finished(list(run))
    assert len(ends) == len(WASM)
    assert {end.status for end in ends.values()} == {Status.CANCELLED}


def test_stop_answers_within_half_a_second_and_keeps_what_is_known(
    own: Supervisor, targets: list[Target]
) -> None:
    list(own.find_targets())
    asked = []

    def stop() -> None:
        asked.append(time.monotonic())
        own.stop()

    samples = 0
    events = []
    for event in own.run(plan(targets, LONG, sizes=(64, 128))):
        events.append(event)
        samples += isinstance(event, CaseSampled)
        if samples == 60 and not asked:
            threading.Thread(target=stop).start()
    assert time.monotonic() - asked[0] < soon(0.5)
    ends = finished(events)
    assert {end.status for end in ends.values()} == {Status.OK, Status.CANCELLED}
    assert len(ends) == 2 * len(WASM)
    assert {end.stop for end in ends.values() if end.status is Status.OK} == {"stopped by the user"}


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_stop_answers_even_when_the_worker_hangs(own: Supervisor, targets: list[Target]) -> None:
    started = stopped = 0.0
    for event in own.run(plan(targets, LONG)):
        if isinstance(event, CaseSampled) and not started:
            os.kill(own.worker_for(own.target("wasmtime")).pid, signal.SIGSTOP)
            started = time.monotonic()
            own.stop()
        stopped = time.monotonic()
    assert stopped - started < soon(0.5)


def test_a_run_after_a_stop_works(own: Supervisor, targets: list[Target]) -> None:
    for event in own.run(plan(targets, LONG)):
        if isinstance(event, CaseSampled):
            own.stop()
    ends = finished(list(own.run(plan(targets, Settings(seconds=0.01)))))
    assert {end.status for end in ends.values()} == {Status.OK}


def test_a_run_takes_nothing_from_one_that_nobody_listened_to(own: Supervisor, targets: list[Target]) -> None:
    """Whoever consumed its events failed; the worker would still tell of cases of the same numbers."""
    abandoned = own.run(plan(targets, LONG))
    for event in abandoned:
        if isinstance(event, CaseSampled):
            break
    quick = plan(targets, Settings(seconds=0.02), (96,))
    events = list(own.run(quick))
    steps = [event.step for event in events if isinstance(event, CaseStarted)]
    assert steps[0] == "making inputs"
    opened = [event.case for event in events if isinstance(event, CaseOpened)]
    assert opened == list(range(len(quick.cases))), "each is taken on once, before any of its steps"
    assert all(end.status is Status.OK for end in finished(events).values())
    assert set(finished(events)) == set(range(len(quick.cases)))
    abandoned.close()


def test_a_target_of_another_machine_is_skipped(own: Supervisor, targets: list[Target]) -> None:
    foreign = Target("moon", "Moon", "webgpu", targets[0].runtime, "", "", "", "GPU")
    events = list(
        own.run(make_plan([foreign], [v for v in variants() if v.runtime is foreign.runtime], [Shape(3, 3)]))
    )
    assert {end.status for end in finished(events).values()} == {Status.SKIPPED}


def test_garbage_on_the_pipe_is_logged_and_ignored() -> None:
    worker = Worker("native")
    try:
        worker._events.queue.clear()
        read, write = os.pipe()
        with os.fdopen(write, "wb") as out:
            out.write(b'{"type": "Nonsense"}\nnot json\n{"type": "CaseFinished", "case": "x"}\n\xff\xfe\n')
        with os.fdopen(read, "rb") as stream:
            worker._read_events(stream)
        for _ in range(4):
            event = worker.receive(1)
            assert isinstance(event, Log)
            assert event.level == "warning"
    finally:
        worker.end()


def test_a_worker_ends_with_its_parent() -> None:
    script = (
        "import os, sys\nfrom app.worker.process import Worker\n"
        "print(Worker('native').pid, flush=True)\nos._exit(1)"
    )
    pid = int(subprocess.run([sys.executable, "-c", script], capture_output=True, check=False).stdout)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except OSError:
            return
        time.sleep(0.05)
    pytest.fail(f"worker {pid} outlived its parent")


def test_a_live_run_goes_on_until_it_is_stopped(own: Supervisor, targets: list[Target]) -> None:
    live = plan(targets, Settings(rounds=6), (32, 64))
    recorder = Recorder(live, Host("", "", 1, 1, ""), tuple(targets), variants(), "0")
    passes = []
    for event in own.run(live):
        recorder.apply(event)
        if isinstance(event, PassStarted):
            passes.append(event.number)
        if passes[-1:] == [3] and isinstance(event, CaseSampled):
            own.stop()
    assert passes == [1, 2, 3]
    for m in recorder.session().measurements:
        assert m.status is Status.OK
        assert len(m.samples) >= 12
        assert len(m.samples) % 6 == 0
