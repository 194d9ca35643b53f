"""Calibration: how long one run takes, and how many back-to-back runs make a batch worth timing.

What disturbs a batch only ever makes it longer, and a wait for the scheduler is no work of the kernel. So the
least of several looks is taken; a look that the processor spent elsewhere is repeated where its clock tells;
and a time counts only where twice the runs take twice as long.
"""

import time
from itertools import pairwise
from math import inf

from app.engines import Kernel, call_jitter, cpu_clock
from app.measure.verify import WrongResult

LONGEST_SUBMISSION = 0.1
"""Seconds: a longer submission would freeze a desktop, and Windows resets a GPU after two."""

MOST_REPEATS = 1 << 20

SHORT = 1e-3
"""Seconds of a short batch: it mostly fits into one time slice of a busy machine's scheduler."""

LEAST_STEPS = 200
"""Steps of a coarse clock, or times what a call varies by, in a batch: it then errs by half a percent."""

LOOKS = 3
"""At a count of runs that may be enough, where no processor's clock tells work from waiting."""

PATIENCE = 10
"""Looks at what does not add up, before that is believed."""

LAST_LOOKS = 50
"""Before a kernel is called wrong: a busy machine disturbs many in a row, and each takes milliseconds."""

WORKED = 0.6
"""A look during which the processor worked for a smaller share of the time tells of waiting."""

LONGEST_PATIENCE = 0.1
"""Seconds: so long an undisturbed look is waited for; none comes where a batch outlasts a time slice."""

DOUBLES = (1.5, 3.0)
"""Within this, twice the runs take twice as long: what a submission costs, and chance, have the rest."""

TELLING = 5e-4
"""Seconds: what takes less may be all a call's own unsteadiness, 0.2 ms of V8's on a busy machine."""

STEP = 0.2
"""A step of twice as many runs is worth judging from this part of their time on, and hardly any below it."""

SHARE = 0.6
"""A batch that takes a smaller part of what its runs take in shorter ones leaves some out."""

FEWER, LONGER = 64, 4
"""Runs that do not add up are done nevertheless where 64 times as many take 4 times as long."""

FEW_TELL_LITTLE = 8
"""Runs: only slow kernels have fewer in their longest batch, and one run by itself leaves none out."""

CYCLE = 3e-10
"""Seconds; no run of anything is done in less."""


def calibrate(kernel: Kernel, seconds: float, clock_step: float = 0.0) -> int:
    """How many back-to-back runs of ``kernel`` last ``seconds`` undisturbed; at least one.

    They last longer where the clock's steps (``clock_step`` seconds) are coarse, as those of browsers are.

    Raises:
        WrongResult: runs do not add up, so some of them are left out.
    """
    for _ in range(PATIENCE):
        pace = find_pace(kernel, clock_step)
        repeats = pace.repeats(max(seconds, LEAST_STEPS * pace.error))
        if adds_up(pace, repeats):
            return repeats
    check_left_out(kernel, repeats)
    return repeats


class Pace:
    """What is known of a kernel's time: the least seconds seen of every count of runs.

    ``idle`` seconds of a submission are none of the target's: Firefox looks for results every 0.1 s. A batch
    errs by up to ``error`` seconds: a step of the clock, or what a call costs now more, now less, being
    ``handed_over`` to another thread.
    """

    def __init__(self, kernel: Kernel, clock_step: float = 0.0, idle: float = 0.0) -> None:
        self._kernel, self.idle = kernel, idle
        self.handed_over = call_jitter(kernel) > 0
        self.error = max(clock_step, call_jitter(kernel))
        self._cpu = cpu_clock(kernel)
        self._least: dict[int, float] = {}
        self._submission: dict[int, float] = {}

    @property
    def tells_waiting(self) -> bool:
        """Whether a processor's clock tells work from waiting."""
        return self._cpu is not None

    def look(self, repeats: int) -> float:
        """Time so many runs, again while that was spent waiting; the least seconds of them so far."""
        given_up = time.perf_counter() + LONGEST_PATIENCE
        for _ in range(PATIENCE):
            before, start = self._cpu() if self._cpu else 0.0, time.perf_counter()
            seconds = self._kernel.time(repeats)
            now = time.perf_counter()
            self._note(repeats, seconds, max(seconds, now - start - self.idle))
            if not self._cpu or self._cpu() - before >= WORKED * seconds or now > given_up:
                break
        return self.least(repeats)

    def _note(self, repeats: int, seconds: float, elapsed: float) -> None:
        self._submission[repeats] = min(elapsed, self._submission.get(repeats, elapsed))
        if seconds > 0:
            self._least[repeats] = min(seconds, self._least.get(repeats, seconds))

    def least(self, repeats: int) -> float:
        """The least seconds that so many runs, or more, took; 0 where the clock gave no data."""
        return min((seconds for count, seconds in self._least.items() if count >= repeats), default=0.0)

    def bound(self, seconds: float) -> None:
        """Take in that a single run took no longer than that."""
        if seconds > 0 and self._least:
            self._least[1] = min(seconds, self._least.get(1, seconds))

    def correct(self, repeats: int, seconds: float) -> None:
        """Take in that so many runs really last ``seconds``, where that is not what was seen before."""
        fixed, self._least = self.fixed, {repeats: seconds}
        if repeats > 1:
            half = max(1, repeats // 2)
            self._least[half] = fixed + (seconds - fixed) * half / repeats

    def fits(self, repeats: int) -> bool:
        """Whether so many runs fit into one submission, judging by those that were looked at."""
        known = max(count for count in self._submission if count <= repeats)
        # Where waiting can be told, only the kernel's own time counts: no GPU is kept from others.
        seconds = (self.tells_waiting and self.least(known)) or self._submission[known]
        return seconds * repeats / known <= LONGEST_SUBMISSION

    @property
    def run(self) -> float:
        """The undisturbed seconds of a run, with its part of what a batch costs; 0 without data."""
        return min((seconds / count for count, seconds in self._least.items()), default=0.0)

    @property
    def fixed(self) -> float:
        """Seconds that a batch costs by itself: what two of half as many runs take longer than one of all."""
        counts = [count for count in self._least if count % 2 == 0 and count // 2 in self._least]
        if not counts:
            return 0.0
        most = max(counts)
        return max(0.0, 2 * self.least(most // 2) - self.least(most))

    def missing_step(self) -> int:
        """The count of runs from which on as many more took hardly any time; 0 if there is none."""
        for count in sorted(self._least):
            times = [self._least.get(count << i) for i in range(3)]
            if None in times:
                continue
            one, two, four = (self.least(count << i) for i in range(3))
            if two > TELLING and four - two > STEP * four and two - one < STEP * (four - two):
                return count
        return 0

    def run_beside(self, fixed: float) -> float:
        """The undisturbed seconds of a run where each batch costs ``fixed`` seconds by itself."""
        found = [(s - fixed) / count for count, s in self._least.items() if s > 2 * fixed]
        return min(found, default=self.run)

    def repeats(self, seconds: float) -> int:
        """How many runs last so long, within one submission."""
        if not self.run:
            return max(self._submission)
        return max(1, min(round(min(seconds, LONGEST_SUBMISSION) / self.run), MOST_REPEATS))


def find_pace(kernel: Kernel, clock_step: float = 0.0) -> Pace:
    """Double the number of runs, starting from one, until they last a short batch and add up.

    Raises:
        WrongResult: they do not add up in the longest batch there may be, and one run is no batch by itself.
    """
    pace = Pace(kernel, clock_step, _idle(kernel) if clock_step else 0.0)
    seconds = max(SHORT, LEAST_STEPS * pace.error)
    repeats = 1
    while True:
        pace.look(repeats)
        if repeats == 1:
            pace.bound(kernel.costs.first_run_s)
        if pace.least(repeats) >= seconds / 2 and _adds_up(pace, repeats):
            if getattr(kernel, "one_thread", False):
                _check_steps(pace)
            return pace
        if not pace.fits(2 * repeats) or 2 * repeats > MOST_REPEATS:
            return _longest(kernel, pace, repeats, seconds)
        repeats *= 2


def _idle(kernel: Kernel) -> float:
    """Seconds until the answer to a single run, beyond what it took on the target."""
    start = time.perf_counter()
    on_target = kernel.time(1)
    return max(0.0, time.perf_counter() - start - on_target)


def _adds_up(pace: Pace, repeats: int) -> bool:
    """Whether a batch takes about twice as long as one of half as many runs, and that one likewise.

    A single run is held against two, and two against four, where these fit into a submission.
    """
    counts = [repeats >> i for i in range(3) if repeats >> i]
    while len(counts) < 3 and pace.fits(2 * counts[0]):
        counts.insert(0, 2 * counts[0])
        for _ in range(1 if pace.tells_waiting else LOOKS):
            pace.look(counts[0])
    for _ in range(PATIENCE):
        if all(DOUBLES[0] * b <= a <= DOUBLES[1] * b for a, b in pairwise(map(pace.least, counts))):
            return pace.least(repeats) > repeats * CYCLE
        for count in counts:
            pace.look(count)
    return False


def _check_steps(pace: Pace) -> None:
    """See that at every count so many more runs take so much longer: 1 against 2, and 2 against 4.

    Only where all is done by one thread whose clock tells work from waiting: elsewhere waits in every look at
    one run, such as for the threads of a software GPU, would condemn a right kernel.

    Raises:
        WrongResult: a step that should take half as long as the next one takes hardly any time.
    """
    for _ in range(LAST_LOOKS):
        if not (missing := pace.missing_step()):
            return
        for count in (missing, 2 * missing, 4 * missing):
            pace.look(count)
    raise WrongResult(f"{2 * missing} runs take hardly longer than {missing}: some of them do nothing")


def _longest(kernel: Kernel, pace: Pace, repeats: int, seconds: float) -> Pace:
    """The pace of runs that do not add up even in the longest batch there may be."""
    few = max(1, repeats // FEWER)
    if not pace.least(repeats) or repeats < FEW_TELL_LITTLE:  # a clock that stopped condemns no kernel
        return pace
    for _ in range(LAST_LOOKS):  # a wait in the few's one look would condemn a right kernel
        call = pace.least(few)
        least = LONGER * call if call > TELLING else call + repeats * CYCLE
        if pace.least(repeats) >= max(least, repeats * CYCLE):
            return pace
        pace.look(few)
    if pace.least(1) >= seconds / 2:  # long enough by itself, it leaves none out
        alone = Pace(kernel, pace.error)
        alone.look(1)
        return alone
    raise WrongResult(f"{repeats} runs take hardly longer than {few}: most of them do nothing")


def adds_up(pace: Pace, repeats: int) -> bool:
    """Whether so many runs take as long as they should by what shorter batches took.

    What falls short is to be looked at again from the start: a wait may have been taken for work, or a
    processor has woken up meanwhile. Where the clock gives no data, rounds find that out.
    """
    expected = repeats * pace.run
    if repeats == 1 or not expected:
        return True
    seen = pace.look(repeats)
    return not seen or seen >= SHARE * expected


def check_left_out(kernel: Kernel, repeats: int) -> None:
    """Have the last word on runs that do not add up: against half as many, at the quickest of looks in turn.

    On a busy machine every pace may have been found amid waits that a later batch is spared.

    Raises:
        WrongResult: so many runs take hardly longer than half as many.
    """
    turns = [(kernel.time(repeats // 2), kernel.time(repeats)) for _ in range(LAST_LOOKS)]
    half, whole = (min((s for s in seconds if s > 0), default=inf) for seconds in zip(*turns, strict=True))
    if whole < SHARE * 2 * half < inf:
        raise WrongResult(
            f"{repeats} runs take less than {SHARE:.0%} of what they should by shorter batches: "
            "some of them do nothing"
        )
