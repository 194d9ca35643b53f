"""The Live mode: how speedups settle, single rounds, and drift, from any session."""

import dataclasses
from typing import Any

import pytest
from msgspec import structs

from app.charts.bar_groups import Bars
from app.charts.modes import bars, live
from app.charts.picture import Empty, Lines
from app.charts.scene import Scene, View
from app.core.measurement import Measurement
from app.findings.rows import rows
from app.workloads import workloads
from tests.gui.made import BARE, FULL, NATIVE, samples, session

ROUNDS = 400


def longer(m: Measurement) -> Measurement:
    """Many rounds; the second half of them a tenth slower, whatever the variant."""
    first = samples(m.samples[0], ROUNDS // 2)
    return structs.replace(m, samples=(*first, *(1.1 * s for s in first)))


def scene(form: str, baseline: str = "f32", targets: Any = (FULL, BARE)) -> Scene:
    made = session(targets, baseline, longer)
    return Scene(made, rows(made, workloads(), baseline), workloads(), baseline, View("live", quantity=form))


def lines(form: str, **more: Any) -> Lines:
    picture = live.make(scene(form, **more))
    assert isinstance(picture, Lines)
    assert picture.curves
    return picture


def test_intervals_shrink_as_rounds_come() -> None:
    for curve in lines("settling").curves:
        spots = curve.spots
        assert spots[0].x == 6
        assert spots[-1].x == ROUNDS
        widths = [s.high - s.low for s in spots if s.low and s.high]
        assert widths[-1] <= widths[0]
        last = spots[-1]
        assert last.row is not None
        assert last.row.speedup is not None
        assert (last.y, last.low, last.high) == pytest.approx(
            (last.row.speedup.value, last.row.speedup.low, last.row.speedup.high)
        )


def test_the_base_line_has_no_curve_of_its_own() -> None:
    assert ("full", "f32") not in {curve.key for curve in lines("settling").curves}
    fixed = lines("settling", baseline="numpy/f32", targets=(FULL, NATIVE))
    assert ("full", "f32") in {curve.key for curve in fixed.curves}


def test_the_last_rounds_show_one_by_one() -> None:
    for curve in lines("samples").curves:
        assert [s.x for s in curve.spots] == list(range(ROUNDS - live.LAST + 1, ROUNDS + 1))
        assert not curve.joined


def test_drift_shows_what_slows_everything_down() -> None:
    for curve in lines("drift").curves:
        assert curve.spots[-1].y / curve.spots[0].y == pytest.approx(1.1, abs=0.02)


def test_bars_are_those_of_the_mode_of_that_name() -> None:
    picture = live.make(scene("bars"))
    assert isinstance(picture, Bars)
    assert [bar.key for group in picture.groups for bar in group.bars]
    assert picture.spots == bars.make(scene("bars")).spots


def test_nothing_yet_says_so() -> None:
    whole = scene("settling")
    empty = live.make(dataclasses.replace(whole, rows=[]))
    assert isinstance(empty, Empty)
    assert empty.heading == "No results to draw"
    assert "matvec" in empty.advice


def test_intervals_stand_beside_their_goal() -> None:
    picture = lines("goal")
    goal = scene("goal").session.plan.settings.precision
    (guide,) = picture.guides
    assert {y for _, y in guide.places} == {goal}
    widths = {curve.key: [spot.y for spot in curve.spots] for curve in picture.curves}
    assert widths
    for curve in lines("settling").curves:
        last = curve.spots[-1]
        assert last.low
        assert last.high
        width = (last.high - last.low) / (last.high + last.low)
        assert widths.get(curve.key, [0.0])[-1] == pytest.approx(width, abs=1e-12)
    sure = sum(own[-1] <= goal for own in widths.values())
    assert picture.remark.startswith(f"{sure} of {len(widths)} speedups are as sure as asked for")
