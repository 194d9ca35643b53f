"""Whatever bytes come through the pipe, and whatever plan goes out: each case has one last word."""

import io
from collections import Counter
from contextlib import suppress

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from app.core.events import (
    AnyEvent,
    CaseCalibrated,
    CaseFinished,
    CaseOpened,
    CaseParted,
    CaseSampled,
    CaseStarted,
    GroupFinished,
    Log,
    TuningFinished,
)
from app.core.measurement import Part, Status
from app.core.plan import Case, Plan, Settings
from app.core.shape import Shape
from app.core.target import Target
from app.worker.lines import TOO_LONG, Quota, lines
from app.worker.protocol import decode_command, decode_event, encode
from app.worker.sense import LONGEST_REASON, LONGEST_SAMPLE, nonsense, one_line
from app.worker.supervisor import Supervisor

REFUSED = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
EVENTS: st.SearchStrategy[AnyEvent] = st.one_of(
    st.builds(CaseOpened, st.integers(-5, 5)),
    st.builds(CaseStarted, st.integers(-5, 5), TEXT),
    st.builds(CaseSampled, st.integers(-5, 5), st.integers(), FLOATS),
    st.builds(CaseFinished, st.integers(-5, 5), st.sampled_from(Status), TEXT, TEXT),
    st.builds(GroupFinished, TEXT),
    st.builds(TuningFinished, st.none(), TEXT),
    st.builds(Log, TEXT, TEXT),
)


@given(st.lists(st.binary(max_size=90)), st.integers(2, 40))
def test_lines_are_whole_and_short_whatever_comes(parts: list[bytes], longest: int) -> None:
    data = b"\n".join(parts)
    found = list(lines(io.BytesIO(data), longest))
    expected = [line for line in data.splitlines(keepends=True) if line] if b"\r" not in data else None
    assert all(len(line) <= longest for line in found)
    whole = [line for line in found if line != TOO_LONG]
    assert all(line in data for line in whole)
    if expected is not None and not set(data) & set(b"\x0b\x0c\x1c\x1d\x1e\x85"):
        assert [line for line in expected if len(line) <= longest and line.endswith(b"\n")] == [
            line for line in whole if line.endswith(b"\n")
        ]


@given(st.binary(max_size=200))
def test_bytes_are_an_event_or_refused(data: bytes) -> None:
    for decode in (decode_event, decode_command):
        try:
            found = decode(data)
        except REFUSED:
            continue
        assert decode(encode(found)) == found
        assert data.lstrip().startswith(b"{"), "an event or command is an object"


@given(EVENTS)
def test_an_event_is_no_command_and_half_of_it_is_nothing(event: AnyEvent) -> None:
    line = encode(event)
    with pytest.raises(msgspec.DecodeError):
        decode_command(line)
    for part in (line[: len(line) // 2], line[1:], b"", b"[]", b"{}"):
        with pytest.raises(REFUSED):
            decode_event(part)


@given(EVENTS, st.integers(0, 60), st.binary(min_size=1, max_size=3))
def test_an_event_arrives_as_it_was_and_a_spoilt_one_is_an_event_or_refused(
    event: AnyEvent, place: int, noise: bytes
) -> None:
    line = encode(event)
    assert decode_event(line) == event
    with suppress(*REFUSED):
        spoilt = decode_event(line[:place] + noise + line[place + len(noise) :])
        assert isinstance(nonsense(spoilt, {0, 1}), str)
        assert decode_event(encode(spoilt)) == spoilt


@given(EVENTS)
def test_only_what_can_be_meant_of_open_cases_passes(event: AnyEvent) -> None:
    if isinstance(event, CaseOpened | CaseStarted | CaseSampled | CaseFinished):
        passes = event.case in {0, 1}
        if isinstance(event, CaseSampled):
            passes &= 0 < event.seconds < LONGEST_SAMPLE and event.repeats > 0
        assert bool(nonsense(event, {0, 1})) is not passes


SAMPLE = CaseSampled(0, 10, 1e-3, life=3, round=0, middle=2e-3, disturbed=1.0, cpu=1e-3)


def test_a_sample_of_this_life_passes() -> None:
    assert nonsense(SAMPLE, {0}, life=3) == ""
    assert nonsense(structs.replace(SAMPLE, round=99, middle=None, cpu=None, disturbed=0.0), {0}, 3) == ""


@pytest.mark.parametrize(
    "odd",
    [
        {"repeats": 0},
        {"seconds": 0.0},
        {"seconds": LONGEST_SAMPLE},
        {"middle": -1e-3},
        {"cpu": 2 * LONGEST_SAMPLE},
        {"life": 2},
        {"round": -1},
        {"disturbed": 1.1},
        {"disturbed": -0.1},
        {"case": 1},
    ],
    ids=str,
)
def test_a_sample_that_cannot_be_meant_is_refused(odd: dict[str, float]) -> None:
    assert nonsense(structs.replace(SAMPLE, **odd), {0}, life=3)


def test_visits_of_nothing_and_what_belongs_to_no_group_are_refused() -> None:
    assert nonsense(CaseCalibrated(0, 1, 1, 1), {0}) == ""
    for figures in ((0, 1, 1), (1, 0, 1), (1, 1, 0)):
        assert nonsense(CaseCalibrated(0, *figures), {0})
    assert nonsense(CaseParted(0, (Part("a", 0.0), Part("b", 1.0))), {0}) == ""
    for seconds in ((), (0.0, 0.0), (-1.0, 2.0), (1e9,), (1.0,) * 65):
        assert nonsense(CaseParted(0, tuple(Part("a", s) for s in seconds)), {0})
    assert nonsense(TuningFinished(None), {0})
    assert nonsense(GroupFinished(), set()) == nonsense(Log("info", "words"), set()) == ""


@given(st.text())
def test_a_reason_is_one_line_of_bounded_length(text: str) -> None:
    line = one_line(text)
    assert len(line) <= LONGEST_REASON
    assert len(line.splitlines()) <= 1


def test_a_quota_counts_what_it_held_back() -> None:
    quota = Quota(2)
    assert [quota.take() for _ in range(5)] == [True, True, False, False, False]
    assert quota.renew() == 3
    assert quota.take()
    assert quota.renew() == 0


ENDED: Counter[Status] = Counter()
SIZES = st.integers(-2, 70)
CASES = st.builds(
    Case,
    st.sampled_from(["wasmtime", "numpy", "numpy", "moon", ""]),
    st.sampled_from(["matvec", "matvec", "copy", "matmul", "nothing"]),
    st.sampled_from(["f32", "f32", "f32-simd", "f32-bulk", "u8-dot4", "nothing", "../x", ""]),
    st.just(Shape(20, 30)) | st.lists(SIZES, min_size=1, max_size=4).map(lambda sizes: Shape(*sizes)),
    st.just({}) | st.dictionaries(st.sampled_from(["opt_level", "unroll", "x"]), SIZES | TEXT, max_size=2),
)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.lists(CASES, min_size=1, max_size=4), TEXT)
def test_any_plan_ends_with_one_last_word_for_each_case(
    supervisor: Supervisor, targets: list[Target], cases: list[Case], baseline: str
) -> None:
    plan = Plan(tuple(cases), baseline, Settings(seconds=0.005, batch_seconds=0.001, step_seconds=20))
    ends = [event for event in supervisor.run(plan) if isinstance(event, CaseFinished)]
    assert Counter(end.case for end in ends) == Counter(range(len(cases)))
    assert all(end.status is Status.OK or end.reason for end in ends)
    ENDED.update(end.status for end in ends)


def test_some_of_those_plans_were_measured() -> None:
    assert ENDED[Status.OK] > 2
    assert ENDED[Status.FAILED] > 10


@pytest.mark.parametrize("engine", ["native"])
def test_a_worker_survives_commands_that_are_none(engine: str) -> None:
    from app.core.events import TargetsFound
    from app.worker.process import Worker
    from app.worker.protocol import FindTargets

    worker = Worker(engine)
    try:
        assert worker._process.stdin
        worker._process.stdin.write(b'garbage\n{"type": "Explode"}\n\xff\n')
        worker.send(FindTargets())
        answer = worker.receive(20)
        while isinstance(answer, Log):
            answer = worker.receive(20)
        assert isinstance(answer, TargetsFound)
    finally:
        worker.end()
