"""Passes of a live run in the recorder: rounds stay aligned, memory bounded, a cut pass spoils nothing."""

import pytest
from msgspec import structs

from app.core import recorder as module
from app.core.events import AnyEvent, CaseFinished, CaseOpened, CaseSampled, CaseVerified, PassStarted
from app.core.measurement import Error, Status, Stretch
from app.core.pairs import pairs, ratio
from app.core.plan import Case, Plan, Settings
from app.core.recorder import Recorder
from app.core.session import Host
from app.core.shape import Shape

GOOD = Error(1e-7, 1e-6, 1e-7, 1e-6, 1e-5)
CASES = tuple(Case("t", "matvec", name, Shape(8, 8)) for name in ("f32", "u8"))


@pytest.fixture
def recorder() -> Recorder:
    plan = Plan(CASES, settings=Settings(rounds=3))
    return Recorder(plan, Host("", "", 1, 1, ""), (), (), "0")


def feed(recorder: Recorder, *events: AnyEvent) -> None:
    for event in events:
        recorder.apply(event)


def whole_pass(recorder: Recorder, number: int, rounds: int = 3, ends: bool = True) -> None:
    feed(recorder, PassStarted(number))
    for i in range(len(CASES)):
        feed(recorder, CaseOpened(i), CaseVerified(i, GOOD))
    for k in range(rounds):
        feed(recorder, *(CaseSampled(i, 1, 100.0 * number + k, number, k) for i in range(len(CASES))))
    if ends:
        feed(recorder, *(CaseFinished(i, Status.OK, stop="done") for i in range(len(CASES))))


def samples(recorder: Recorder) -> list[tuple[float, ...]]:
    return [m.samples for m in recorder.session().measurements]


def test_passes_add_up(recorder: Recorder) -> None:
    whole_pass(recorder, 1)
    whole_pass(recorder, 2)
    assert samples(recorder) == [(100.0, 101.0, 102.0, 200.0, 201.0, 202.0)] * 2


def test_a_fresh_worker_starts_the_pass_over_and_no_other(recorder: Recorder) -> None:
    whole_pass(recorder, 1)
    whole_pass(recorder, 2, rounds=2, ends=False)
    feed(recorder, CaseOpened(0), CaseOpened(1))
    assert samples(recorder) == [(100.0, 101.0, 102.0)] * 2
    assert all(m.status is Status.OK for m in recorder.session().measurements)


def test_rounds_are_paired_by_what_they_are_and_not_by_their_place(recorder: Recorder) -> None:
    """A pass in which the baseline lacks a round, and one of which the two halves never met."""
    whole_pass(recorder, 1, rounds=6)
    feed(recorder, CaseSampled(0, 1, 103.0, life=1, round=6))
    whole_pass(recorder, 2, rounds=6)
    first, second = recorder.session().measurements
    assert len(first.samples) == len(second.samples) + 1
    assert pairs(first, second) == [(s, s) for s in second.samples]
    apart = structs.replace(second, stretches=(Stretch(7, 0, len(second.samples)),))
    assert pairs(first, apart) == []
    found = ratio(first, apart)
    assert found is not None
    assert found.unpaired


def test_a_stop_within_a_pass_keeps_the_passes_before_it(recorder: Recorder) -> None:
    whole_pass(recorder, 1)
    whole_pass(recorder, 2, rounds=1, ends=False)
    feed(recorder, *(CaseFinished(i, Status.CANCELLED, "too few") for i in range(2)))
    for m in recorder.session().measurements:
        assert (m.status, m.reason, m.stop) == (Status.OK, "", "stopped by the user")
        assert m.samples == (100.0, 101.0, 102.0)


def test_once_wrong_is_wrong(recorder: Recorder) -> None:
    whole_pass(recorder, 1)
    whole_pass(recorder, 2, ends=False)
    feed(recorder, CaseFinished(1, Status.WRONG, "off"))
    whole = recorder.session().measurements
    assert whole[1].status is Status.WRONG


def test_the_last_rounds_are_kept_and_said(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 6)
    for number in range(1, 6):
        whole_pass(recorder, number)
    first, second = recorder.session().measurements
    assert first.samples == second.samples == (*(300.0 + k for k in range(3)), *(400.0 + k for k in range(3)),
                                               *(500.0 + k for k in range(3)))  # fmt: skip
    assert first.stop == "done; the last 9 of 15 rounds"
