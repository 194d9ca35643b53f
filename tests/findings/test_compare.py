"""Comparing sessions made by hand."""

import msgspec
import pytest

from app.core.code import Summary
from app.core.measurement import Measurement, Status
from app.core.session import Session
from app.figures.verdict import Verdict
from app.findings.compare import HINT, compare, groups, match_targets, names
from tests.findings.test_rows import measured, session

BASE = session(measured("a", "f32", 0.4), measured("a", "fast", 0.1), measured("numpy", "f32", 0.2))


def thrice(where: Session, *speeds: float) -> Session:
    """The same session as if measured with three instances, which differ as ``speeds`` do."""

    def prepared(m: Measurement) -> Measurement:
        found = tuple(s * (speeds or (1.0,) * 3)[i % 3] for i, s in enumerate(m.samples))
        return msgspec.structs.replace(m, samples=found, instances=3)

    return msgspec.structs.replace(where, measurements=tuple(map(prepared, where.measurements)))


def against(times: float) -> Session:
    """What ``BASE`` measured first, so many times as fast."""
    return session(measured("a", "f32", 0.4 / times))


def renamed(where: Session, **ids: str) -> Session:
    """The same session on targets of other names."""
    targets = tuple(
        msgspec.structs.replace(t, id=ids[t.id], label=ids[t.id].upper()) if t.id in ids else t
        for t in where.targets
    )

    def moved(m: Measurement) -> Measurement:
        case = msgspec.structs.replace(m.case, target=ids.get(m.case.target, m.case.target))
        return msgspec.structs.replace(m, case=case)

    return msgspec.structs.replace(
        where, targets=targets, measurements=tuple(moved(m) for m in where.measurements)
    )


def test_a_compiler_that_spills_now_is_named_beside_the_times() -> None:
    before = Summary(loop=117, cost=0.81, compiler="wasmtime 50.0.1")
    after = Summary(loop=150, cost=1.04, spills=4, compiler="wasmtime 51.0.0")

    def with_code(seconds: float, code: Summary) -> Session:
        return session(msgspec.structs.replace(measured("a", "f32", seconds), code=code))

    (one,) = compare(with_code(0.1, before), with_code(0.2, after))
    assert one.verdict() is Verdict.SLOWER
    assert one.reason == (
        "its hot loop went from 117 to 150 instructions, spills from 0 to 4 "
        "(wasmtime 50.0.1, then wasmtime 51.0.0)"
    )
    (same,) = compare(with_code(0.1, before), with_code(0.1, before))
    assert same.reason == ""


def test_every_case_gets_a_verdict() -> None:
    other = session(
        measured("a", "f32", 0.2),
        measured("a", "fast", 0.1, Status.WRONG),
        measured("b", "f32", 1.0),
    )
    found = compare(BASE, other)
    assert [(c.measurement.case.target, c.measurement.case.variant, c.verdict()) for c in found] == [
        ("a", "f32", Verdict.FASTER),
        ("a", "fast", Verdict.NO_DATA),
        ("numpy", "f32", Verdict.NO_DATA),
        ("b", "f32", Verdict.NO_DATA),
    ]
    assert [c.reason for c in found] == [
        "",
        "wrong result in this session",
        "not in this session",
        "not in the first session",
    ]
    assert [c.broken for c in found] == [False, True, False, False]
    ratio = found[0].ratio
    assert ratio is not None
    assert round(ratio.value, 3) == 2.0


def test_a_session_is_the_same_as_itself_where_instances_tell_how_much_they_differ() -> None:
    assert {c.verdict() for c in compare(thrice(BASE), thrice(BASE))} == {Verdict.SAME}
    assert {c.hint() for c in compare(thrice(BASE), thrice(BASE))} == {""}


@pytest.mark.parametrize("some", [thrice(BASE), BASE], ids=["three against one", "one against one"])
def test_processes_that_may_differ_by_themselves_are_not_told_apart(some: Session) -> None:
    """Preparing a kernel once more was seen to change it 1.13-fold: less says nothing, not even "same"."""
    for times, expected in ((1.0, Verdict.NOT_SURE), (1.12, Verdict.NOT_SURE), (1.2, Verdict.FASTER)):
        found = compare(some, against(times))[0]
        assert found.verdict() is expected
        assert found.hint() == (HINT if expected is Verdict.NOT_SURE else "")
    assert compare(some, against(1.2))[0].verdict(margin=0.25) is Verdict.NOT_SURE
    assert "--instances 3" in HINT


def test_faster_is_what_every_instance_is() -> None:
    before = thrice(BASE, 1.0, 1.01, 1.02)
    for speeds, expected in (
        ((1.05, 1.06, 1.07), Verdict.SLOWER),
        ((1.03, 1.06, 1.07), Verdict.NOT_SURE),  # 1.03 over 1.02: one may be as fast as one of those before
        ((0.99, 1.0, 1.01), Verdict.NOT_SURE),
    ):
        found = compare(before, thrice(BASE, *speeds))[0]
        assert found.verdict() is expected
        assert found.ratio is not None
        assert found.ratio.low == pytest.approx(1.0 / max(speeds), rel=0.003)
        assert found.ratio.high == pytest.approx(1.02 / min(speeds), rel=0.003)
    assert compare(thrice(BASE), thrice(BASE, 1.005, 1.0, 0.995))[0].verdict() is Verdict.SAME


def test_two_instances_are_too_few() -> None:
    """Two of one and two of the other all lie on one side in one of three cases, by chance."""
    few = msgspec.structs.replace(BASE.measurements[0], instances=2)
    (found,) = compare(session(few), session(few))
    assert (found.verdict(), found.hint()) == (Verdict.NOT_SURE, HINT)


def test_machines_with_one_adapter_each_are_compared() -> None:
    here = thrice(BASE)
    other = renamed(here, a="x")
    assert match_targets(here, other) == {"a": "x", "numpy": "numpy"}
    assert {c.verdict() for c in compare(here, other)} == {Verdict.SAME}


def test_nobody_guesses_between_two_adapters() -> None:
    two = session(measured("a", "f32", 0.4), measured("b", "f32", 0.4))
    other = renamed(two, a="x", b="y")
    assert match_targets(two, other) == {}
    assert match_targets(two, renamed(two, b="y")) == {"a": "a", "b": "y"}


def test_other_parameters_are_said() -> None:
    first = BASE.measurements[0]
    tuned = msgspec.structs.replace(first, case=msgspec.structs.replace(first.case, parameters={"rows": 2}))
    assert compare(BASE, session(tuned))[0].reason == "other parameters"


def test_groups_are_geometric_means() -> None:
    (mean,) = groups(compare(session(measured("a", "f32", 0.4)), session(measured("a", "f32", 0.1))))
    assert (mean.variant, mean.cases, round(mean.mean.value, 3)) == ("f32", 1, 4.0)


def test_many_cases_do_not_average_out_what_two_processes_differ_by() -> None:
    several = [measured("a", "f32", 0.4, rows=64 << i) for i in range(9)]
    faster = [measured("a", "f32", 0.4 / 1.1, rows=64 << i) for i in range(9)]
    (mean,) = groups(compare(session(*several), session(*faster)))
    assert mean.cases == 9
    assert mean.mean.low is not None
    assert mean.mean.low < 1


def test_sessions_of_one_name_are_told_apart_by_date() -> None:
    assert names([("a", BASE), ("b", BASE)]) == ["a", "b"]
    assert names([("a", BASE), ("a", BASE)])[0] == "a (2026-01-01 00:00)"
