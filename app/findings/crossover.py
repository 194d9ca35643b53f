"""Crossover: from which size on a GPU is faster than the CPU beside it, with and without transfers.

At every size each side is taken at its best, among the verified variants that a page could use; to hold a
side to some variants, pass only their rows. A CPU engine computes where the data lies, since a page writes
operands into a Wasm memory and sees results there without a copy. A GPU call is taken three ways (``Way``),
from the kernel's samples and the target's measured links. These are the fastest seen and count as exact: the
intervals are those of the kernels, and transfers may cost more than is said, not less.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from itertools import pairwise

from msgspec import Struct

from app.core.shape import Shape, in_line, in_order, name_on_line
from app.core.target import Runtime, Target
from app.figures.statistics import Ratio, known_speedup
from app.figures.units import listed
from app.figures.verdict import MARGIN, Verdict, verdict
from app.findings.rows import Row


class Way(StrEnum):
    """What a call of the GPU includes.

    The kernel alone; activations brought up, a dispatch and the result brought down, with the weights there
    from before (inference); or every operand brought up for this one call.
    """

    KERNEL = "kernel alone"
    RESIDENT = "weights resident"
    UPLOADED = "everything uploaded"


_SECONDS: dict[Way, Callable[[Row], float | None]] = {
    Way.KERNEL: lambda row: row.summary.median if row.summary else None,
    Way.RESIDENT: lambda row: row.seconds_resident,
    Way.UPLOADED: lambda row: row.seconds_with_transfers,
}


class Course(StrEnum):
    """How the GPU fares from the smallest size measured to the largest."""

    OVERTAKES = "overtakes"
    AHEAD = "ahead"
    BEHIND = "behind"
    TURNS = "takes turns"
    NOT_SURE = "not sure"


class Point(Struct, frozen=True):
    """GPU and CPU at one shape: their best rows, seconds of a call, and how many times faster the GPU is."""

    shape: Shape
    cpu: Row
    gpu: Row
    cpu_seconds: float
    gpu_seconds: float
    ratio: Ratio
    verdict: Verdict


class Crossing(Struct, frozen=True):
    """One way of calling the GPU: points in the order of their shapes, and what they say together.

    ``after`` is the largest shape at which the GPU is surely slower, ``by`` the smallest from which on it is
    surely faster, each None where there is none. ``size`` lies between them where the GPU ``overtakes``: the
    place on a size axis (``Shape.size``) at which both take as long, with its interval; None otherwise.
    Shapes that are not ``in_line`` have none of these: there, each stands for itself.
    """

    way: Way
    points: tuple[Point, ...]
    course: Course
    after: Shape | None
    by: Shape | None
    size: Ratio | None

    @property
    def words(self) -> str:
        """``overtakes between 512 and 1024, at about 703 (662-748)``: what follows "the GPU"."""
        if not in_line(self._names):
            return self._each
        first, last = self.points[0].gpu.size, self.points[-1].gpu.size
        after, by = (self._names[shape] if shape else "" for shape in (self.after, self.by))
        match self.course:
            case Course.OVERTAKES:
                return f"overtakes between {after} and {by}, at about {self.place} ({self.interval})"
            case Course.AHEAD:
                return f"is ahead at {first} already, the smallest size"
            case Course.BEHIND:
                return f"is behind up to {last}, the largest size"
            case Course.TURNS:
                return f"is ahead at {', '.join(self._at(Verdict.FASTER))} and not at others"
        if after and self.after is not self.points[-1].shape:
            return f"is surely behind up to {after}; from there to {last} neither is surely ahead"
        if after:
            return f"is surely behind at {', '.join(self._at(Verdict.SLOWER))} and ahead at no size"
        if by:
            return f"is surely ahead from {by} on; from {first} to there neither is"
        same = all(point.verdict is Verdict.SAME for point in self.points)
        return (
            "is as fast at every size"
            if same
            else f"is surely ahead or behind at no size from {first} to {last}"
        )

    @property
    def _each(self) -> str:
        """The words where no order leads from one shape to the next."""
        said = {
            Verdict.FASTER: "ahead at",
            Verdict.SLOWER: "behind at",
            Verdict.SAME: "as fast at",
            Verdict.NOT_SURE: "not surely either at",
        }
        told = [f"{words} {listed(at)}" for found, words in said.items() if (at := self._at(found))]
        return f"is {', '.join(told)}"

    @property
    def short(self) -> str:
        """``about 703 (662-748)``, ``below 64``, ``not up to 4096``: the size for a cell of a table.

        Where shapes are not in line, those at which the GPU is ahead: ``at 512x2048``.
        """
        wins, names = self._at(Verdict.FASTER), self._names
        if not in_line(names):
            return f"at {listed(wins)}" if wins else f"surely at none of {len(names)}"
        match self.course:
            case Course.OVERTAKES:
                return f"about {self.place} ({self.interval})"
            case Course.AHEAD:
                return f"below {wins[0]}"
            case Course.BEHIND:
                return f"not up to {self._at(Verdict.SLOWER)[-1]}"
            case Course.NOT_SURE if self.by:
                return f"{names[self.by]} or below"
            case Course.NOT_SURE if self.after and self.after is not self.points[-1].shape:
                return f"not up to {names[self.after]}, not sure beyond"
        return self.course.value

    @property
    def place(self) -> str:
        """What a shape at the crossing would be called: ``703``, ``1024x703``."""
        return name_on_line(self._names, self.size.value) if self.size else ""

    @property
    def interval(self) -> str:
        """The shapes that the crossing's interval reaches from and to: ``662-748``."""
        ends = (self.size.low, self.size.high) if self.size else ()
        return "-".join(name_on_line(self._names, end) for end in ends if end is not None)

    @property
    def _names(self) -> dict[Shape, str]:
        """The shapes, in order, and what they are called."""
        return {point.shape: point.gpu.size for point in self.points}

    def _at(self, found: Verdict) -> list[str]:
        """The names of the shapes of which this can be said."""
        return [point.gpu.size for point in self.points if point.verdict is found]


class Crossover(Struct, frozen=True):
    """A GPU against a CPU engine at one workload; ``crossings`` holds the ways that are known.

    Transfers are unknown where the session has no ceilings of the GPU.
    """

    workload: str
    cpu: Target
    gpu: Target
    crossings: tuple[Crossing, ...]

    def crossing(self, way: Way) -> Crossing | None:
        """The crossing of that way, if it is known."""
        return next((one for one in self.crossings if one.way is way), None)


def crossovers(
    rows: Iterable[Row], margin: float = MARGIN, cpus: Sequence[Runtime] = (Runtime.WASM,)
) -> list[Crossover]:
    """Every GPU against every engine of the runtimes ``cpus``, at the shapes that both have results of."""
    usable = [row for row in rows if row.ok and row.summary and row.variant.checked and _computes(row)]
    sides: dict[tuple[str, str], list[Row]] = {}
    for row in usable:
        sides.setdefault((row.variant.workload, row.target.id), []).append(row)
    return [
        Crossover(workload, theirs[0].target, ours[0].target, crossings)
        for (workload, _), ours in sides.items()
        if ours[0].target.runtime is Runtime.WGSL
        for (other, _), theirs in sides.items()
        if other == workload and theirs[0].target.runtime in cpus
        if (crossings := _crossings(ours, theirs, margin))
    ]


def _computes(row: Row) -> bool:
    """Whether the variant solves its problem; an operation such as an upload is no rival of another."""
    return row.variant.operation is None


def _crossings(gpu: Sequence[Row], cpu: Sequence[Row], margin: float) -> tuple[Crossing, ...]:
    theirs = _best(cpu, Way.KERNEL)
    found = []
    for way in Way:
        ours = _best(gpu, way)
        shapes = in_order(ours.keys() & theirs.keys())
        points = [_point(shape, theirs[shape], ours[shape], way, margin) for shape in shapes]
        if points:
            found.append(_crossing(way, points))
    return tuple(found)


def _best(rows: Sequence[Row], way: Way) -> dict[Shape, Row]:
    """The row with the shortest call at every shape."""
    best: dict[Shape, Row] = {}
    for row in rows:
        if _SECONDS[way](row) is not None:
            shape = row.measurement.case.shape
            best[shape] = min(best.get(shape, row), row, key=lambda one: _seconds(one, way))
    return best


def _seconds(row: Row, way: Way) -> float:
    seconds = _SECONDS[way](row)
    assert seconds is not None
    return seconds


def _point(shape: Shape, cpu: Row, gpu: Row, way: Way, margin: float) -> Point:
    ours, theirs = _seconds(gpu, way), _seconds(cpu, Way.KERNEL)
    beside = ours - _seconds(gpu, Way.KERNEL)
    calls = tuple(seconds + beside for seconds in gpu.measurement.samples)
    ratio = known_speedup(cpu.measurement.samples, calls, paired=False)
    assert ratio is not None
    return Point(shape, cpu, gpu, theirs, ours, ratio, verdict(ratio, margin))


def _crossing(way: Way, points: Sequence[Point]) -> Crossing:
    verdicts = [point.verdict for point in points]
    wins = [i for i, found in enumerate(verdicts) if found is Verdict.FASTER]
    losses = [i for i, found in enumerate(verdicts) if found is Verdict.SLOWER]
    run = len(points)
    while run and verdicts[run - 1] is Verdict.FASTER:
        run -= 1
    ordered = in_line(point.shape for point in points)
    after = points[losses[-1]].shape if losses and ordered else None
    by = points[run].shape if run < len(points) and ordered else None
    size = None
    if losses and wins and (losses[-1] > wins[0] or not ordered):
        course = Course.TURNS
    elif len(wins) == len(points):
        course = Course.AHEAD
    elif len(losses) == len(points):
        course = Course.BEHIND
    elif losses and by:
        course, size = Course.OVERTAKES, _size(points[losses[-1] : run + 1])
    else:
        course = Course.NOT_SURE
    return Crossing(way, tuple(points), course, after, by, size)


def _size(points: Sequence[Point]) -> Ratio:
    """The size at which the ratio is 1; the first point is surely slower, the last one surely faster.

    Straight lines between neighbours on logarithmic axes, where times over size are nearly straight. The
    interval reaches from where the ratio's upper bound first comes to 1 to where the lower one last does.
    """
    values = [(point.shape.size, point.ratio.value) for point in points]
    lows = [(point.shape.size, point.ratio.low) for point in points if point.ratio.low is not None]
    highs = [(point.shape.size, point.ratio.high) for point in points if point.ratio.high is not None]
    value = _rises(values)[-1]
    return Ratio(value, min(value, _rises(highs)[0]), max(value, _rises(lows)[-1]))


def _rises(curve: Sequence[tuple[float, float]]) -> list[float]:
    """Every size at which a curve of (size, ratio) comes from below 1 to 1 or above."""
    found = []
    for (small, before), (large, behind) in pairwise(curve):
        if before < 1 <= behind:
            part = math.log(before) / (math.log(before) - math.log(behind))
            found.append(small * (large / small) ** part)
    return found
