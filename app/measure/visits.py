"""Visits: how a case is sampled once in a round, and how many runs make its short batches.

A batch that outlasts a time slice is always interrupted on a busy machine, and one that is shorter mostly is
not. So a visit is many short batches, of which the second shortest counts: the undisturbed time. Batches of a
group last equally long, because what each costs by itself weighs more in a shorter one.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from statistics import median

from msgspec import Struct

from app.engines import Batches, Kernel, ahead_of, cpu_clock, each_of
from app.figures.statistics import FEWEST_ROUNDS
from app.measure.calibrate import LEAST_STEPS, LONGEST_SUBMISSION, MOST_REPEATS, SHORT, Pace

FEWEST_BATCHES, MOST_BATCHES = 3, 14
HANDED_OVER = 2
"""Batches of a visit where another thread has to wake up for each call, and this one for its answer.

On a busy machine these waits are five times as long as the batch. More visits tell more than more batches.
"""

RANKED = 8
"""From so many batches on the second shortest counts, so that no freak reading decides; else the shortest."""

SINGLE = 5e-3
"""Seconds: batches from this length on fill a visit with one or two, and need no warm-up."""

FINENESS, TRIES = 50, 400
"""Lengths of batches that are tried: 400, each a 50th of the shortest longer than the one before."""

LONGEST_EQUAL = 0.03
"""Seconds, and twice a visit: for slower kernels the batches of others are not lengthened."""

OVERDRAWN = 10
"""A case whose single run outlasts its time still gets its fewest visits, within so many times that."""

SPREAD = 0.15
"""By so much the batches of a group differ at most, if its kernels allow it ..."""

SHIFT = 0.002
"""... and so little that what each batch costs by itself shifts no ratio by more."""

DISTURBED = 1.2
"""A batch that takes so many times the visit's figure was held up by something."""


class Length(Struct, frozen=True):
    """A visit: ``batches`` short batches of ``repeats`` back-to-back runs, at most ``rounds`` times.

    It should take ``seconds``, what answers take by themselves included.
    """

    repeats: int
    batches: int
    rounds: int
    seconds: float


class Visit(Struct, frozen=True):
    """What a visit found: seconds of a run, undisturbed and in the middle batch; see ``CaseSampled``."""

    seconds: float
    middle: float
    disturbed: float
    cpu: float | None


def lengths(paces: Sequence[Pace], clock_step: float, visit: float, seconds: float) -> list[Length]:
    """Equally long batches for the kernels of a group, and how they fill visits of ``visit`` seconds.

    ``seconds`` is the undisturbed time for each case, ``clock_step`` that of the clock. Where each answer is
    long in coming, as from a browser that looks for results every 0.1 s, one batch fills a visit.
    """
    waits = max((pace.idle for pace in paces), default=0.0)
    error = max([clock_step, *(pace.error for pace in paces)])
    short = min(max(SHORT, LEAST_STEPS * error), LONGEST_SUBMISSION)
    if waits > SINGLE:
        short = max(short, visit)
    most = min(visit, LONGEST_SUBMISSION)  # of a GPU's batches, which are submitted at once
    fixed = median([pace.fixed for pace in paces]) if paces else 0.0
    runs = [pace.run_beside(fixed) for pace in paces]
    batch = _equal(runs, short, fixed, min(LONGEST_EQUAL, 2 * visit))
    found = []
    for pace, run in zip(paces, runs, strict=True):
        repeats = max(1, min(round(batch / run), MOST_REPEATS)) if run else pace.repeats(batch)
        length = max(repeats * run + fixed, short / 2)
        batches = max(1 if length >= SINGLE else FEWEST_BATCHES, min(MOST_BATCHES, int(most / length)))
        if pace.handed_over:
            batches = min(batches, HANDED_OVER)
        calls = batches + _warms_up(batches)
        found.append(Length(repeats, batches, _rounds(length * calls, seconds), (length + waits) * calls))
    return found


def _rounds(visit: float, seconds: float) -> int:
    """Visits that fill so many seconds: enough for an interval, unless these would take far longer."""
    return max(1, min(max(FEWEST_ROUNDS, round(seconds / visit)), int(OVERDRAWN * seconds / visit)))


def _equal(runs: Sequence[float], short: float, fixed: float, longest: float) -> float:
    """The shortest batch of at least ``short`` seconds that whole numbers of these runs come near enough to.

    It is ``longest`` seconds at most, unless ``short`` is more; runs that take longer are left out of it.
    Near enough is what keeps the ``fixed`` seconds of a batch from shifting a ratio: in two batches of one
    length they weigh alike.
    """
    slow = [run for run in runs if run > longest]
    alike = [run for run in runs if 0 < run <= longest]
    if not alike:
        return short
    least = max(short, *alike, SINGLE if slow else 0.0)
    tries = [least * (1 + i / FINENESS) for i in range(TRIES)]
    tries = [length for length in tries if length <= max(longest, least)]
    return min(tries, key=lambda length: (max(_unequal(alike, length, fixed), 1.0), length))


def _unequal(runs: Sequence[float], length: float, fixed: float) -> float:
    """By how much batches that come near ``length`` differ, over what they may."""
    batches = [max(1, round(length / run)) * run for run in runs]
    spread = max(batches) / min(batches) - 1
    return max(spread / SPREAD, spread * fixed / length / SHIFT)


def _warms_up(batches: int) -> bool:
    return batches >= FEWEST_BATCHES


def _nothing() -> None:
    """Nothing."""


def _encoded(kernel: Kernel, length: Length) -> Batches | None:
    ahead = ahead_of(kernel)
    return ahead(length.repeats, length.batches + _warms_up(length.batches)) if ahead else None


class Ahead:
    """What the next visit submits, encoded while this one runs; where nothing can be, there is nothing."""

    def __init__(self) -> None:
        self._next: tuple[Kernel, Length, Batches] | None = None

    def encode(self, kernel: Kernel, length: Length) -> None:
        """Have that visit ready. What goes wrong is its own affair: it tries again."""
        with suppress(Exception):
            batches = _encoded(kernel, length)
            self._next = (kernel, length, batches) if batches else None

    def take(self, kernel: Kernel, length: Length) -> Batches | None:
        """What was encoded for such a visit; if it was for another, that is forgotten."""
        found, self._next = self._next, None
        return found[2] if found and found[0] is kernel and found[1] == length else None


def visit(
    kernel: Kernel, length: Length, ahead: Ahead | None = None, meanwhile: Callable[[], None] = _nothing
) -> Visit | None:
    """Visit a kernel: a batch that does not count, then those that do; None if the clock gave no data.

    They may be ready ``ahead``. While they run, what is to be done ``meanwhile`` is.
    """
    repeats, warm = length.repeats, _warms_up(length.batches)
    if ready := (ahead and ahead.take(kernel, length)) or _encoded(kernel, length):
        ready.submit()
        meanwhile()
        found = [(seconds, 0.0) for seconds in ready.seconds()][warm:]
    else:
        found = batches_of(kernel, repeats, length.batches + warm)[warm:]
    times = sorted(seconds / repeats for seconds, _ in found if seconds > 0)
    if not times:
        return None
    figure = _undisturbed(times)
    held_up = sum(time > DISTURBED * figure for time in times) / len(times)
    used = _undisturbed(sorted(cpu / repeats for seconds, cpu in found if seconds > 0))
    return Visit(figure, times[len(times) // 2], held_up, used if used > 0 else None)


def batches_of(kernel: Kernel, repeats: int, count: int) -> list[tuple[float, float]]:
    """Seconds of so many batches and what the processor spent on each, 0 where nobody can tell.

    They are submitted at once where the target takes that: its share of each is then the processor's mean.
    """
    clock = cpu_clock(kernel) or _nobody_tells
    before = clock()
    if each := each_of(kernel):
        times = each(repeats, count)
        share = (clock() - before) / count
        return [(seconds, share) for seconds in times]
    found = []
    for _ in range(count):
        before, seconds = clock(), kernel.time(repeats)
        found.append((seconds, clock() - before))
    return found


def _nobody_tells() -> float:
    return 0.0


def _undisturbed(ordered: Sequence[float]) -> float:
    return ordered[1] if len(ordered) >= RANKED else ordered[0]
