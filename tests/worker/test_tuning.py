"""A tuning that outlives its workers, and a stop that keeps what is known: with real processes."""

import os
import signal
import threading
import time

import pytest

from app.catalog.index import variants
from app.core.events import AnyEvent, CandidateFinished, CandidateStarted, TuningFinished
from app.core.plan import Case
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.core.tuning import TuneSettings
from app.worker import faults
from app.worker.supervisor import Supervisor
from app.workloads import workloads
from tests.conftest import soon

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals")


@pytest.fixture
def case(targets: list[Target]) -> Case:
    """A variant with choices on a target of this machine; Wasm where it has any, for there is always Wasm."""
    for target in sorted(targets, key=lambda t: t.runtime is not Runtime.WASM):
        for variant in variants():
            if variant.runtime is target.runtime and any(len(p.choices) > 1 for p in variant.parameters):
                shape = Shape(*[64] * len(workloads()[variant.workload].dimensions))
                return Case(target.id, variant.workload, variant.name, shape, variant.defaults(target))
    pytest.skip("nothing here has a choice of parameters")


def test_a_candidate_that_kills_its_worker_costs_itself_alone(own: Supervisor, case: Case) -> None:
    events, killed = [], None
    for event in own.tune(case, TuneSettings(seconds=10)):
        events.append(event)
        finished = sum(isinstance(e, CandidateFinished) for e in events)
        if isinstance(event, CandidateStarted) and event.step == "timing" and finished == 1 and not killed:
            killed = event.parameters
            os.kill(own.worker_for(own.target(case.target)).pid, signal.SIGKILL)
    assert killed is not None
    done = [e.candidate for e in events if isinstance(e, CandidateFinished)]
    assert killed not in [candidate.parameters for candidate in done]
    assert isinstance(events[-1], TuningFinished)
    assert events[-1].tuning is not None
    assert events[-1].tuning.parameters != killed or killed == case.parameters


def test_a_worker_that_dies_of_everything_is_given_up(own: Supervisor, case: Case) -> None:
    start = time.monotonic()
    events = []
    for event in own.tune(case, TuneSettings(seconds=60)):
        events.append(event)
        if isinstance(event, CandidateStarted):
            os.kill(own.worker_for(own.target(case.target)).pid, signal.SIGKILL)
    assert isinstance(events[-1], TuningFinished)
    assert events[-1].tuning is None
    assert "its workers died" in events[-1].reason
    assert time.monotonic() - start < 60


def test_stop_answers_within_half_a_second(own: Supervisor, case: Case) -> None:
    asked = []

    def stop() -> None:
        asked.append(time.monotonic())
        own.stop()

    events = []
    for event in own.tune(case, TuneSettings(seconds=60)):
        events.append(event)
        if isinstance(event, CandidateFinished) and not asked:
            thread = threading.Thread(target=stop)
            thread.start()
            thread.join()
    assert time.monotonic() - asked[0] < soon(0.5)
    assert isinstance(events[-1], TuningFinished)
    assert "stopped by the user" in (
        events[-1].reason if events[-1].tuning is None else events[-1].tuning.stop
    )


def test_a_target_of_another_machine_has_no_tuning(own: Supervisor) -> None:
    (*_, last) = own.tune(Case("moon", "matvec", "f32", Shape(3, 3)), TuneSettings(seconds=1))
    assert last == TuningFinished(None, "there is no target 'moon' on this machine")


@pytest.mark.parametrize("step", ["timing", "timing again"])
def test_a_clock_that_fails_while_tuning_gives_way_to_the_wall(
    own: Supervisor, targets: list[Target], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    gpu = next((t for t in targets if t.properties.get("timer") == "GPU time stamps"), None)
    if gpu is None:
        pytest.skip("no GPU with time stamps here")
    variant = next(v for v in variants() if (v.workload, v.name, v.runtime) == ("matvec", "f32", gpu.runtime))
    defaults = variant.defaults(gpu)
    monkeypatch.setenv(faults.VARIABLE, f"clock@{step}")
    events: list[AnyEvent] = list(
        own.tune(Case(gpu.id, "matvec", "f32", Shape(64, 64), defaults), TuneSettings(seconds=4))
    )
    assert isinstance(events[-1], TuningFinished)
    found = events[-1].tuning
    assert found is not None, events[-1].reason
    assert found.stop.endswith("GPU time stamps gave no data any more: timed by the wall clock over a batch")
