"""What runs on a machine of a fleet: tasks that dask hands to its worker, one supervisor for all of them."""

import asyncio
import getpass
import logging
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import uuid4

from msgspec import structs

from app.catalog.choose import choose_targets
from app.catalog.request import Request
from app.core.errors import KernelscopeError
from app.core.events import AnyEvent, CeilingsMeasured, Log, TargetsFound
from app.core.recorder import now
from app.core.target import Target
from app.engines import ENGINES
from app.fleet import kept
from app.fleet.agreement import agreement
from app.fleet.protocol import (
    METRIC,
    About,
    Batch,
    Description,
    Job,
    Part,
    Queued,
    State,
    decode,
    encode,
)
from app.machine.ceilings import checked, known_ceilings, measure_ceilings
from app.machine.planned import planned
from app.machine.store import Store
from app.worker.exclusive import holder
from app.worker.host import describe_host
from app.worker.recording import make_recorder
from app.worker.supervisor import Supervisor

if TYPE_CHECKING:
    from distributed import Worker

log = logging.getLogger(__name__)

WATCH = 0.05
"""Seconds between two looks whether a task is still wanted, and between two batches of its events."""

PREFIX = "kernelscope"


class Machine:
    """One per process. Its targets, those of ``engines`` that ``words`` name, are searched at the start."""

    def __init__(
        self, allow_edits: bool = False, words: Sequence[str] = (), engines: Iterable[str] = ENGINES
    ) -> None:
        self.allow_edits = allow_edits
        self._words, self._engines = words, engines
        self.supervisor = Supervisor()
        self.found: tuple[TargetsFound, ...] = ()
        self._one = threading.Lock()
        """A worker that lost its scheduler may still be ending its last task when the next one begins."""

    def search(self) -> Iterator[TargetsFound | Log]:
        """Look for targets; nothing is measured before.

        Raises:
            KernelscopeError: a word names none.
        """
        found = []
        for event in self.supervisor.find_targets(self._engines):
            if isinstance(event, TargetsFound):
                found.append(event)
            yield event
        every = [target for answer in found for target in answer.targets]
        offered = {target.id for target in choose_targets(every, self._words)}
        self.found = tuple(
            structs.replace(answer, targets=tuple(t for t in answer.targets if t.id in offered))
            for answer in found
        )

    @property
    def targets(self) -> tuple[Target, ...]:
        """What it has to run on, by its own ids."""
        return tuple(target for answer in self.found for target in answer.targets)

    @property
    def store(self) -> Store:
        """What it is known for."""
        return Store(self.supervisor.versions)

    def describe(self, name: str) -> Description:
        """The machine with its targets."""
        versions = {library: v for answer in self.found for library, v in answer.versions.items()}
        known = known_ceilings(self.store, self.targets)
        return Description(name, describe_host(versions), self.found, known)

    def events(self, job: Job, stop: threading.Event) -> Iterator[AnyEvent]:
        """Measure one group, with ceilings where they are not known."""
        with self._one:
            used = {case.target for case in job.plan.cases}
            ours = [target for target in self.targets if target.id in used]
            recorder = make_recorder(job.plan, ours)
            for event in (
                measure_ceilings(self.supervisor, self.store, ours, stop=stop) if job.ceilings else ()
            ):
                recorder.apply(event)
                yield event
            for id, known in known_ceilings(self.store, ours).items():
                recorder.apply(CeilingsMeasured(id, known))
            yield from checked(self.supervisor, self.store, recorder, stop)

    def refuse(self, request: Request | None, job: Job | None = None) -> None:
        """Raise where this machine does not do what is asked.

        Raises:
            KernelscopeError: another version asks, or a text of somebody's own would run here.
        """
        if job and (why := agreement().why_not(job.agreement)):
            raise KernelscopeError(f"refused: {why}")
        own = (request and request.edits) or (job and job.plan.edits)
        if own and not self.allow_edits:
            raise KernelscopeError("refused: texts of one's own run only where the worker has --allow-edits")


_machine: Machine | None = None
_making = threading.Lock()


def machine() -> Machine:
    """The machine that this process is; searched now where nobody did before."""
    with _making:
        if _machine is None:
            be(Machine())
        assert _machine is not None
        if not _machine.found:
            for _ in _machine.search():
                pass
        return _machine


def be(one: Machine) -> None:
    """Have this process be that machine."""
    global _machine  # noqa: PLW0603  (tasks are functions that dask calls by name: they have nothing else)
    _machine = one


def state(worker: "Worker") -> str:
    """What the heartbeat tells: JSON of a ``State``."""
    queue: Counter[str] = Counter()
    whose: dict[str, str] = {}
    running = ""
    tasks = sorted(worker.state.tasks.values(), key=lambda task: task.priority or ())
    for task in tasks:
        prefix, _, rest = str(task.key).partition("/")
        if prefix == PREFIX and task.state in ("waiting", "ready", "constrained", "executing"):
            run, who, *_ = rest.split("/")
            queue[run] += 1
            whose[run] = who
            running = run if task.state == "executing" else running
    own = _machine
    other = None if running else holder()
    told = State(
        agreement(),
        tuple(target.id for target in own.targets) if own else (),
        bool(own and own.allow_edits),
        running,
        tuple(Queued(run, whose[run], count) for run, count in queue.items()),
        str(other) if other else "",
    )
    return encode(told).decode()


METRICS = {METRIC: state}


async def describe(dask_worker: "Worker") -> bytes:
    """For ``Client.run``: the machine, as JSON of a ``Description``."""
    return await asyncio.to_thread(lambda: encode(machine().describe(str(dask_worker.name))))


async def plan(request: bytes, about: bytes, dask_worker: "Worker") -> bytes:
    """For ``Client.run``: the request as this machine would run it, a ``Part``; its journal notes it.

    Raises:
        KernelscopeError: nothing of it runs here, or this machine refuses it.
    """
    return await asyncio.to_thread(_plan, request, about, str(dask_worker.name))


def _plan(request: bytes, about: bytes, name: str) -> bytes:
    own = machine()
    asked, who = decode(request, Request), decode(about, About)
    own.refuse(asked)
    found = Part(who, planned(asked, own.targets, own.store), own.describe(name))
    if why := kept.begin(found):
        log.warning("%s", why)
    return encode(found)


async def runs(dask_worker: "Worker") -> bytes:
    """For ``Client.run``: the runs that this machine remembers, as JSON of a list of ``Kept``."""
    return await asyncio.to_thread(lambda: encode(kept.runs()))


async def part(run: str, dask_worker: "Worker") -> bytes:
    """For ``Client.run``: what this machine was to do of a run, as JSON of a ``Part``; else nothing."""
    found = await asyncio.to_thread(kept.part, run)
    return encode(found) if found else b""


def measure(data: bytes, topic: str) -> int:
    """A task: measure a group, and tell all that happens as it happens; how many events there were.

    What was measured before is told from the journal. It stops when nobody wants the task any more: dask ends
    no thread, but its worker knows.

    Raises:
        KernelscopeError: another version asks, or a text of somebody's own would run here.
    """
    job = decode(data, Job)
    own = machine()
    own.refuse(None, job)
    before = kept.finished(job)
    with _Out(job, topic) as out:
        events = kept.keep(job, own.events(job, out.stop), out.stop.is_set) if before is None else before
        return out.send(events)


class _Out:
    """The way of a job's events to its client, and the watch over whether it is still wanted."""

    def __init__(self, job: Job, topic: str) -> None:
        self._worker = _worker()
        self._key = self._worker.get_current_task()
        self._topic = topic
        self._head = Batch(str(self._worker.name), job.number, uuid4().hex)
        self._events: list[AnyEvent] = []
        self._lock = threading.Lock()
        self._over = threading.Event()
        self.stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "_Out":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def send(self, events: Iterable[AnyEvent]) -> int:
        """Send all of them, in batches; how many there were."""
        count = 0
        for event in events:
            with self._lock:
                self._events.append(event)
            count += 1
        self._flush(last=True)
        return count

    def _watch(self) -> None:
        while not self._over.wait(WATCH):
            if not self._wanted():
                self.stop.set()
            self._flush()

    def _wanted(self) -> bool:
        """Whether dask still has the task, and a scheduler. Undocumented: a test tells when it changes."""
        task = self._worker.state.tasks.get(self._key)
        return task is not None and task.state == "executing" and self._worker.status.name == "running"

    def _flush(self, last: bool = False) -> None:
        with self._lock:
            events, self._events = tuple(self._events), []
            if events or last:
                batch = structs.replace(self._head, events=events, last=last)
                with suppress(OSError):
                    self._worker.log_event(self._topic, encode(batch).decode())


def _worker() -> "Worker":
    from distributed import get_worker

    return get_worker()


def who() -> str:
    """Whoever asks for a run, as others are told."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError):
        name = "somebody"
    return "".join(c for c in name if c.isalnum() or c in "-_.")[:40] or "somebody"


def about() -> About:
    """A new run of this user's."""
    return About(uuid4().hex, who(), now())


def key(about: About, machine: str, number: int, attempt: str) -> str:
    """The name of a task: its run and whose it is can be read from it."""
    return "/".join((PREFIX, about.run, about.who, machine, str(number), attempt))
