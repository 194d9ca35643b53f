"""The pool of workers: a process per engine, started when first needed, and the targets that they found."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import count

from msgspec import structs

from app.core.events import (
    AnyEvent,
    GroupFinished,
    Log,
    TargetGone,
    TargetsFound,
    TuningFinished,
)
from app.core.target import Target
from app.engines import ENGINES, installed
from app.problems import registry
from app.signs import cards
from app.system import address_limit
from app.worker.browsers import BROWSER, Browsers
from app.worker.drivers import ENGINE as GPUS
from app.worker.drivers import Drivers
from app.worker.health import MOST_CRASHES, Health
from app.worker.process import Worker, WorkerLost
from app.worker.protocol import FindTargets, Measure, Stop, Tune

POLL = 0.05
GRACE = 0.3
"""Seconds that a worker has to answer a Stop before it is ended: Stop must answer within half a second."""

FIND_SECONDS = 30.0
SERVER_SECONDS = 120.0
"""How long a search may take: with one card, and with several, each of which a driver may have to wake."""

SLOW = f"several GPUs are here: finding them may take {SERVER_SECONDS:g} s"

MOST_EVENTS_A_SECOND = 20_000


def find_seconds() -> float:
    """How long an engine may take to answer what it finds here."""
    return SERVER_SECONDS if cards() > 1 else FIND_SECONDS


class Workers:
    """Finds targets and talks to the workers that run them; outlives every one of these."""

    def __init__(self, most_crashes: int = MOST_CRASHES) -> None:
        self.health = Health(most_crashes)
        self._workers: dict[str, Worker] = {}
        self._busy: set[Worker] = set()
        """Workers whose job is not over; should nobody listen any more, what they say is for nobody else."""
        self._targets: dict[str, Target] = {}
        self.free: dict[str, int] = {}
        """Bytes of a card's own memory that were free when it was found, by id of its target."""
        self._lives = count()
        self._drivers = Drivers()
        self._closed = False
        self._starting = threading.Lock()
        """A search starts workers in a thread of its own while whoever closes ends them."""
        self.browsers = Browsers()
        self.versions: dict[str, dict[str, str]] = {}
        """Library to version, for every engine that has answered."""

    def find_targets(self, engines: Iterable[str] = ENGINES) -> Iterator[TargetsFound | Log]:
        """Ask every engine at once; yields each answer as it comes, and what the workers logged.

        Browsers are only asked when one was added, libraries where they are installed. GPUs are searched
        again without what spoils it.
        """
        if (patience := find_seconds()) > FIND_SECONDS and GPUS in engines:
            yield Log("info", SLOW)
        asked = [n for n in engines if installed(n) and (n != BROWSER or self.browsers.used)]
        waiting = {name: self._asked(name) for name in asked}
        deadline = time.monotonic() + patience
        while waiting:
            for name, worker in list(waiting.items()):
                event = self._answer(worker, patience if time.monotonic() > deadline else None)
                if self._closed:
                    return
                if isinstance(event, TargetsFound):
                    if self._drivers.explain(worker, event):
                        waiting[name], deadline = self._asked(name), time.monotonic() + patience
                        continue
                    event = self._drivers.noted(event)
                    del waiting[name]
                    self._targets.update({target.id: target for target in event.targets})
                    self.versions[event.engine] = event.versions
                    self.free |= event.free
                if isinstance(event, TargetsFound | Log):
                    yield event

    def _asked(self, engine: str) -> Worker:
        worker = self._worker(engine)
        worker.send(FindTargets())
        return worker

    def _answer(self, worker: Worker, late: float | None) -> AnyEvent | None:
        """The worker's next event; an apology in its name when it died, or is ``late`` after such seconds."""
        try:
            event = worker.receive(POLL)
        except EOFError as error:
            return TargetsFound(worker.engine, (), {}, f"the {worker.engine} worker {_why(error)}")
        if event is None and late:
            worker.end()
            return TargetsFound(worker.engine, (), {}, f"{worker.engine} did not answer in {late:g} s")
        return event

    def converse(
        self, target: Target, job: Measure | Tune, step_seconds: Callable[[], float], stop: threading.Event
    ) -> Iterator[AnyEvent]:
        """Send ``job`` to the worker of ``target`` and yield its events; the caller knows which is the last.

        ``step_seconds`` tells how long the step under way may take. Once ``stop`` is set the worker is told;
        when it does not answer in ``GRACE`` seconds it is ended.

        Raises:
            WorkerLost: the worker died, lost its target, or said nothing for ``step_seconds``, or too much.
        """
        try:
            yield from self._converse(target, job, step_seconds, stop)
        except WorkerLost:
            self.health.crashed(target.id)
            raise

    def _converse(
        self, target: Target, job: Measure | Tune, step_seconds: Callable[[], float], stop: threading.Event
    ) -> Iterator[AnyEvent]:
        worker = self.worker_for(target)
        if worker in self._busy:
            worker.end()
            worker = self.worker_for(target)
        self._busy = {other for other in self._busy if other.alive} | {worker}
        worker.send(_with_problems(job))
        heard = time.monotonic()
        spoke = False
        asked_to_stop: float | None = None
        rate = _Rate()
        while True:
            try:
                event = worker.receive(POLL)
            except EOFError as error:
                raise WorkerLost(f"the worker {_why(error)}") from error
            now = time.monotonic()
            if stop.is_set() and asked_to_stop is None:
                asked_to_stop = now
                worker.send(Stop())
            if asked_to_stop is not None and now - asked_to_stop > GRACE:
                worker.end()
                return
            if isinstance(event, TargetGone):
                if target.engine != BROWSER:
                    worker.end()  # a fresh process gets a fresh device
                raise WorkerLost(event.reason)
            if event is not None:
                spoke = True
                if isinstance(event, GroupFinished | TuningFinished):
                    self._busy.discard(worker)
                if rate.floods(now):
                    worker.end()
                    raise WorkerLost("the worker floods its pipe; it was ended")
                yield event
                heard = time.monotonic()  # what its listener took is no silence of the worker's
                continue
            # Until its first word a worker may still be starting, which is no step of anything.
            patience = step_seconds() if spoke else max(step_seconds(), find_seconds())
            if now - heard > patience:
                worker.end()
                raise WorkerLost(f"timed out: no answer for {patience:g} s; the worker was ended", hung=True)

    def begin_run(self) -> None:
        """Give every target another chance, and count the lives of workers anew."""
        self._lives = count()
        self.health.begin_run()

    def new_life(self) -> int:
        """The number of the next job of this run, from 0: samples of different jobs are no pairs."""
        return next(self._lives)

    def target(self, id: str) -> Target | None:
        """The target with that id, if this machine has it."""
        return self._targets.get(id)

    def _worker(self, engine: str) -> Worker:
        with self._starting:
            worker = self._workers.get(engine)
            if worker is None or not worker.alive:
                if worker:
                    worker.end()
                worker = self._workers[engine] = Worker(
                    engine, self.browsers.environment(engine) | self._drivers.environment(engine)
                )
                if self._closed:
                    worker.end()
            return worker

    def worker_for(self, target: Target) -> Worker:
        """The worker that runs ``target``; a fresh one if the last has died."""
        return self._worker(target.engine)

    def close(self) -> None:
        """End every worker; a search under way ends as well, for none of them died."""
        self._closed = True
        with self._starting:
            for worker in self._workers.values():
                worker.end()
            self._workers.clear()
        self.browsers.close()


def _with_problems(job: Measure | Tune) -> Measure | Tune:
    """``job`` with the problems of the user's own that it is of, and the folders that he opened himself."""
    cases = [job.case] if isinstance(job, Tune) else [case for _, case in job.cases]
    problems = registry.problems_of(case.workload for case in cases)
    if not problems:
        return job
    opened = {problem.name: registry.find(problem.name) for problem in problems}
    folders = {name: str(one.folder) for name, one in opened.items() if one and one.folder}
    return structs.replace(job, problems=problems, folders=folders)


def _why(error: EOFError) -> str:
    """How a worker ended, and the limit on addresses that may be why."""
    limit = address_limit()
    return f"{error}; {limit}" if limit else str(error)


class _Rate:
    """Events by the second: no measurement has so many."""

    def __init__(self) -> None:
        self._second = 0
        self._count = 0

    def floods(self, now: float) -> bool:
        """Take one event in; whether there were too many in this second."""
        if int(now) != self._second:
            self._second, self._count = int(now), 0
        self._count += 1
        return self._count > MOST_EVENTS_A_SECOND
