"""One plan on two machines: real workers of dask, real measurements, and what may happen to each of them."""

import subprocess
import sys
import time
from threading import Event

import msgspec
import pytest

from app.catalog.choice import Choice
from app.catalog.request import Request
from app.core.edit import Edit
from app.core.errors import KernelscopeError
from app.core.events import CaseFinished, CaseSampled, Log
from app.core.measurement import Status
from app.core.plan import Settings
from app.core.recorder import Recorder
from app.core.session import Session
from app.core.target import Runtime
from app.findings.rows import rows
from app.fleet.fleet import Fleet
from app.fleet.machines import Standing
from app.fleet.plans import FleetPlan
from app.storage.check import problem
from app.storage.files import decode
from app.worker.recording import make_recorder
from app.workloads import workloads
from tests.conftest import ROOT, soon, until
from tests.fleet.conftest import Programs

SHORT = Settings(seconds=0.02, batch_seconds=1e-3, warm_up_seconds=0.01)
LONG = Settings(seconds=5, precision=0.0, warm_up_seconds=0.01)


def request(*sizes: str, settings: Settings = SHORT) -> Request:
    return Request(choices=(Choice(sizes=sizes),), settings=settings)


def recorder(plan: FleetPlan) -> Recorder:
    return make_recorder(plan.plan, plan.targets, machines=plan.machines)


def take(fleet: Fleet, plan: FleetPlan) -> tuple[Session, list[object]]:
    own = recorder(plan)
    events: list[object] = []
    for event in fleet.run(plan, Event(), ceilings=False):
        own.apply(event)
        events.append(event)
    return own.session(), events


def silent(_: str) -> None:
    pass


@pytest.fixture(scope="module")
def session(programs: Programs) -> Session:
    from app.fleet.trust import Door

    fleet = Fleet(Door("127.0.0.1", programs.port))
    until(lambda: sum(one.there for one in fleet.machines) == 2)
    try:
        return take(fleet, fleet.planned(fleet.all(request("33x65")), silent))[0]
    finally:
        fleet.close()


def test_one_session_has_every_machine_with_its_own_targets_and_verdicts(session: Session) -> None:
    assert {target.id for target in session.targets} == {"numpy@m1", "numpy@m2"}
    assert {target.label for target in session.targets} == {"NumPy @ m1", "NumPy @ m2"}
    assert set(session.machines) == {"m1", "m2"}
    found = rows(session, workloads())
    assert all(row.ok and row.measurement.error for row in found)
    assert {row.target.machine for row in found if row.is_baseline} == {"m1", "m2"}


def test_it_is_a_session_like_any_other(session: Session) -> None:
    assert problem(session) == ""
    assert decode(msgspec.json.encode(session), "again") == session


def test_machines_say_what_they_are_and_choose_by_name(fleet: Fleet, programs: Programs) -> None:
    until(lambda: all(own.standing is Standing.READY for own in fleet.machines))  # heartbeats take a moment
    one, two = fleet.machines
    assert (one.name, one.standing, one.targets, one.edits) == ("m1", Standing.READY, ("numpy",), False)
    assert two.edits
    from app.fleet.trust import Door

    with pytest.raises(KernelscopeError, match=r"no machine matches 'm3'; there are: m1, m2"):
        Fleet(Door("127.0.0.1", programs.port), ["m3"]).close()


def test_stop_ends_it_on_every_machine_within_half_a_second(fleet: Fleet) -> None:
    plan = fleet.planned(fleet.all(request("512", "1024", settings=LONG)), silent)
    stop, told, asked = Event(), set(), 0.0
    ends: list[Status] = []
    for event in fleet.run(plan, stop, ceilings=False):
        if isinstance(event, CaseSampled):
            told.add(plan.plan.cases[event.case].target)
        if len(told) == 2 and not asked:
            asked = time.monotonic()
            stop.set()
        if isinstance(event, CaseFinished):
            ends.append(event.status)
    took = time.monotonic() - asked
    assert took < soon(0.5)
    assert set(ends) == {Status.CANCELLED}
    assert len(ends) == len(plan.plan.cases)
    # The machines are free again as soon.
    until(lambda: all(one.standing is Standing.READY for one in fleet.machines), 10)


def test_a_killed_worker_costs_the_group_under_way_and_nothing_runs_twice(
    fleet: Fleet, programs: Programs
) -> None:
    settings = Settings(seconds=0.15, precision=0.0, warm_up_seconds=0.01)
    plan = fleet.planned(fleet.all(request("64", "128", settings=settings)), silent)
    ours = [i for i, case in enumerate(plan.plan.cases) if case.target == "numpy@m1"]
    killed, finished, lines = "", [], []
    own = recorder(plan)
    sampled: set[int] = set()
    for event in fleet.run(plan, Event(), ceilings=False):
        own.apply(event)
        if isinstance(event, Log):
            lines.append(event.text)
        if isinstance(event, CaseFinished) and event.case in ours:
            assert event.case not in finished
            finished.append(event.case)
        if isinstance(event, CaseSampled) and event.case in ours:
            assert event.case not in finished  # what has its end is not measured again
            sampled.add(event.case)
            if finished and not killed and event.case not in finished:
                killed = "m1"
                programs.kill("m1")
                programs.work("m1")
    assert killed
    assert sorted(finished) == ours
    session = own.session()
    assert all(m.status is Status.OK for m in session.measurements)
    assert all(len({stretch.life for stretch in m.stretches}) == 1 for m in session.measurements)


def test_the_scheduler_may_go_and_come_back(fleet: Fleet, programs: Programs) -> None:
    settings = Settings(seconds=0.15, precision=0.0, warm_up_seconds=0.01)
    plan = fleet.planned(fleet.all(request("64", "128", settings=settings)), silent)
    own = recorder(plan)
    gone = 0
    ends: list[int] = []
    lines = []
    for event in fleet.run(plan, Event(), ceilings=False):
        own.apply(event)
        if isinstance(event, Log):
            lines.append(event.text)
        if isinstance(event, CaseFinished):
            ends.append(event.case)
            if not gone:
                gone = len(ends)
                programs.kill("scheduler")
                programs.schedule()
    assert sorted(ends) == list(range(len(plan.plan.cases)))
    assert all(m.status is Status.OK for m in own.session().measurements)
    assert any("is gone" in line for line in lines)
    assert any("is back" in line for line in lines)


CLIENT = """
import os, sys
from threading import Event
from app.core.events import CaseFinished
from app.fleet.fleet import Fleet
from app.fleet.trust import Door
from tests.fleet.test_run import request, silent, Settings
fleet = Fleet(Door("127.0.0.1", int(sys.argv[1])), ["m2"])
settings = Settings(seconds=0.15, precision=0.0, warm_up_seconds=0.01)
plan = fleet.planned(fleet.all(request("64", "128", settings=settings)), silent)
for event in fleet.run(plan, Event(), ceilings=False):
    if isinstance(event, CaseFinished):
        print(plan.about.run, flush=True)
        os._exit(9)
"""


def test_a_client_that_comes_back_finds_its_run_and_finished_groups_are_told_not_measured(
    programs: Programs, fleet: Fleet
) -> None:
    command = [sys.executable, "-c", CLIENT, str(programs.port)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    run = done.stdout.strip()
    assert done.returncode == 9, done.stderr
    assert any(kept.about.run == run and 1 <= kept.done < kept.groups for kept in fleet.runs()["m2"])
    plan = fleet.resumed(run[:8])
    start = time.monotonic()
    first = next(e for e in fleet.run(plan, Event(), ceilings=False) if isinstance(e, CaseSampled))
    assert time.monotonic() - start < 5
    assert first.case == 0
    session, _ = take(fleet, plan)
    assert all(m.status is Status.OK for m in session.measurements)
    with pytest.raises(KernelscopeError, match="no machine that is there remembers a run 'nothing'"):
        fleet.resumed("nothing")


def test_two_users_take_turns_on_a_machine(programs: Programs, fleet: Fleet) -> None:
    """The first groups of everybody come before the second of anybody, and no two overlap."""
    from concurrent.futures import ThreadPoolExecutor

    from app.fleet.trust import Door

    other = Fleet(Door("127.0.0.1", programs.port), ["m2"])
    mine = Fleet(Door("127.0.0.1", programs.port), ["m2"])
    settings = Settings(seconds=0.04, precision=0.0, warm_up_seconds=0.01)
    order: list[str] = []

    def run(who: str, own: Fleet) -> None:
        plan = own.planned(own.all(request("64", "80", "96", "128", settings=settings)), silent)
        for event in own.run(plan, Event(), ceilings=False):
            if isinstance(event, CaseSampled) and (not order or order[-1] != who):
                order.append(who)

    with ThreadPoolExecutor(2) as pool:
        a, b = pool.submit(run, "a", mine), pool.submit(run, "b", other)
        a.result()
        b.result()
    other.close()
    mine.close()
    assert len(order) >= 4  # they alternate: neither has all of its groups first


def test_texts_of_ones_own_travel_only_where_the_worker_allows_them(fleet: Fleet) -> None:
    edit = Edit(workload="matvec", name="mine", like="f32", runtime=Runtime.WGSL, text="fn f() {}")
    lines: list[str] = []
    asked = Request(choices=(Choice(sizes=("64",)),), edits=(edit,), settings=SHORT)
    with pytest.raises(KernelscopeError):
        fleet.planned(fleet.all(asked), lines.append)  # m2 takes texts, and has no GPU
    assert any(line.startswith("left out: m1: refused: texts of one's own") for line in lines)
    assert not any("refused" in line for line in lines if "m2" in line)


LATE_M2 = ("worker", "--name=m2", "--target=numpy")


def test_a_name_that_is_taken_is_said(programs: Programs) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "app",
            "fleet",
            "worker",
            f"127.0.0.1:{programs.port}",
            "--name=m2",
            "--target=numpy",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "has a machine called m2 already: give another --name" in done.stderr
    assert "Traceback" not in done.stderr
