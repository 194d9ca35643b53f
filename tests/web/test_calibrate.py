"""A published page calibrates as the program does: both on one scripted clock."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.measure.calibrate import Pace, adds_up, check_left_out, find_pace
from app.measure.verify import WrongResult
from app.measure.visits import Length, lengths, visit
from tests.web.modules import Clock, Scripted, close, page

LEFT_OUT = {
    "none": lambda n: n,
    "half": lambda n: -(-n // 2),
    "beyond 20": lambda n: min(n, 20),
    "all": lambda n: 1,
}
STEPS = [0.0, 5e-6, 1e-4]


@st.composite
def kernels(draw: st.DrawFn, lazy: bool = True) -> dict[str, Any]:
    """What makes a scripted kernel: see ``scripted``."""
    return {
        "each": 10.0 ** draw(st.floats(-8.5, 0)),
        "fixed": draw(st.sampled_from([0.0, 2e-5, 1.5e-4, 0.004, 0.03])),
        "step": draw(st.sampled_from(STEPS)),
        "left_out": draw(st.sampled_from(list(LEFT_OUT))) if lazy else "none",
        "waits": draw(st.lists(st.sampled_from([0.0, 0.0, 0.0, 1e-4, 4e-3, 0.02]), max_size=40)),
        "no_data": draw(st.sampled_from([0, 0, 0, 1, 2, 7])),
        "first": draw(st.sampled_from([0.0, 1e-5, 0.01])),
        "idle": draw(st.sampled_from([0.0, 0.001, 0.09])),
        "busy": draw(st.sampled_from([1.0, 1.3])),
    }


def scripted(clock: Clock, made: dict[str, Any]) -> Scripted:
    """Takes ``fixed`` seconds and ``each`` for every run not ``left_out``, by a clock that goes in steps.

    The first calls wait, and every so many give no data.
    """

    def rule(repeats: int, call: int) -> float:
        if made["no_data"] and call % made["no_data"] == made["no_data"] - 1:
            return -1.0 if call % 2 else 0.0
        waits = made["waits"]
        seconds = made["fixed"] + made["each"] * LEFT_OUT[made["left_out"]](repeats)
        seconds += waits[call] if call < len(waits) else 0.0
        return math.floor(seconds / made["step"]) * made["step"] if made["step"] else seconds

    return Scripted(clock, rule, made["first"], made["idle"], made["busy"])


CALIBRATES = """(async () => {
  const kernel = new Played(played);
  const found = { asked: kernel.asked };
  try {
    const pace = await web.findPace(kernel, step);
    found.repeats = pace.repeats(batch);
    found.figures = [pace.run, pace.fixed, pace.runBeside(fixed)];
    if (!(await web.addsUp(pace, found.repeats))) await web.checkLeftOut(kernel, found.repeats);
  } catch (error) {
    found.wrong = error.message;
  }
  return found;
})()"""


@settings(max_examples=300, deadline=None)
@given(made=kernels(), batch=st.sampled_from([0.001, 0.003, 0.015]))
def test_it_asks_for_the_same_runs_and_finds_the_same(made: dict[str, Any], batch: float) -> None:
    clock = Clock()
    kernel = scripted(clock, made)
    expected: dict[str, Any] = {}
    with clock.ticking():
        try:
            pace = find_pace(kernel, made["step"])
            expected["repeats"] = pace.repeats(batch)
            expected["figures"] = [pace.run, pace.fixed, pace.run_beside(1e-4)]
            if not adds_up(pace, expected["repeats"]):
                check_left_out(kernel, expected["repeats"])
        except WrongResult as wrong:
            expected["wrong"] = str(wrong)
    expected["asked"] = kernel.asked
    found = page().value(CALIBRATES, played=kernel.played, step=made["step"], batch=batch, fixed=1e-4)
    assert close(found.pop("figures", []), expected.pop("figures", []))
    assert found == expected


@pytest.mark.parametrize("left_out", ["beyond 20", "all"])
def test_runs_that_are_left_out_show(left_out: str) -> None:
    plain = {"fixed": 0, "step": 0, "waits": [], "no_data": 0, "first": 0, "idle": 0, "busy": 1}
    clock = Clock()
    kernel = scripted(clock, {**plain, "each": 1e-3, "left_out": left_out})
    said = ""
    with clock.ticking():
        try:
            pace = find_pace(kernel)
            repeats = pace.repeats(0.04)
            if not adds_up(pace, repeats):
                check_left_out(kernel, repeats)
        except WrongResult as wrong:
            said = str(wrong)
    found = page().value(CALIBRATES, played=kernel.played, step=0, batch=0.04, fixed=0)
    assert "do nothing" in said
    assert found["wrong"] == said


LENGTHS = """(async () => {
  const paces = [];
  for (const { played, repeats, seen } of group) {
    const kernel = new Played(played);
    const pace = new web.Pace(kernel);
    for (const [count] of played.said) await pace.look(count);
    if (seen) pace.correct(repeats, seen);
    paces.push(pace);
  }
  return web.lengths(paces, step, visit, seconds);
})()"""


@settings(max_examples=200, deadline=None)
@given(
    group=st.lists(
        st.tuples(kernels(lazy=False), st.sampled_from([0.0, 0.0, 0.002, 0.05])), min_size=1, max_size=5
    ),
    step=st.sampled_from(STEPS),
    length=st.sampled_from([0.001, 0.015]),
    seconds=st.sampled_from([0.02, 0.5, 3.0]),
)
def test_visits_are_as_long_and_as_many(
    group: list[tuple[dict[str, Any], float]], step: float, length: float, seconds: float
) -> None:
    clock, paces, given = Clock(), [], []
    for made, seen in group:
        kernel = scripted(clock, made)
        pace = Pace(kernel)
        with clock.ticking():
            for repeats in (1, 2, 4, 8):
                pace.look(repeats)
        if seen:
            pace.correct(6, seen)
        paces.append(pace)
        given.append({"played": kernel.played, "repeats": 6, "seen": seen})
    expected = lengths(paces, step, length, seconds)
    found = page().value(LENGTHS, group=given, step=step, visit=length, seconds=seconds)
    for ours, theirs in zip(found, expected, strict=True):
        assert (ours["repeats"], ours["batches"], ours["rounds"]) == (
            theirs.repeats,
            theirs.batches,
            theirs.rounds,
        )
        assert close([ours["seconds"]], [theirs.seconds])


def test_halves_are_rounded_as_in_python() -> None:
    figures = [0.5, 1.5, 2.5, 3.49999, 3.5, 4.50001, 1e6 + 0.5, 7.0]
    assert page().value("figures.map(web.nearest)", figures=figures) == [round(figure) for figure in figures]


@settings(max_examples=100, deadline=None)
@given(
    times=st.lists(st.one_of(st.just(0.0), st.floats(1e-6, 1e-2)), min_size=15, max_size=15),
    batches=st.integers(1, 14),
)
def test_a_visit_finds_the_same(times: list[float], batches: int) -> None:
    kernel = Scripted(Clock(), lambda _, call: times[call])
    expected = visit(kernel, Length(7, batches, 1, 0.0))
    found = page().value(
        "web.visit(new Played(played), { repeats: 7, batches })", played=kernel.played, batches=batches
    )
    assert len(kernel.said) == batches + (batches >= 3), "one batch of three or more does not count"
    if expected is None:
        assert found is None
    else:
        assert close(list(found.values()), [expected.seconds, expected.middle, expected.disturbed])


@pytest.mark.parametrize(("batches", "counts"), [(7, 0), (8, 1), (14, 1)])
def test_of_many_batches_the_second_shortest_counts(batches: int, counts: int) -> None:
    times = [0.5, *np.linspace(1, 2, batches)]
    kernel = Scripted(Clock(), lambda _, call: times[call])
    visit(kernel, Length(1, batches, 1, 0.0))
    found = page().value(
        "web.visit(new Played(played), { repeats: 1, batches })", played=kernel.played, batches=batches
    )
    assert found["seconds"] == pytest.approx(times[1 + counts])
