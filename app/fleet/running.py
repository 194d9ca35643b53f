"""A run on a fleet: its groups go to their machines, events come back, and what breaks meanwhile is mended.

A group is one task of dask, for one machine. Its events count once: where a worker dies, only the group under
way begins anew, as another attempt; where the scheduler goes, all that has no end yet is asked for again, and
machines tell what they have finished from their journals.
"""

import logging
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING
from uuid import uuid4

from msgspec import structs

from app.core.errors import KernelscopeError, one_line
from app.core.events import (
    AnyEvent,
    CaseCalibrated,
    CaseFinished,
    CaseSampled,
    CeilingsMeasured,
    CeilingsStarted,
    Log,
    PassStarted,
    Waiting,
)
from app.core.measurement import Status
from app.core.target import id_on
from app.fleet import machine as there
from app.fleet.agreement import agreement
from app.fleet.connection import Connection
from app.fleet.machines import Standing
from app.fleet.plans import Chunk, FleetPlan, chunks
from app.fleet.protocol import MEASURE, Batch, Job, decode, encode, own_resource

if TYPE_CHECKING:
    from distributed import Client, Future

log = logging.getLogger(__name__)

POLL = 0.05
LOOK = 0.2
STOP_SECONDS = 0.4
"""How long events are still taken in after a stop; machines stop within it."""

UNTOLD_SECONDS = 5.0
"""How long after its end a group may owe events, until it is asked for again."""

MACHINE_PATIENCE, SCHEDULER_PATIENCE = 120.0, 600.0
"""Seconds that a machine, and a scheduler, may be gone until what they owe is given up."""

LIVES = 1 << 20
"""Lives of a worker in one attempt at a group, at most: samples of two attempts are no pairs."""

FAIR = 100_000
"""Groups of a run, at most: the first of everybody's come before the second of anybody's."""


class _Open:
    """A group that has no end yet."""

    def __init__(self, chunk: Chunk) -> None:
        self.chunk = chunk
        self.future: Future | None = None
        self.attempt = ""
        self.past: set[str] = set()
        self.lives = 0
        self.finished: dict[int, CaseFinished] = {}
        """Last words of cases, which count once the whole group has its end."""
        self.ended: float | None = None


class Running:
    """One run; ``stop`` ends it within half a second."""

    def __init__(
        self, fleet: Connection, plan: FleetPlan, stop: threading.Event, ceilings: bool, priority: int
    ) -> None:
        self._fleet, self._plan, self._stop = fleet, plan, stop
        self._ceilings, self._priority = ceilings, priority
        self._live = bool(plan.plan.settings.rounds)
        self._open = {
            (chunk.machine, chunk.number): _Open(chunk) for chunk in chunks(plan.plan, plan.targets)
        }
        self._words: dict[int, bool] = {}
        self._inbox: queue.SimpleQueue[Batch] = queue.SimpleQueue()
        self._lives = count()
        self._submitted = count()
        self._standing: dict[str, Standing] = {}
        self._lost: dict[str, float] = {}
        self._pass = 0
        self._waits: dict[str, str] = {}

    def events(self) -> Iterator[AnyEvent]:
        """Everything that happens, until every case has its last word."""
        self._begin()
        looked = 0.0
        while self._open and not self._stop.is_set():
            yield from self._take(POLL)
            if time.monotonic() - looked > LOOK:
                looked = time.monotonic()
                yield from self._look()
        if self._open:
            yield from self._end()

    def _begin(self) -> None:
        """Listen, and ask for all that is open."""
        # Of this connection alone: a client that comes back is not to hear what it had begun before it went.
        self._own = uuid4().hex[:12]
        self._topic = f"{there.PREFIX}/{self._plan.about.run}/{self._own}"
        self._client: Client = self._fleet.client
        self._client.subscribe_topic(self._topic, self._hear)
        for one in self._open.values():
            self._submit(one)

    def _hear(self, event: tuple[float, str]) -> None:
        try:
            self._inbox.put(decode(event[1], Batch))
        except KernelscopeError as error:
            log.warning("left out: %s", error)

    def _submit(self, one: _Open) -> None:
        chunk, attempt = one.chunk, f"{self._own}-{next(self._submitted)}"
        one.ended = None
        job = Job(self._plan.about, chunk.number, chunk.plan, agreement(), self._ceilings)
        one.future = self._client.submit(
            there.measure,
            encode(job),
            self._topic,
            key=there.key(self._plan.about, chunk.machine, chunk.number, attempt),
            resources={MEASURE: 1, own_resource(chunk.machine): 1},
            priority=self._priority * FAIR - chunk.number,
            pure=False,
        )

    def _take(self, seconds: float) -> Iterator[AnyEvent]:
        """Events that came, waiting so long for the first."""
        with suppress(queue.Empty):
            batch = self._inbox.get(timeout=seconds)
            while True:
                yield from self._events_of(batch)
                batch = self._inbox.get_nowait()

    def _events_of(self, batch: Batch) -> Iterator[AnyEvent]:
        one = self._open.get((batch.machine, batch.number))
        if one is None or batch.attempt in one.past:
            return  # late words of what has its end, or of an attempt that was given up
        if batch.attempt != one.attempt:
            one.past.add(one.attempt)
            one.attempt, one.lives, one.finished = batch.attempt, next(self._lives) * LIVES, {}
        for event in batch.events:
            yield from self._translated(one, event)
        if batch.last:
            yield from self._close(one, Status.FAILED, "the machine left this case without a word")

    def _translated(self, one: _Open, event: AnyEvent) -> Iterator[AnyEvent]:
        """An event of a machine as one of the fleet's plan."""
        indices = one.chunk.indices
        case = getattr(event, "case", None)
        if case is None:
            yield from self._of_machine(one.chunk.machine, event)
            return
        if not 0 <= case < len(indices):
            return
        event = structs.replace(event, case=indices[case])
        match event:
            case CaseFinished() if not self._live:
                one.finished[event.case] = event
            case CaseFinished():
                self._words[event.case] = True
                yield event
            case CaseSampled(life=life):
                yield structs.replace(event, life=one.lives + life)
            case CaseCalibrated(life=life):
                yield structs.replace(event, life=None if life is None else one.lives + life)
            case _:
                yield event

    def _of_machine(self, machine: str, event: AnyEvent) -> Iterator[AnyEvent]:
        """An event that is about no case."""
        match event:
            case CeilingsStarted(target=target):
                yield CeilingsStarted(id_on(target, machine))
            case CeilingsMeasured(target=target, ceilings=known):
                yield CeilingsMeasured(id_on(target, machine), known)
            case PassStarted(number=number):
                # Machines go over the plan at their own pace: a pass begins with the first of them.
                if number > self._pass:
                    self._pass = number
                    yield event
            case Log():
                yield structs.replace(event, text=f"{machine}: {event.text}")
            case Waiting():
                if self._waits.get(machine) != event.reason:
                    self._waits[machine] = event.reason
                    yield Log("warning", f"{machine}: {event.words}")
            case _:
                pass  # a machine's own affair

    def _close(self, one: _Open, status: Status, reason: str) -> Iterator[AnyEvent]:
        """The end of a group: the last words of its cases, and for those that have none this one."""
        self._open.pop((one.chunk.machine, one.chunk.number), None)
        for index in one.chunk.indices:
            if index not in self._words:
                yield one.finished.get(index) or CaseFinished(index, status, reason)
        if one.future is not None:
            one.future.release()

    def _look(self) -> Iterator[AnyEvent]:
        """See what became of tasks, machines and the scheduler."""
        if self._client.status != "running":
            yield from self._reconnect()
            return
        for one in list(self._open.values()):
            status = one.future.status if one.future else "lost"
            if status == "error":
                yield from self._close(one, Status.FAILED, self._why(one))
            elif status in ("cancelled", "lost"):
                yield from self._reconnect()
                return
            elif status == "finished":
                one.ended = one.ended or time.monotonic()
                if time.monotonic() - one.ended > UNTOLD_SECONDS:
                    self._submit(one)  # the machine tells it from its journal
        yield from self._see_machines()

    def _why(self, one: _Open) -> str:
        error = one.future.exception(timeout=2) if one.future else None
        if type(error).__name__ == "KilledWorker":
            return f"the worker of {one.chunk.machine} died of this three times"
        return one_line(error) if isinstance(error, Exception) else "failed on its machine"

    def _see_machines(self) -> Iterator[AnyEvent]:
        """Say which machine went and which came back; give up what one owes that stays away."""
        waited = {machine for machine, _ in self._open}
        now = time.monotonic()
        for one in self._fleet.machines:
            before = self._standing.get(one.name)
            self._standing[one.name] = one.standing
            if one.name not in waited:
                continue
            if one.there:
                if self._lost.pop(one.name, None) is not None:
                    yield Log("warning", f"{one.name} is back: it goes on with the group that it was at")
                continue
            if before is not one.standing:
                yield Log("warning", f"{one.name} is {one.words}: what it was at is repeated once it is back")
            since = self._lost.setdefault(one.name, now)
            if now - since > MACHINE_PATIENCE:
                reason = f"{one.name} is {one.words} and did not come back in {MACHINE_PATIENCE:g} s"
                for open_ in [o for o in self._open.values() if o.chunk.machine == one.name]:
                    yield from self._close(open_, Status.SKIPPED, reason)

    def _reconnect(self) -> Iterator[AnyEvent]:
        """The scheduler went: wait for it, and ask again for all that has no end yet."""
        door = self._fleet.door
        yield Log("warning", f"the scheduler at {door.address} is gone: trying again until it is back")
        if self._fleet.reconnect(self._stop, SCHEDULER_PATIENCE):
            yield Log("warning", f"the scheduler at {door.address} is back: groups under way are repeated")
            self._begin()
        elif not self._stop.is_set():
            for one in list(self._open.values()):
                yield from self._close(one, Status.SKIPPED, f"the scheduler at {door.address} stayed away")

    def _end(self) -> Iterator[AnyEvent]:
        """Stopped: machines are told, what they measured until then is taken in, the rest was cancelled."""
        futures = [one.future for one in self._open.values() if one.future is not None]
        cancel = threading.Thread(target=self._cancel, args=(futures,), daemon=True)
        cancel.start()
        deadline = time.monotonic() + STOP_SECONDS
        while self._open and time.monotonic() < deadline:
            yield from self._take(POLL)
        for one in list(self._open.values()):
            yield from self._close(one, Status.CANCELLED, "stopped by the user")

    def _cancel(self, futures: "list[Future]") -> None:
        with suppress(Exception):
            self._client.cancel(futures, force=True)
            self._client.unsubscribe_topic(self._topic)
