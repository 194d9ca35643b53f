"""Sampling: rounds that visit every case of a group in random order, until each has a reason to stop."""

import logging
import random
import time
from collections.abc import Callable
from functools import partial

from app.core.errors import KernelscopeError, TargetLost, in_words
from app.core.events import CaseCalibrated, CaseFinished, CaseSampled, CaseStarted
from app.core.measurement import Status
from app.core.plan import Settings
from app.engines import clock_step_of, fall_back, note_of
from app.figures.statistics import FEWEST_ROUNDS, FEWEST_SAMPLES
from app.measure.calibrate import adds_up, check_left_out, find_pace
from app.measure.parts import last_facts
from app.measure.prepared import Emit, Prepared, judge
from app.measure.stopping import PATIENCE, why_stop
from app.measure.verify import WrongResult, check_follows
from app.measure.visits import Ahead, Visit, lengths, visit
from app.measure.warm import WOKE, WarmUp, warm_up

log = logging.getLogger(__name__)

Stopped = Callable[[], bool]

AFTER = "after timing, "

NO_DATA_LIMIT = 5
"""Visits without data from the clock before a case is given up."""

TRIAL = 3
"""Rounds after which lengths of batches are looked at again; if they change, these rounds are forgotten."""

LOOKS = 5
"""At a plan whose batches fall short of what was expected of them."""

RESTARTS = 2
MOVED = 1.1
"""A batch this many times longer or shorter than planned is planned anew."""


class Sampling:
    """The rounds of one group."""

    def __init__(
        self,
        ready: list[Prepared],
        baseline: int | None,
        settings: Settings,
        clock_step: float,
        life: int,
        emit: Emit,
        stopped: Stopped,
    ) -> None:
        self._active = list(ready)
        self._base = next((p for p in ready if p.index == baseline), None)
        self._settings, self._clock_step, self._life = settings, clock_step, life
        self._emit, self._stopped = emit, stopped
        self._budget = 0.0
        self._clock_failed = False
        self._warmed = WarmUp()
        self._ahead = Ahead()

    def run(self) -> None:
        """Sample until every case has its last word."""
        if any(not p.pace.run and fall_back(p.at(0).kernel) for p in self._active):
            self._change_clocks()
        self._warm_up()
        self._plan()
        number, start, restarts = 0, time.monotonic(), 0
        while self._active and not self._stopped():
            self._round(number)
            number += 1
            if self._clock_failed:
                self._change_clocks()
                number, start = 0, time.monotonic()
                self._plan()
                continue
            trial = number in (1, TRIAL) and restarts < RESTARTS and not self._stopped()
            if trial and self._moved(slower=number > 1):
                restarts += 1
                number, start = 0, time.monotonic()
                self._plan()
                continue
            self._end_those_done(late=time.monotonic() - start > PATIENCE * self._budget)
        for prepared in self._active:
            if len(prepared.samples) >= FEWEST_SAMPLES:
                # One more batch each takes too long.
                self._finish(prepared, "stopped by the user", again=False)
            else:
                self._emit(CaseFinished(prepared.index, Status.CANCELLED, "stopped after too few samples"))

    def _warm_up(self) -> None:
        """Run the quickest kernel until it gets no faster; what slept while it was calibrated is so anew."""
        self._set_lengths()
        for prepared in sorted(self._active, key=lambda p: p.pace.run)[:1]:
            self._emit(CaseStarted(prepared.index, "warming up"))
            self._ended(prepared, partial(self._warm_up_with, prepared))
            if prepared.pace.run > WOKE * self._warmed.run > 0:
                for other in list(self._active):
                    self._emit(CaseStarted(other.index, "calibrating"))
                    self._ended(other, partial(self._find_pace, other))

    def _warm_up_with(self, prepared: Prepared) -> None:
        run, longest = prepared.pace.run, self._settings.warm_up_seconds
        batch = prepared.repeats * run
        self._warmed = warm_up(prepared.at(0).kernel, batch, run, longest, self._stopped)

    def _find_pace(self, prepared: Prepared) -> None:
        prepared.pace = find_pace(prepared.at(0).kernel, self._clock_step)

    def _plan(self) -> None:
        """Give every case its batches; those whose runs never add up have their last word."""
        short: list[Prepared] = []
        for _ in range(LOOKS):
            self._set_lengths()
            short = [prepared for prepared in list(self._active) if not self._adds_up(prepared)]
            if not short:
                break
        for prepared in short:
            self._ended(prepared, partial(check_left_out, prepared.at(0).kernel, prepared.repeats))
        for prepared in self._active:
            length = prepared.length
            self._emit(CaseCalibrated(prepared.index, length.repeats, length.batches, length.rounds))
        self._budget = sum(p.length.rounds * p.length.seconds for p in self._active)

    def _set_lengths(self) -> None:
        settings = self._settings
        paces = [prepared.pace for prepared in self._active]
        found = lengths(paces, self._clock_step, settings.batch_seconds, settings.seconds)
        for prepared, length in zip(self._active, found, strict=True):
            prepared.length = length
            prepared.samples.clear()

    def _adds_up(self, prepared: Prepared) -> bool:
        """Whether the batches of a case last as long as its pace says, which is looked for anew if not."""
        answer = True

        def look() -> None:
            nonlocal answer
            answer = adds_up(prepared.pace, prepared.repeats)
            if not answer:
                self._find_pace(prepared)

        return self._ended(prepared, look) or answer

    def _round(self, number: int) -> None:
        """Visit each case once, in an order that the seed, the life and the round's number make."""
        order = self._order(number)
        coming = [(prepared, number) for prepared in order[1:]] + [(self._order(number + 1)[0], number + 1)]
        for prepared, following in zip(order, coming, strict=True):
            if self._stopped():
                return
            self._ended(prepared, partial(self._visit, prepared, number, following))

    def _order(self, number: int) -> list[Prepared]:
        order = list(self._active)
        random.Random(f"{self._settings.seed} {self._life} {number}").shuffle(order)  # noqa: S311
        return order

    def _visit(self, prepared: Prepared, number: int, following: tuple[Prepared, int]) -> None:
        """Visit a case; while it runs, what the ``following`` visit (case, round) submits is encoded.

        That is submitted only when this one is over, so that whoever kills the target is known.
        """
        self._emit(CaseStarted(prepared.index, "timing"))
        ready, length = prepared.at(number), prepared.length
        then, round_then = following
        meanwhile = partial(self._ahead.encode, then.at(round_then).kernel, then.length)
        found = visit(ready.kernel, length, self._ahead, meanwhile)
        if found is None:
            prepared.no_data += 1
            if prepared.no_data > NO_DATA_LIMIT:
                if fall_back(ready.kernel):
                    self._clock_failed = True
                    return
                raise KernelscopeError(
                    f"the clock ({ready.kernel.timer}) gave no data for {NO_DATA_LIMIT} visits"
                )
            return
        prepared.samples[number] = found.seconds
        self._emit(self._sampled(prepared, number, found))
        if len(prepared.samples) == FEWEST_SAMPLES and not prepared.checked:
            self._check_answers(prepared)

    def _change_clocks(self) -> None:
        """Have all that is still timed go on by another clock: figures of two clocks are no pairs."""
        self._clock_failed, self._ahead = False, Ahead()
        for prepared in list(self._active):
            for ready in prepared.instances:
                fall_back(ready.kernel)
                self._clock_step = max(self._clock_step, clock_step_of(ready.kernel))
            prepared.no_data = 0
            self._ended(prepared, lambda p=prepared: self._start_over(p))  # type: ignore[misc]

    def _start_over(self, prepared: Prepared) -> None:
        self._emit(prepared.at(0).as_event(prepared.index))
        self._find_pace(prepared)

    def _sampled(self, prepared: Prepared, number: int, found: Visit) -> CaseSampled:
        return CaseSampled(
            prepared.index,
            prepared.repeats,
            found.seconds,
            self._life,
            number,
            found.middle,
            found.disturbed,
            found.cpu,
        )

    def _check_answers(self, prepared: Prepared) -> None:
        """Among the rounds: what was timed was right, and follows the operands."""
        for ready in prepared.instances:
            judge(ready, prepared.index, self._emit, AFTER)
            check_follows(ready.kernel, ready.layout)
        prepared.checked = True

    def _moved(self, slower: bool) -> bool:
        """Whether the first rounds disagree with the lengths that were planned; what they saw is noted.

        What is ``slower`` than planned may have been disturbed in a single round. Where nothing is compared
        it only matters that batches do not get too short.
        """
        moved = False
        slower = slower and len(self._active) > 1
        for prepared in self._active:
            if not prepared.samples:
                continue
            seen = min(prepared.samples.values())
            ratio = seen / prepared.pace.run
            if ratio <= 1 / MOVED or (slower and ratio >= MOVED):
                prepared.pace.correct(prepared.repeats, seen * prepared.repeats)
                moved = True
        return moved

    def _end_those_done(self, late: bool) -> None:
        """The baseline goes on as long as any case that is compared with it."""
        others = [p for p in self._active if p is not self._base]
        for prepared in others or list(self._active):
            if reason := self._why_stop(prepared, late):
                self._finish(prepared, reason, again=True)
                self._active.remove(prepared)
        if others and self._active == [self._base]:
            (base,) = self._active
            if self._settings.rounds or len(base.samples) >= FEWEST_ROUNDS:
                self._finish(self._active.pop(), "those compared with it are done", again=True)

    def _why_stop(self, prepared: Prepared, late: bool) -> str:
        ours, base = prepared.samples, self._base.samples if self._base else {}
        if prepared is self._base or not base:
            return why_stop(list(ours.values()), None, prepared.length.rounds, self._settings, late)
        rounds = sorted(ours.keys() & base.keys())
        samples, paired = [ours[i] for i in rounds], [base[i] for i in rounds]
        return why_stop(samples, paired, prepared.length.rounds, self._settings, late)

    def _finish(self, prepared: Prepared, reason: str, again: bool) -> None:
        """The result is judged once more: the batches that were timed must have been right as well."""

        def last_look() -> None:
            if again and not prepared.checked:  # its rounds ended before they came to this
                self._check_answers(prepared)
            for event in last_facts(prepared) if again else ():
                self._emit(event)
            for ready in prepared.instances:
                if again:
                    ready.kernel.poison()
                    ready.kernel.time(prepared.repeats)
                judge(ready, prepared.index, self._emit, AFTER)

        self._emit(CaseStarted(prepared.index, "checking once more"))
        note = "; ".join(filter(None, (note_of(prepared.at(0).kernel), self._warmed.note)))
        self._emit(
            self._last_word(prepared, last_look) or CaseFinished(prepared.index, Status.OK, note, reason)
        )

    def _ended(self, prepared: Prepared, work: Callable[[], None]) -> bool:
        """Whether ``work`` brought a case to its end."""
        if ended := self._last_word(prepared, work):
            self._emit(ended)
            self._active.remove(prepared)
            if prepared is self._base:
                self._base = None
        return ended is not None

    @staticmethod
    def _last_word(prepared: Prepared, work: Callable[[], None]) -> CaseFinished | None:
        """The last word on a case if ``work`` brings it about; None if the case goes on."""
        try:
            work()
        except TargetLost:
            raise
        except WrongResult as wrong:
            return CaseFinished(prepared.index, Status.WRONG, str(wrong))
        except Exception as error:
            log.exception("case %d failed while it was timed", prepared.index)
            return CaseFinished(prepared.index, Status.FAILED, in_words(error))
        return None
