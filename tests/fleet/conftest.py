"""A small fleet of real dask workers on loopback, each a process with a folder of its own, NumPy alone."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.session import Session
from app.fleet.fleet import Fleet
from app.fleet.trust import Door
from tests.conftest import ROOT, until

pytest.importorskip("distributed")


class Programs:
    """Scheduler and workers, ended with the test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.port = 0

    def start(self, name: str, *arguments: str, **environment: str) -> None:
        home = self.folder / name
        home.mkdir(exist_ok=True)
        own = {"XDG_DATA_HOME": str(home), "OPENBLAS_NUM_THREADS": "1"}
        environment = os.environ | own | environment
        log = (home / "log").open("ab")
        self.running[name] = subprocess.Popen(
            [sys.executable, "-m", "app", "fleet", *arguments], cwd=ROOT, env=environment, stderr=log
        )
        log.close()

    def log(self, name: str) -> str:
        return (self.folder / name / "log").read_text()

    def schedule(self, *options: str) -> Door:
        import socket

        if not self.port:
            with socket.create_server(("127.0.0.1", 0)) as free:
                self.port = free.getsockname()[1]
        before = self.log("scheduler").count("scheduler at") if (self.folder / "scheduler").exists() else 0
        self.start("scheduler", "scheduler", "--port", str(self.port), *options)
        until(lambda: self.log("scheduler").count("scheduler at") > before)
        return Door("127.0.0.1", self.port)

    def work(self, name: str, *options: str, **environment: str) -> None:
        arguments = ("worker", f"127.0.0.1:{self.port}", "--name", name, "--target", "numpy", *options)
        self.start(name, *arguments, **environment)

    def kill(self, name: str) -> None:
        process = self.running.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def close(self) -> None:
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            try:
                assert process.wait(60) == 0  # a SIGTERM ends them in order
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programs]:
    """A scheduler with the machines m1 and m2, which takes texts of one's own."""
    own = Programs(tmp_path_factory.mktemp("fleet"))
    try:
        own.schedule()
        own.work("m1")
        own.work("m2", "--allow-edits")
        for name in ("m1", "m2"):
            until(lambda name=name: "is in the fleet" in own.log(name))  # type: ignore[misc]
        yield own
    finally:
        own.close()


@pytest.fixture
def fleet(programs: Programs) -> Iterator[Fleet]:
    fleet = Fleet(Door("127.0.0.1", programs.port))
    until(lambda: sum(one.there for one in fleet.machines) == 2)
    yield fleet
    fleet.close()


def timings(session: Session) -> dict[str, tuple[float, ...]]:
    return {str(m.case): m.samples for m in session.measurements}
