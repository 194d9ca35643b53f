"""A published page samples and stops as the program does: intervals, looks, and whole groups on one clock."""

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.events import AnyEvent, CaseCalibrated, CaseFinished, CaseSampled
from app.core.measurement import Error, Status
from app.core.plan import Settings
from app.core.program import Layout
from app.core.recorder import _stretches
from app.figures import statistics
from app.figures.statistics import look_score, median_interval, speedup
from app.figures.verdict import verdict
from app.measure.calibrate import find_pace
from app.measure.prepare import Ready
from app.measure.prepared import Prepared
from app.measure.sampling import Sampling
from app.measure.stopping import looks, why_stop
from tests.measure.waking import speed
from tests.web.modules import Clock, Scripted, close, page


@pytest.mark.parametrize("score", [1.0, 1.96, 2.05, 2.9, 3.45])
def test_intervals_are_the_same(score: float) -> None:
    random = np.random.default_rng(4)
    for count in (0, 1, 2, 5, 6, 7, 8, 16, 33, 100, 333, 1500):
        base, other = (np.exp(random.normal(-9, 0.1, count)).tolist() for _ in range(2))
        expected = speedup(base, other, paired=True, score=score)
        found = page().value("web.speedup(base, other, score)", base=base, other=other, score=score)
        if expected is None:
            assert found is None
            continue
        figures = [found["value"], found["low"], found["high"]]
        assert close(figures, [expected.value, expected.low, expected.high]), count
        assert page().value("web.verdict(ratio)", ratio=found) == verdict(expected)
        interval = median_interval(np.sort(base))
        assert page().value("web.medianInterval(base)", base=base) == (list(interval) if interval else None)


@given(low=st.floats(0.9, 1.1), high=st.floats(0.9, 1.1))
def test_verdicts_are_the_same(low: float, high: float) -> None:
    ratio = statistics.Ratio(1.0, min(low, high), max(low, high))
    given = {"value": 1.0, "low": ratio.low, "high": ratio.high}
    assert page().value("web.verdict(ratio)", ratio=given) == verdict(ratio)


@pytest.mark.parametrize("rounds", [1, 6, 8, 12, 30, 33, 100, 660])
def test_looks_and_their_scores_are_the_same(rounds: int) -> None:
    found = page().value("web.looks(rounds)", rounds=rounds)
    assert sorted(set(found)) == list(looks(rounds))
    for count in (*looks(rounds), 0):
        mine = page().value("web.lookScore(count, rounds)", count=count, rounds=rounds)
        assert close([mine], [look_score(count, rounds)])
    assert page().value("web.lookScore(8, 0)") == statistics.Z95


def test_the_level_of_a_score_is_that_of_the_normal_distribution() -> None:
    for score in (0.1, 1.0, 1.96, 2.05, 3.45):
        level = 2 * NormalDist().cdf(score) - 1
        places = page().value("[40, 200].map((n) => web.rank(n, score))", score=score)
        assert close(places, [statistics._rank(n, score) for n in (40, 200)]), level


@settings(max_examples=300, deadline=None)
@given(
    count=st.sampled_from([5, 6, 7, 8, 9, 16, 17, 33]),
    rounds=st.sampled_from([2, 8, 16, 33, 34]),
    ratio=st.sampled_from([1.0, 1.02, 1.03, 1.15, 0.5]),
    noise=st.sampled_from([1e-4, 2e-3, 8e-3, 0.02]),
    late=st.booleans(),
    alone=st.booleans(),
    seed=st.integers(0, 1000),
)
def test_decisions_are_the_same(
    count: int, rounds: int, ratio: float, noise: float, late: bool, alone: bool, seed: int
) -> None:
    random = np.random.default_rng(seed)
    base, ours = (np.exp(random.normal(0, noise, count)).tolist() for _ in range(2))
    ours = [one / ratio for one in ours]
    expected = why_stop(ours, None if alone else base, rounds, Settings(precision=0.01), late)
    found = page().value(
        "web.whyStop(ours, base, rounds, 0.01, late)",
        ours=ours,
        base=None if alone else base,
        rounds=rounds,
        late=late,
    )
    assert found == expected


SAMPLES = """(async () => {
  const cases = [];
  const result = ({ kernel, ended, length, visits }) => ({
    asked: kernel.asked, ended, length, visits: [...visits],
  });
  for (const played of group) {
    const kernel = new Played(played);
    const one = { kernel, visits: new Map(), judged: 0, ended: null };
    one.judge = async () => {
      one.judged++;
      if (played.wrong && played.wrong <= one.judged) throw new Error("wrong");
    };
    one.follows = async () => {};
    one.done = (stop, note) => { one.ended = ["ok", stop, note]; };
    one.failed = (error) => { one.ended = [error.kind ?? "wrong", error.message, ""]; };
    one.pace = await web.findPace(kernel, step);
    cases.push(one);
  }
  await new web.Sampling(cases, cases[base], settings, step, 3).run();
  return cases.map(result);
})()"""

KINDS = {"ok": "ok", "failed": "failed", "wrong result": "wrong"}


def noisy(clock: Clock, made: dict[str, Any]) -> Scripted:
    """A kernel with noise, which after some calls is so many times slower, or ``silent``: without data.

    Where it ``wakes`` its clock rises from an eighth, with a time constant of so many busy seconds.

    A lazy one leaves runs out of every count that is no power of two, where calibration does not look.
    """
    random = np.random.default_rng(made["seed"])
    noise = np.exp(random.normal(0, made["noise"], 4000)) + 5 * (random.random(4000) < 0.05)

    wakes, state = made.get("wakes", 0.0), [0.0]

    def rule(repeats: int, call: int) -> float:
        if made["silent"] and call > made["silent"] and (kernel.spare or not made["spare"]):
            return 0.0
        slower = made["slower"] if call > made["later"] else 1.0
        done = repeats * 0.3 if made["lazy"] and repeats & (repeats - 1) else repeats
        work = slower * made["each"] * done * float(noise[call % 4000]) / speed(wakes, state[0])
        state[0] += work
        return float(made["fixed"] + work)

    kernel = Scripted(
        clock, rule, busy=made["busy"], spare=made["spare"], together=made.get("together", False)
    )
    return kernel


cases = st.fixed_dictionaries(
    {
        "each": st.floats(-7, -2.2).map(lambda power: 10.0**power),
        "fixed": st.sampled_from([0.0, 1e-4]),
        "noise": st.sampled_from([1e-4, 0.01, 0.05]),
        "slower": st.sampled_from([1.0, 1.0, 1.3, 0.8, 0.4]),
        "later": st.sampled_from([20, 30, 60, 75, 150]),
        "lazy": st.sampled_from([False, False, False, True]),
        "silent": st.sampled_from([0, 0, 0, 1, 12, 200]),
        "wakes": st.sampled_from([0.0, 0.0, 0.02, 0.4]),
        "spare": st.booleans(),
        "together": st.booleans(),
        "busy": st.sampled_from([1.0, 1.0, 3.0, 9.0]),
        "wrong": st.sampled_from([0, 0, 0, 1, 2]),
        "seed": st.integers(0, 9),
    }
)


@settings(max_examples=60, deadline=None)
@given(
    group=st.lists(cases, min_size=1, max_size=4),
    base=st.sampled_from([0, 0, 1, -1]),
    step=st.sampled_from([0.0, 5e-6]),
    seconds=st.sampled_from([0.05, 0.5]),
)
def test_groups_are_sampled_alike(
    group: list[dict[str, Any]], base: int, step: float, seconds: float
) -> None:
    """Each kernel is asked for the same runs, in whatever order the cases of a round come."""
    own = Settings(seconds=seconds)
    clock, events = Clock(), list[AnyEvent]()
    prepared = []
    with clock.ticking():
        for index, made in enumerate(group):
            kernel = noisy(clock, made)
            prepared.append(Prepared(index, [_ready(kernel, made["wrong"])], find_pace(kernel, step)))
        baseline = base if 0 <= base < len(group) else None
        Sampling(prepared, baseline, own, step, 3, events.append, lambda: False).run()
    given = [
        {**one.at(0).kernel.played, "wrong": made["wrong"]} for one, made in zip(prepared, group, strict=True)
    ]
    plan = {
        "seconds": seconds,
        "precision": own.precision,
        "batch_seconds": own.batch_seconds,
        "seed": own.seed,
    }
    found = page().value(SAMPLES, group=given, base=base, settings=plan, step=step)
    for one, theirs in zip(found, prepared, strict=True):
        assert one["asked"] == theirs.at(0).kernel.asked
        (end,) = [e for e in events if isinstance(e, CaseFinished) and e.case == theirs.index]
        kind, words, note = one["ended"]
        assert kind == KINDS[end.status]
        assert words == (end.stop or end.reason) or "wrong" in words
        if end.status is Status.OK:  # one that is condemned as it is planned anew has no visits
            assert note == end.reason.rpartition("; ")[2]
            _same_visits(one, [e for e in events if getattr(e, "case", None) == theirs.index])


def test_a_clock_that_fails_gives_way_to_another_for_all_that_is_still_timed() -> None:
    plain = {"fixed": 0.0, "noise": 1e-4, "slower": 1.0, "later": 20, "lazy": False, "busy": 1.0, "seed": 1}
    group = [{**plain, "each": 1e-4, "silent": silent, "spare": True} for silent in (60, 0)]
    clock, events = Clock(), list[AnyEvent]()
    with clock.ticking():
        kernels = [noisy(clock, made) for made in group]
        ready = [Prepared(i, [_ready(kernel, 0)], find_pace(kernel)) for i, kernel in enumerate(kernels)]
        Sampling(ready, 0, Settings(precision=1e-9), 0.0, 3, events.append, lambda: False).run()
    assert not any(kernel.spare for kernel in kernels)
    ends = [event for event in events if isinstance(event, CaseFinished)]
    assert [end.status for end in ends] == [Status.OK, Status.OK]
    for index in range(2):
        mine = [event for event in events if getattr(event, "case", None) == index]
        told = [type(event).__name__ for event in mine]
        changed = told.index("CasePrepared")
        assert told.index("CaseSampled") < changed < len(told) - 1 - told[::-1].index("CaseCalibrated")
        again = [event.round for event in mine[changed:] if isinstance(event, CaseSampled)]
        assert again == list(range(len(again))), "rounds begin anew: what was sampled before is forgotten"


def test_dispatches_that_take_no_time_condemn_a_clock() -> None:
    seen = "pairs.map(([begin, end]) => ({ begin: BigInt(begin), end: BigInt(end) }))"
    for pairs, good in (
        ([[0, 0]] * 12, False),
        ([[5, 3]] * 12, False),
        ([[1, 2]] * 2 + [[7, 7]] * 10, False),
        ([[1, 2]] * 3 + [[7, 7]] * 9, True),
    ):
        assert page().value(f"web.works({seen})", pairs=pairs) is good


def _ready(kernel: Scripted, wrong: int) -> Ready:
    """A kernel without operands, whose result is wrong from the ``wrong``-th look at it on."""
    looked = iter(range(1, 1 << 30))

    def check(_: np.ndarray) -> Error:
        return Error(0, 0, 0, 0 if not wrong or next(looked) < wrong else 1, 1e-6)

    layout = Layout({}, {}, (np.dtype(np.float32), 1), tuple)
    return Ready(kernel, layout, "", "", None, check)


def _same_visits(found: dict[str, Any], events: Sequence[AnyEvent]) -> None:
    planned = [i for i, event in enumerate(events) if isinstance(event, CaseCalibrated)]
    if not planned:
        return
    length, sampled = events[planned[-1]], [e for e in events[planned[-1] :] if isinstance(e, CaseSampled)]
    assert isinstance(length, CaseCalibrated)
    mine = found["length"]
    assert (mine["repeats"], mine["batches"], mine["rounds"]) == (
        length.repeats,
        length.batches,
        length.rounds,
    )
    assert [number for number, _ in found["visits"]] == [event.round for event in sampled]
    for (_, visit), event in zip(found["visits"], sampled, strict=True):
        figures = [visit["seconds"], visit["middle"], visit["disturbed"]]
        assert close(figures, [event.seconds, event.middle, event.disturbed])


@given(rounds=st.sets(st.integers(0, 30)))
def test_rounds_that_follow_each_other_are_one_stretch(rounds: set[int]) -> None:
    found = page().value("web.stretches(5, rounds)", rounds=sorted(rounds))
    expected = _stretches([CaseSampled(0, 1, 1.0, 5, number) for number in sorted(rounds)])
    assert [(one["life"], one["first"], one["count"]) for one in found] == [
        (one.life, one.first, one.count) for one in expected
    ]


def test_the_order_of_a_round_is_random_and_the_same_for_the_same_seed() -> None:
    drawn = "rounds.map((i) => web.shuffled([0, 1, 2, 3], `1 0 ${i}`))"
    rounds = list(range(4800))
    orders = page().value(drawn, rounds=rounds)
    assert orders == page().value(drawn, rounds=rounds)
    assert orders[:1] != page().value("[web.shuffled([0, 1, 2, 3], '2 0 0')]") or orders[0] == [0, 1, 2, 3]
    counts = {tuple(order): orders.count(order) for order in orders}
    assert len(counts) == math.factorial(4)
    assert sum((count - 200) ** 2 / 200 for count in counts.values()) < 50, (
        "chi square, 23 degrees of freedom"
    )
    after = sum(a[-1] == b[0] for a, b in pairwise(orders))
    assert 1050 < after < 1350, "the next round begins with any of four"
