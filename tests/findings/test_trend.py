"""The trend marks changes, not noise."""

import numpy as np
import pytest

from app.figures.verdict import Verdict
from app.findings.trend import ENOUGH, Moment, trend


def moments(*seconds: float, width: float = 0.005) -> list[Moment]:
    return [
        Moment(i, f"2026-01-{i + 1:02}", s, s * (1 - width), s * (1 + width)) for i, s in enumerate(seconds)
    ]


def marked(*seconds: float) -> list[int]:
    return [i for i, change in enumerate(trend(moments(*seconds))) if change.changed]


def test_a_step_is_marked_once_and_begins_a_new_level() -> None:
    changes = trend(moments(1.0, 1.01, 1.0, 1.3, 1.31, 1.3, 0.9))
    assert [i for i, change in enumerate(changes) if change.changed] == [3, 6]
    assert changes[0].verdict is Verdict.NO_DATA
    assert changes[3].verdict is Verdict.SLOWER
    assert changes[4].verdict is Verdict.SAME
    assert changes[6].verdict is Verdict.FASTER


def test_a_machine_that_changes_daily_is_not_marked_daily() -> None:
    """Intervals within a session are narrow, days differ by a tenth: only the real step counts."""
    days = np.random.default_rng(4).lognormal(0, 0.05, 30)
    days[20:] *= 2
    found = marked(*days.tolist())
    assert 20 in found
    assert len(found) <= 2


def days(seed: int, differ: float, count: int = 30) -> np.ndarray:
    """Seconds of one case in many sessions; ``differ`` is the standard deviation of their logarithms."""
    return np.random.default_rng(seed).lognormal(-7, differ, count)


@pytest.mark.parametrize("differ", [0.01, 0.02, 0.05])
def test_sessions_that_only_differ_are_hardly_ever_marked(differ: float) -> None:
    """Of series of 30 sessions in which nothing changes, fewer than one in twenty gets a mark."""
    assert sum(bool(marked(*days(seed, differ).tolist())) for seed in range(300)) < 15


@pytest.mark.parametrize(("differ", "found"), [(0.01, 98), (0.02, 65)])
def test_a_real_change_of_a_tenth_is_found(differ: float, found: int) -> None:
    """At once or within three sessions more."""
    hits = 0
    for seed in range(100):
        changed = days(seed, differ)
        changed[15:] *= 1.1
        hits += any(15 <= i <= 18 for i in marked(*changed.tolist()))
    assert hits >= found


def test_until_enough_sessions_tell_they_may_differ_as_processes_do() -> None:
    assert marked(1.0, 1.1) == []
    assert marked(1.0, 1.2) == [1]
    assert marked(*[1.0] * (ENOUGH - 1), 1.1) == [ENOUGH - 1]


def test_slow_creep_is_seen_against_the_level_it_left() -> None:
    assert marked(*(1.005**i for i in range(20)))


def test_few_or_no_intervals_are_no_change() -> None:
    assert trend([]) == []
    assert not any(
        c.changed for c in trend([Moment(1, "a", 1.0, None, None), Moment(2, "b", 9.0, None, None)])
    )
