"""A session of several machines: everything that reads it knows which one a result is of."""

import csv
import io
import json

import pytest
from msgspec import structs

from app.charts.scene import machine
from app.core.baseline import fixed_baseline
from app.core.events import TargetsFound
from app.core.measurement import Status
from app.core.session import Host, Session
from app.core.target import id_on
from app.findings.naming import machine_words
from app.findings.rows import Row, rows
from app.fleet.plans import chunks, merged
from app.fleet.protocol import About, Description, Part
from app.storage.check import problem
from app.storage.interop import pyperf_json
from app.storage.reports import html_report, markdown_report
from app.storage.tables import csv_text
from app.workloads import workloads
from tests.charts.scenes import draw
from tests.findings.test_rows import measured, session

HOSTS = {
    "m1": Host("Linux 6", "Zen 5", 2, 8 << 30, "3.11.7", {"wgpu": "0.32"}),
    "m2": Host("Windows 11", "Core Ultra", 16, 32 << 30, "3.12.1"),
}


def fleet_session(count: int = 2, baseline: str = "f32") -> Session:
    """The same two kernels on as many machines, each machine twice as fast as the one before."""
    hosts = dict(HOSTS) | {f"m{i}": HOSTS["m2"] for i in range(3, count + 1)}
    one = session(measured("a", "f32", 0.4), measured("a", "fast", 0.1), baseline=baseline)
    cases, found, targets = [], [], []
    for i, name in enumerate(list(hosts)[:count]):
        targets += [target.on(name) for target in one.targets]
        for m in one.measurements:
            case = structs.replace(m.case, target=id_on(m.case.target, name))
            cases.append(case)
            samples = tuple(seconds / 2**i for seconds in m.samples)
            found.append(structs.replace(m, case=case, samples=samples))
    return structs.replace(
        one,
        targets=tuple(targets),
        plan=structs.replace(one.plan, cases=tuple(cases)),
        measurements=tuple(found),
        machines=hosts,
        created="2026-11-29T20:00:00Z",
    )


def rows_of(own: Session) -> list[Row]:
    return rows(own, workloads())


def test_a_baseline_of_one_target_is_that_of_each_machine_or_one_for_all() -> None:
    """``a/f32`` is each machine's own; ``a@m1/f32`` puts all machines on one axis."""
    each = [row.speedup.value for row in rows_of(fleet_session(baseline="a/f32")) if row.speedup]
    assert each == pytest.approx([1, 4, 1, 4], rel=0.05)
    one = [row.speedup.value for row in rows_of(fleet_session(baseline="a@m1/f32")) if row.speedup]
    assert one == pytest.approx([1, 4, 2, 8], rel=0.05)
    assert fixed_baseline(fleet_session().targets, "a/f32", "m2") == ("a@m2", "f32")


def test_samples_of_two_machines_are_never_paired() -> None:
    found = rows_of(fleet_session(baseline="a@m1/f32"))
    assert [row.speedup.unpaired for row in found if row.speedup and row.target.machine == "m2"] == [True] * 2


def test_captions_and_reports_name_every_machine() -> None:
    own = fleet_session()
    assert machine(own) == "2 machines: m1, m2"
    words = machine_words(own)
    assert "m1 (Zen 5, 2 cores, 8 GiB; Linux 6)" in words
    assert "m2 (Core Ultra, 16 cores, 32 GiB; Windows 11)" in words
    found = rows_of(own)
    for text in (markdown_report(own, found, "f32"), html_report(own, found, "f32", {}, "title")):
        assert "Core Ultra" in text
        assert "m2" in text.partition("16 cores")[2]


def test_nine_machines_fit_one_picture_and_its_caption() -> None:
    picture = draw(fleet_session(9), "bars")
    assert picture.caption.startswith("9 machines: m1, m2, m3, m4, m5, m6, m7, m8, m9")
    assert {spot.row.target.machine for spot in picture.spots if spot.row} == {f"m{i}" for i in range(1, 10)}
    assert "and 3 more" in machine(fleet_session(12))


def test_tables_and_other_tools_formats_have_the_machine() -> None:
    own = fleet_session()
    lines = list(csv.DictReader(io.StringIO(csv_text(rows_of(own)))))
    assert [line["machine"] for line in lines] == ["m1", "m1", "m2", "m2"]
    assert [line["target"] for line in lines] == ["a@m1", "a@m1", "a@m2", "a@m2"]
    suite = json.loads(pyperf_json(own, rows_of(own)))
    assert [b["metadata"]["hostname"] for b in suite["benchmarks"]] == ["m1", "m1", "m2", "m2"]
    assert suite["benchmarks"][2]["metadata"]["cpu_model_name"] == "Core Ultra"


def test_threads_are_held_against_the_cores_of_their_own_machine() -> None:
    own = fleet_session()
    cases = tuple(structs.replace(case, parameters={"threads": 8}) for case in own.plan.cases)
    own = structs.replace(
        own,
        plan=structs.replace(own.plan, cases=cases),
        measurements=tuple(
            structs.replace(m, case=case) for m, case in zip(own.measurements, cases, strict=True)
        ),
    )
    assert [row.crowded for row in rows_of(own)] == ["8 threads on 2 cores"] * 2 + [""] * 2


def test_a_target_on_a_machine_that_the_file_does_not_describe_is_refused() -> None:
    own = fleet_session()
    assert problem(own) == problem(structs.replace(own, machines=HOSTS))
    assert (
        problem(structs.replace(own, machines={"m1": HOSTS["m1"]})) == "it does not describe the machine 'm2'"
    )


def test_the_parts_of_machines_make_one_plan_and_its_groups_go_back_as_they_came() -> None:
    one = session(measured("a", "f32", 0.4), measured("a", "fast", 0.1))
    found = (TargetsFound("webgpu", one.targets),)
    parts = [
        Part(About("1", "lena", ""), one.plan, Description(name, host, found)) for name, host in HOSTS.items()
    ]
    plan = merged(parts)
    assert [case.target for case in plan.plan.cases] == ["a@m1", "a@m1", "a@m2", "a@m2"]
    back = chunks(plan.plan, plan.targets)
    assert [(chunk.machine, chunk.number, chunk.indices) for chunk in back] == [
        ("m1", 0, (0, 1)),
        ("m2", 0, (2, 3)),
    ]
    assert [chunk.plan for chunk in back] == [one.plan] * 2
    live = structs.replace(plan.plan, settings=structs.replace(one.plan.settings, rounds=10))
    assert [chunk.indices for chunk in chunks(live, plan.targets)] == [(0, 1), (2, 3)]


def test_cases_that_never_began_stand_in_their_places() -> None:
    """Machines go at their own pace: what comes later in the plan may have its end first."""
    from app.core.events import CaseFinished, CaseStarted
    from app.core.recorder import Recorder

    own = fleet_session()
    recorder = Recorder(own.plan, own.host, own.targets, own.variants, "1", own.machines)
    recorder.apply(CaseStarted(2, "compiling"))
    recorder.apply(CaseFinished(2, Status.FAILED, "no"))
    session = recorder.session()
    assert [m.case for m in session.measurements] == list(own.plan.cases[:3])
    assert [m.status for m in session.measurements] == [Status.CANCELLED, Status.CANCELLED, Status.FAILED]
