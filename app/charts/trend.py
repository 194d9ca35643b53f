"""One case over time: a curve per target and machine, with a mark where it changed."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from app.charts.panels import MOST_TOGETHER
from app.charts.picture import Axis, Curve, Guide, Lines, Scale, Spot
from app.figures import units
from app.figures.verdict import Verdict, wording
from app.findings.trend import Change

Place = tuple[str, str]
"""Target and machine."""


def trend_picture(title: str, found: Mapping[Place, Sequence[Change]]) -> tuple[Lines, tuple[int, ...]]:
    """The picture, and the session behind each whole number on its x axis, from 0 on."""
    when = {change.moment.session: change.moment.created for own in found.values() for change in own}
    sessions = tuple(sorted(when, key=lambda id: (when[id], id)))
    at = {id: float(i) for i, id in enumerate(sessions)}
    values = [
        v for own in found.values() for c in own for v in (c.moment.seconds, c.moment.low, c.moment.high)
    ]
    ends = [v for v in values if v] or [1.0]
    air = 0.25 * (Scale.LOG10.place(max(ends)) - Scale.LOG10.place(min(ends)))
    marks = {
        at[change.moment.session]: (wording(change.ratio, 0.0).partition(" (")[0], change.verdict)
        for own in found.values()
        for change in own
        if change.changed
    }
    picture = Lines(
        title=f"{title}: {_finding(found, len(sessions))}",
        caption="Each point is one run; a change is marked where it is more than intervals and usual steps",
        footer="",
        x=Axis("", Scale.LINEAR, ticks=tuple((at[id], local_time(when[id])) for id in sessions), air=0.5),
        y=Axis("time", Scale.LOG10, units.seconds, air=max(0.02, air)),
        curves=tuple(
            Curve(place, tuple(_spot(change, at[change.moment.session]) for change in own))
            for place, own in found.items()
        ),
        guides=tuple(_mark(words, x, (min(ends), max(ends)), how) for x, (words, how) in marks.items()),
        targets=tuple(dict.fromkeys(target for target, _ in found)),
        named=len(found) <= MOST_TOGETHER,
        labels={target: target for target, _ in found},
        variants=tuple(dict.fromkeys(machine for _, machine in found)),
    )
    return picture, sessions


def _finding(found: Mapping[Place, Sequence[Change]], runs: int) -> str:
    """``1.20× slower (1.18–1.22) since 2026-11-05 10:00``: the last change, wherever it was."""
    changes = [change for own in found.values() for change in own if change.changed]
    if not changes:
        return f"no change beyond noise in {runs} run{'s' * (runs != 1)}"
    last = max(changes, key=lambda change: change.moment.created)
    return f"{wording(last.ratio, 0.0)} since {local_time(last.moment.created)}"


def _mark(words: str, x: float, ends: Sequence[float], how: Verdict) -> Guide:
    """Upright, with its words at the end where the curve before it is not."""
    low, high = ends
    return Guide(words, ((x, high), (x, low)) if how is Verdict.FASTER else ((x, low), (x, high)))


def _spot(change: Change, x: float) -> Spot:
    moment = change.moment
    words = [local_time(moment.created), units.seconds(moment.seconds)]
    if moment.low is not None and moment.high is not None:
        words.append(f"{units.seconds(moment.low)} – {units.seconds(moment.high)}")
    if change.ratio:
        words.append(wording(change.ratio, 0.0, "the level before"))
    return Spot(
        x,
        moment.seconds,
        None,
        moment.low,
        moment.high,
        "  ·  ".join(words),
        flagged=change.changed,
        sure=moment.low is not None,
    )


def local_time(created: str) -> str:
    """A session's time where the user is; as it stands where it cannot be read."""
    try:
        there = datetime.strptime(created, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return created
    return f"{there.astimezone():%Y-%m-%d %H:%M}"
