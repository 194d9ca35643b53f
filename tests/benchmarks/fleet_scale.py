"""Hundreds of dask workers in a few processes, whose engine is fake: what scheduler and client cost then."""

import asyncio
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import psutil

from app.catalog.choice import Choice
from app.catalog.request import Request
from app.core.events import (
    AnyEvent,
    CaseCalibrated,
    CaseFinished,
    CaseOpened,
    CasePrepared,
    CaseSampled,
    CaseStarted,
    CaseVerified,
    TargetsFound,
)
from app.core.measurement import Costs, Error, Status
from app.core.target import Runtime, Target
from app.fleet import kept
from app.fleet import machine as there
from app.fleet.agreement import agreement
from app.fleet.fleet import Fleet
from app.fleet.machine import Machine
from app.fleet.protocol import METRIC, Job, State, encode
from app.fleet.serving import own_resource, settle
from app.fleet.trust import Door
from tests.conftest import ROOT, until

SAMPLES = 12
PROCESSES = 4
NUMPY = Target("numpy", "NumPy", "native", Runtime.NUMPY, "NumPy", "BLAS", "", "CPU")
SIZES = ("16", "32", "48", "64", "80", "96", "112", "128")


class Fake(Machine):
    """Tells what a real one would, without measuring."""

    def __init__(self) -> None:
        super().__init__()
        self.found = (TargetsFound("native", (NUMPY,)),)

    def events(self, job: Job, stop: Event) -> Iterator[AnyEvent]:
        for i, _ in enumerate(job.plan.cases):
            yield CaseOpened(i)
            yield CaseStarted(i, "compiling")
            yield CasePrepared(i, "x" * 2000, "python", "wall clock", Costs(0.0, 0.0, 0.0))
            yield CaseVerified(i, Error(1e-7, 1e-7, 1e-7, 1e-7, 1e-5))
            yield CaseCalibrated(i, 10, 5, SAMPLES, 0)
            for number in range(SAMPLES):
                yield CaseSampled(i, 10, 1e-3, 0, number, 1e-3, 0.0, 1e-3)
            yield CaseFinished(i, Status.OK)


def serve(port: int, first: int, count: int) -> None:
    """Be so many workers."""
    settle()
    there.be(Fake())
    kept.finished = lambda job: None  # they would share one folder
    kept.keep = lambda job, events, stopped: iter(events)  # type: ignore[assignment]
    kept.begin = lambda part: ""
    told = encode(State(agreement(), ("numpy",))).decode()

    async def main() -> None:
        from distributed import Worker

        def one(number: int) -> Worker:
            name = f"w{number}"
            return Worker(
                f"tcp://127.0.0.1:{port}",
                name=name,
                nthreads=1,
                host="127.0.0.1",
                resources={"measure": 1, own_resource(name): 1},
                metrics={METRIC: lambda _: told},
                memory_limit=0,
                dashboard=False,
                dashboard_address="127.0.0.1:0",
            )

        workers = []
        for number in range(first, first + count):
            workers.append(await one(number))
        await asyncio.gather(*(worker.finished() for worker in workers))

    asyncio.run(main())


def simulate(workers: int, folder: Path) -> str:
    """Run a plan on so many workers; what that cost, in a line."""
    port = 8950
    log = (folder / "log").open("ab")
    environment = os.environ | {"XDG_DATA_HOME": str(folder)}
    scheduler = subprocess.Popen(
        [sys.executable, "-m", "app", "fleet", "scheduler", "--port", str(port)],
        cwd=ROOT,
        stderr=log,
        env=environment,
    )
    until(lambda: "scheduler at" in (folder / "log").read_text())
    share = -(-workers // PROCESSES)
    code = "import sys; from tests.benchmarks.fleet_scale import serve; serve(*map(int, sys.argv[1:]))"
    servers = [
        subprocess.Popen(
            [sys.executable, "-c", code, *map(str, (port, first, min(share, workers - first)))],
            cwd=ROOT,
            stderr=log,
            env=environment,
        )
        for first in range(0, workers, share)
    ]
    fleet = Fleet(Door("127.0.0.1", port))
    try:
        until(lambda: len(fleet.machines) >= workers, 600)
        process = psutil.Process(scheduler.pid)
        request = Request(choices=(Choice(sizes=SIZES, target=("numpy",)),))
        start = time.monotonic()
        plan = fleet.planned(fleet.all(request), print)
        planned = time.monotonic() - start
        before = sum(process.cpu_times()[:2]), time.process_time()
        start, count = time.monotonic(), 0
        finished = 0
        for event in fleet.run(plan, Event(), ceilings=False):
            count += 1
            finished += isinstance(event, CaseFinished)
        took = time.monotonic() - start
        assert finished == len(plan.plan.cases) == workers * len(SIZES)
        cpu = sum(process.cpu_times()[:2]) - before[0], time.process_time() - before[1]
        scheduler_mb = process.memory_info().rss / 1e6
        client_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        return (
            f"{workers} workers, {finished} groups: planned in {planned:.1f} s; {count} events in "
            f"{took:.1f} s, {count / took:,.0f} a second; scheduler "
            f"{cpu[0]:.1f} s CPU, {scheduler_mb:.0f} MB; "
            f"client {cpu[1]:.1f} s CPU, {client_mb:.0f} MB"
        )
    finally:
        fleet.close()
        for server in servers:
            server.kill()
            server.wait()
        scheduler.terminate()
        scheduler.wait(30)
        log.close()
