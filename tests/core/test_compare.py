"""Comparing sessions made by hand."""

import msgspec

from app.core.compare import compare, groups, match_targets, names
from app.core.measurement import Measurement, Status
from app.core.session import Session
from app.core.verdict import Verdict
from tests.core.test_rows import measured, session

BASE = session(measured("a", "f32", 0.4), measured("a", "fast", 0.1), measured("numpy", "f32", 0.2))


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


def test_a_session_is_the_same_as_itself() -> None:
    assert {c.verdict() for c in compare(BASE, BASE)} == {Verdict.SAME}


def test_machines_with_one_adapter_each_are_compared() -> None:
    other = renamed(BASE, a="x")
    assert match_targets(BASE, other) == {"a": "x", "numpy": "numpy"}
    assert {c.verdict() for c in compare(BASE, other)} == {Verdict.SAME}


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


def test_sessions_of_one_name_are_told_apart_by_date() -> None:
    assert names([("a", BASE), ("b", BASE)]) == ["a", "b"]
    assert names([("a", BASE), ("a", BASE)])[0] == "a (2026-01-01 00:00)"
