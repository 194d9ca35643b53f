"""The two programs of a fleet that run until they are ended: its scheduler, and each machine's worker."""

import asyncio
import re
import signal
import socket
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from app.core.errors import KernelscopeError, UsageError
from app.core.events import TargetsFound
from app.fleet.machine import METRICS, Machine, be
from app.fleet.protocol import MEASURE, own_resource
from app.fleet.trust import MISSING, Door

if TYPE_CHECKING:
    from distributed import Worker

Say = Callable[[str], object]

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")
AGAIN_SECONDS = 2.0
PATIENCE = 3600.0
"""How long a worker looks for a scheduler that is not there, or no more."""

SETTINGS = {
    # A profiler that looks a hundred times a second, and pages that anybody could read, are for other users.
    "distributed.worker.profile.enabled": False,
    "distributed.worker.http.routes": [],
    "distributed.scheduler.http.routes": [],
    # Of a run's events nobody asks the scheduler once they are with its client.
    "distributed.admin.low-level-log-length": 100,
    # A group that ended three workers would end the fourth.
    "distributed.scheduler.allowed-failures": 2,
    "distributed.scheduler.worker-ttl": "30s",
    "distributed.comm.timeouts.connect": "10s",
    "distributed.comm.timeouts.tcp": "15s",
    "distributed.comm.retry.count": 0,
    # Nothing of a task's result is worth moving or keeping in memory.
    "distributed.scheduler.work-stealing": False,
    "distributed.logging": {"distributed": "error", "distributed.client": "critical", "tornado": "critical"},
}


def settle() -> None:
    """Have dask do what a fleet needs.

    Raises:
        KernelscopeError: the extra is missing.
    """
    try:
        import dask.config

        dask.config.set(SETTINGS)  # before the import that reads some of them
        import distributed  # noqa: F401
    except ImportError as error:
        raise KernelscopeError(MISSING) from error


def checked_name(name: str | None) -> str:
    """The name of a machine, its host's unless somebody gives another.

    Raises:
        UsageError: it is no name.
    """
    own = name or socket.gethostname()
    if not NAME.fullmatch(own):
        raise UsageError(f"{own!r} is no name for a machine: letters, digits, '-', '_' and '.', give --name")
    return own


def schedule(door: Door, say: Say) -> None:
    """Run a scheduler until somebody ends it.

    Raises:
        KernelscopeError: the address is taken, or no address of this machine.
    """
    settle()

    async def run(ended: asyncio.Event) -> None:
        from distributed import Scheduler

        try:
            scheduler = await Scheduler(
                host=door.host,
                port=door.port,
                protocol=f"{door.protocol}://",
                security=door.security(),
                dashboard=False,
                dashboard_address="127.0.0.1:0",
            )
        except (OSError, ValueError) as error:
            raise KernelscopeError(f"{door.address} cannot be listened at: {error}") from error
        say(f"scheduler at {scheduler.address}")
        await ended.wait()
        await scheduler.close()

    _until_ended(run)


def work(door: Door, name: str, machine: Machine, say: Say) -> None:
    """Be the machine called ``name`` until somebody ends it; a scheduler that is gone is waited for.

    Raises:
        KernelscopeError: the fleet has one of that name, refuses its keys, or has no scheduler for long.
    """
    settle()
    try:
        for event in machine.search():
            if isinstance(event, TargetsFound):
                for note in event.notes:
                    say(note)
        be(machine)
        say(f"{name}: {', '.join(target.id for target in machine.targets)}")
        _until_ended(lambda ended: _work(door, name, ended, say))
    finally:
        machine.supervisor.close()


async def _work(door: Door, name: str, ended: asyncio.Event, say: Say) -> None:
    from distributed.core import Status

    missing, member = asyncio.get_running_loop().time(), False
    with tempfile.TemporaryDirectory(prefix="kernelscope-") as folder:
        while not ended.is_set():
            worker = _worker(door, name, folder)
            try:
                await worker
            except (OSError, RuntimeError, ValueError) as error:
                with suppress(Exception):
                    await worker.close()
                await _again(door, name, error, ended, missing, member)
                continue
            say(f"{name} is in the fleet of {door.address}")
            member = True
            gone = asyncio.ensure_future(worker.finished())
            await asyncio.wait({gone, _task(ended.wait())}, return_when=asyncio.FIRST_COMPLETED)
            if worker.status not in (Status.closed, Status.failed):
                await worker.close()
            missing = asyncio.get_running_loop().time()
            if not ended.is_set():
                say(f"the scheduler at {door.address} is gone: trying again until it is back")


async def _again(
    door: Door, name: str, error: Exception, ended: asyncio.Event, missing: float, member: bool
) -> None:
    """Wait a moment for the scheduler; for one that a cut link keeps from missing its ``member`` as well.

    Raises:
        KernelscopeError: waiting does not help, or did not for long.
    """
    words = chain(error)
    if "name taken" in words and not member:
        raise KernelscopeError(
            f"the fleet has a machine called {name} already: give another --name"
        ) from error
    if "certificate" in words.lower() or "ssl" in words.lower():
        raise KernelscopeError(
            f"{door.address} refuses these keys, or is not of this fleet: {words[:200]}"
        ) from error
    if asyncio.get_running_loop().time() - missing > PATIENCE:
        raise KernelscopeError(f"no scheduler at {door.address} for an hour") from error
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(ended.wait(), AGAIN_SECONDS)


def chain(error: BaseException | None) -> str:
    """What went wrong, with what lies behind it."""
    words = []
    while error is not None:
        words.append(f"{type(error).__name__}: {error}")
        error = error.__cause__ or error.__context__
    return "; ".join(words)


def _worker(door: Door, name: str, folder: str) -> "Worker":
    from distributed import Worker

    return Worker(
        door.address,
        name=name,
        nthreads=1,
        host="127.0.0.1" if door.local else None,
        security=door.security(),
        resources={MEASURE: 1, own_resource(name): 1},
        metrics=METRICS,
        local_directory=folder,
        memory_limit=0,
        dashboard=False,
        dashboard_address="127.0.0.1:0",
        death_timeout=AGAIN_SECONDS * 5,
    )


async def dask_setup(worker: "Worker") -> None:
    """Make a machine of a worker that others start, as dask-jobqueue: ``--preload app.fleet.serving``."""
    machine = Machine()
    await asyncio.to_thread(lambda: list(machine.search()))
    be(machine)
    worker.metrics.update(METRICS)
    await worker.set_resources(**{MEASURE: 1, own_resource(str(worker.name)): 1})


def _task(waiting: Awaitable[object]) -> "asyncio.Future[object]":
    return asyncio.ensure_future(waiting)


def _until_ended(run: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Run a loop until Ctrl-C or a SIGTERM, which both end it in order."""

    async def main() -> None:
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError, ValueError):
                loop.add_signal_handler(number, ended.set)
        await run(ended)

    with suppress(KeyboardInterrupt):
        asyncio.run(main())
