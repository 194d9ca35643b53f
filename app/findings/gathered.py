"""What thousands of sessions say together: which variant wins on which hardware, how often, how surely."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatch

import numpy as np
from msgspec import Struct

from app.core.baseline import first_match
from app.core.errors import KernelscopeError
from app.core.selection import known, split
from app.figures import units
from app.figures.statistics import median_interval, quantile

POINTS = np.dtype([("place", "<i4"), ("target", "<i4"), ("seconds", "<f8")])
"""``target`` numbers those of a session: two equal cards are the same hardware, and not one."""

FEWEST = 6
"""Sessions that tell which of them is an outlier."""

FAR = 5.0
"""Scaled median absolute deviations from the median, in logarithms, beyond which a figure is set aside.

(Hampel's identifier: Davies and Gather, The Identification of Multiple Outliers, 1993, with a bound of 5.)
"""

BASELINE = "f32,f32-scalar"
"""What speedups are over, unless somebody says otherwise: the first of these that a runtime has."""

NEAR = 1.1
"""What differs by less is never set aside, however alike the others are."""

SCALE = 1.4826
"""Of the median absolute deviation to the standard deviation of a normal distribution."""


class Place(Struct, frozen=True):
    """What a figure is of: hardware, its driver, a kernel at a shape."""

    hardware: str
    driver: str
    runtime: str
    workload: str
    shape: str
    variant: str


class Taken(Struct, frozen=True):
    """A session that counts: its file, when it was taken (ISO 8601, UTC) and by which version."""

    path: str
    created: str
    version: str


class Points:
    """Medians in seconds, ``points[i]`` of session ``sessions[of[i]]``; ``left`` are files with reasons."""

    def __init__(
        self,
        places: Mapping[int, Place],
        sessions: Sequence[Taken],
        of: np.ndarray,
        points: np.ndarray,
        left: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.places, self.sessions, self.of, self.points, self.left = places, sessions, of, points, left


class Filter(Struct, frozen=True):
    """Which sessions and figures count: dates from ``since`` to ``until`` inclusive, the rest by pattern."""

    since: str = ""
    until: str = ""
    version: str = ""
    driver: str = ""
    hardware: str = ""
    workload: str = ""
    size: str = ""


class Spread(Struct, frozen=True):
    """A variant on some hardware over ``count`` sessions, equal cards of one apart: its speedups' median.

    ``low`` and ``high`` are the 95 % interval of the median, None for fewer than six sessions. It was the
    fastest in ``wins`` of them; ``aside`` were set aside.
    """

    hardware: str
    variant: str
    count: int
    median: float
    lower: float
    upper: float
    low: float | None
    high: float | None
    wins: int
    aside: int = 0
    is_baseline: bool = False

    @property
    def words(self) -> str:
        """``1.82× (1.7–1.9) in 120 sessions, fastest in 80``."""
        times = units.speedup(self.median, self.low, self.high)
        return f"{times} in {self.count} session{'s' * (self.count != 1)}, fastest in {self.wins}"


class Aside(Struct, frozen=True):
    """A figure that does not count: the session's file, of what, and why."""

    path: str
    what: str
    reason: str


class Gathered(Struct, frozen=True):
    """One workload at one shape on all hardware: a spread for each variant that ran there."""

    workload: str
    shape: str
    baseline: str
    sessions: int
    spreads: tuple[Spread, ...]
    aside: tuple[Aside, ...]
    left: tuple[tuple[str, str], ...]
    drivers: tuple[str, ...]
    dates: tuple[str, str]
    others: tuple[str, ...] = ()
    """The other workloads and shapes that there are: ``matmul 512x512x512``."""

    @property
    def hardware(self) -> tuple[str, ...]:
        """That of the most sessions first."""
        counts: Counter[str] = Counter()
        for spread in self.spreads:
            counts[spread.hardware] = max(counts[spread.hardware], spread.count)
        return tuple(name for name, _ in counts.most_common())

    @property
    def variants(self) -> tuple[str, ...]:
        """By name, the baseline first."""
        names = {spread.variant: spread.is_baseline for spread in self.spreads}
        return tuple(sorted(names, key=lambda name: (not names[name], name)))

    def winner(self, hardware: str) -> Spread:
        """The variant that was fastest there in the most sessions; of equals that with the larger median."""
        own = [spread for spread in self.spreads if spread.hardware == hardware]
        return max(own, key=lambda spread: (spread.wins, spread.median))

    @property
    def finding(self) -> str:
        """``u8-dot4 wins on 5 of 9 kinds of hardware``; the fastest of most of them."""
        wins = Counter(self.winner(name).variant for name in self.hardware)
        (best, count), *_ = wins.most_common(1)
        if len(self.hardware) == 1:
            return f"{best} wins on {self.hardware[0]}: {self.winner(self.hardware[0]).words}"
        return f"{best} wins on {count} of {len(self.hardware)} kinds of hardware"


def gathered(points: Points, wanted: Filter, baseline: str = BASELINE) -> Gathered:
    """What the points say of one workload and shape: those named, else those with the most figures.

    Raises:
        KernelscopeError: nothing is left, or a name matches nothing.
    """
    chosen = _chosen(points, wanted)
    if not chosen.any():
        raise KernelscopeError("no session is left: nothing there has a result, or no filter lets it through")
    ids, inverse = np.unique(points.points["place"][chosen], return_inverse=True)
    places = [points.places[int(id)] for id in ids]
    counts = np.bincount(inverse, minlength=len(ids))
    workload, shape = _subject(places, counts, wanted)
    here = np.array([(place.workload, place.shape) == (workload, shape) for place in places])
    keep = here[inverse]
    own = _Own(points, places, inverse[keep], np.flatnonzero(chosen)[keep], baseline)
    spreads, aside = own.spreads()
    if not spreads:
        raise KernelscopeError(
            f"no session has {workload} {shape} with its baseline {baseline}: give --baseline"
        )
    sessions = {int(one) for one in own.session}
    dates = sorted(points.sessions[one].created[:10] for one in sessions)
    others = Counter((p.workload, p.shape) for p in places if (p.workload, p.shape) != (workload, shape))
    return Gathered(
        workload,
        shape,
        baseline,
        len(sessions),
        tuple(spreads),
        tuple(aside),
        tuple(points.left),
        tuple(sorted({places[int(i)].driver for i in set(own.place.tolist()) if places[int(i)].driver})),
        (dates[0], dates[-1]),
        tuple(f"{name} {size}" for name, size in sorted(others)),
    )


def _chosen(points: Points, wanted: Filter) -> np.ndarray:
    """Which points the filters let through."""
    sessions = np.array(
        [
            (not wanted.since or one.created[: len(wanted.since)] >= wanted.since)
            and (not wanted.until or one.created[: len(wanted.until)] <= wanted.until)
            and _matches(wanted.version, one.version)
            for one in points.sessions
        ],
        dtype=bool,
    )
    most = max(points.places, default=0) + 1
    places = np.zeros(most, dtype=bool)
    for id, place in points.places.items():
        pairs = (
            (wanted.driver, place.driver),
            (wanted.hardware, place.hardware),
            (wanted.workload, place.workload),
        )
        places[id] = all(_matches(words, name) for words, name in pairs)
    return sessions[points.of] & places[points.points["place"]] if len(points.points) else np.zeros(0, bool)


def _matches(words: str, name: str) -> bool:
    patterns = split([words])
    return not patterns or any(fnmatch(name.lower(), pattern.lower()) for pattern in patterns)


def _subject(places: Sequence[Place], counts: np.ndarray, wanted: Filter) -> tuple[str, str]:
    """The workload and shape with the most figures, the larger of equals, of those that are wanted."""
    found: Counter[tuple[str, str]] = Counter()
    for place, count in zip(places, counts, strict=True):
        found[place.workload, place.shape] += int(count)
    sizes = {
        key: count
        for key, count in found.items()
        if not wanted.size or key[1] == _spelled(wanted.size, key[1])
    }
    if not sizes:
        raise KernelscopeError(
            f"no size {wanted.size!r}; {known((shape for _, shape in found), wanted.size)}"
        )
    return max(sizes, key=lambda key: (sizes[key], [int(n) for n in key[1].split("x") if n.isdigit()]))


def _spelled(size: str, shape: str) -> str:
    """``4096`` as the square that ``shape`` may be."""
    return "x".join([size] * (shape.count("x") + 1)) if size.isdigit() else size


class _Own:
    """The points of one workload and shape."""

    def __init__(
        self, points: Points, places: Sequence[Place], place: np.ndarray, at: np.ndarray, baseline: str
    ) -> None:
        self._points, self._places, self._baseline = points, places, baseline
        self.place, self.session = place, points.of[at]
        self.seconds = points.points["seconds"][at]
        self._target = points.points["target"][at].astype(np.int64)

    def spreads(self) -> tuple[list[Spread], list[Aside]]:
        """A spread for each kernel on each hardware that its baseline ran on too, and what was set aside."""
        groups: dict[tuple[str, str, str], list[int]] = {}
        for i in sorted(set(self.place.tolist())):
            one = self._places[i]
            groups.setdefault((one.hardware, one.driver, one.runtime), []).append(i)
        logs: dict[tuple[str, str], list[np.ndarray]] = {}
        wins: Counter[tuple[str, str]] = Counter()
        asides: list[Aside] = []
        away: Counter[tuple[str, str]] = Counter()
        bases: set[tuple[str, str]] = set()
        for (hardware, _, _), ids in groups.items():
            table, sessions = self._table(ids)
            names = [self._places[i].variant for i in ids]
            base = names.index(first_match(names, self._baseline))
            bases.add((hardware, names[base]))
            both = ~np.isnan(table[:, base])
            table, sessions = table[both], sessions[both]
            speedups = np.log(table[:, [base]] / table)
            for column, name in enumerate(names):
                key = (hardware, name)
                far = _far(speedups[:, column])
                asides += self._asides(key, speedups[:, column], far, sessions)
                away[key] += int(far.sum())
                table[far, column] = speedups[far, column] = np.nan
                logs.setdefault(key, []).append(speedups[:, column][~np.isnan(speedups[:, column])])
            several = (~np.isnan(table)).sum(axis=1) > 1
            for column in np.nanargmin(table[several], axis=1) if several.any() else ():
                wins[hardware, names[int(column)]] += 1
        spreads = []
        for key, parts in logs.items():
            values = np.sort(np.concatenate(parts))
            if not len(values):
                continue
            low, high = median_interval(values) or (None, None)
            median, lower, upper = (float(np.exp(quantile(values, part))) for part in (0.5, 0.25, 0.75))
            spreads.append(
                Spread(
                    *key,
                    len(values),
                    median,
                    lower,
                    upper,
                    None if low is None else float(np.exp(low)),
                    None if high is None else float(np.exp(high)),
                    wins[key],
                    away[key],
                    key in bases,
                )
            )
        return spreads, asides

    def _table(self, ids: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
        """Seconds by target of a session and kernel, NaN where there are none; and the sessions."""
        order = np.full(int(self.place.max()) + 1, -1)
        order[list(ids)] = np.arange(len(ids))
        mine = order[self.place] >= 0
        ones, rows = np.unique((self.session[mine] << 32) | self._target[mine], return_inverse=True)
        sessions = ones >> 32
        table = np.full((len(sessions), len(ids)), np.nan)
        table[rows, order[self.place[mine]]] = self.seconds[mine]
        return table, sessions

    def _asides(
        self, key: tuple[str, str], logs: np.ndarray, far: np.ndarray, sessions: np.ndarray
    ) -> Iterable[Aside]:
        if not far.any():
            return
        hardware, name = key
        rest = np.sort(logs[~far & ~np.isnan(logs)])
        usual = units.listed([units.times(float(np.exp(rest[k]))) for k in (0, -1)])
        for i in np.flatnonzero(far):
            yield Aside(
                self._points.sessions[int(sessions[i])].path,
                f"{name} on {hardware}",
                f"{units.times(float(np.exp(logs[i])))}, where {len(rest)} others lie between {usual}",
            )


def _far(logs: np.ndarray) -> np.ndarray:
    """Which of these lie too far from the others to be of the same thing."""
    there = logs[~np.isnan(logs)]
    if len(there) < FEWEST:
        return np.zeros(len(logs), dtype=bool)
    middle = np.median(there)
    bound = max(FAR * SCALE * float(np.median(np.abs(there - middle))), float(np.log(NEAR)))
    with np.errstate(invalid="ignore"):
        return np.asarray(np.abs(logs - middle) > bound)
