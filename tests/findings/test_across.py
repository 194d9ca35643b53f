"""Many sessions beside each other, as one table."""

import csv
import io
import json

import pytest
from msgspec import structs

from app.core.measurement import Measurement, Status
from app.core.shape import Shape
from app.figures.verdict import Verdict
from app.findings.across import across
from app.storage.comparisons import comparison_csv, comparison_json, comparison_markdown, median
from tests.findings.test_compare import BASE, renamed
from tests.findings.test_rows import measured, session

SLOWER = session(measured("a", "f32", 0.8), measured("a", "fast", 0.2), measured("b", "f32", 1.0))
WRONG = session(measured("a", "fast", 0.1, Status.WRONG), measured("b", "f32", 1.0))


def test_a_line_for_every_case_of_any_session() -> None:
    found = across([("base", BASE), ("slower", SLOWER), ("wrong", WRONG)])
    assert found.names == ("base", "slower", "wrong")
    assert [(g.target.id, g.variant) for g in found.groups] == [
        ("a", "f32"), ("a", "fast"), ("numpy", "f32"), ("b", "f32"),
    ]  # fmt: skip
    fast = found.groups[1].sizes[0]
    assert [m.status if m else None for m in fast.measurements] == [Status.OK, Status.OK, Status.WRONG]
    assert [one.verdict() for one in fast.comparisons if one] == [Verdict.SLOWER, Verdict.NO_DATA]
    only = found.groups[3].sizes[0]
    assert only.measurements[0] is None
    assert [bool(m) for m in only.measurements[1:]] == [True, True]
    assert found.some
    assert [found.groups[1].count(i) for i in range(2)] == [1, 0]
    assert found.groups[1].means[1] is None


def test_another_machines_adapter_is_on_the_same_line() -> None:
    one = session(measured("a", "f32", 0.4), measured("a", "fast", 0.1))
    other = renamed(session(measured("a", "f32", 0.8), measured("a", "extra", 0.1)), a="other")
    found = across([("here", one), ("there", other)])
    assert [(g.target.id, g.variant) for g in found.groups] == [("a", "f32"), ("a", "fast"), ("a", "extra")]
    assert found.groups[0].means[0].value == pytest.approx(0.5)


def test_nothing_in_common() -> None:
    assert not across([("a", session(measured("a", "f32", 1.0))), ("b", session())]).some


def test_forms() -> None:
    found = across([("base", BASE), ("slower|", SLOWER), ("wrong", WRONG)])
    lines = list(csv.DictReader(io.StringIO(comparison_csv(found))))
    assert json.loads(comparison_json(found))[0]["ratio"] == pytest.approx(float(lines[0]["ratio"]))
    fast = next(r for r in lines if r["variant"] == "fast" and r["session"] == "wrong")
    assert (fast["verdict"], fast["median_s"], fast["ratio"]) == ("no data", "", "")
    assert fast["base_median_s"]
    table = comparison_markdown(found)
    head, _, first, *_ = table.splitlines()
    assert head == "| target | workload | variant | size | base | slower\\| | verdict | wrong | verdict |"
    assert "2.00× slower" in first
    assert [median(own) for own in found.groups[1].sizes[0].summaries][2] == "–"


def test_shapes_are_named_beside_those_of_every_session() -> None:
    def at(shape: Shape) -> Measurement:
        one = measured("a", "f32", 1.0)
        return structs.replace(one, case=structs.replace(one.case, shape=shape))

    tall, flat, square = at(Shape(64, 16)), at(Shape(16, 64)), at(Shape(32, 32))
    alone = across([("a", session(square)), ("b", session(square))])
    assert [size.name for size in alone.groups[0].sizes] == ["32"]
    found = across([("a", session(square, tall)), ("b", session(flat, square))])
    assert [size.name for size in found.groups[0].sizes] == ["16x64", "32x32", "64x16"]
    assert [line.split(" | ")[3] for line in comparison_markdown(found).splitlines()[2:5]] == [
        "16x64", "32x32", "64x16",
    ]  # fmt: skip
