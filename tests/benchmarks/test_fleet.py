"""A fleet of three software GPUs in namespaces of the network, with TLS: faults and all. As root, on Linux.

``GPUS=FOLDER`` has Mesa 25 and SwiftShader, as ``mesa25.json`` and ``swiftshader.json``; else all are Mesa's.
What it prints stands in the README and in ARCHITECTURE.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.measurement import Status
from app.fleet.trust import make_keys
from app.storage.files import load
from tests.benchmarks.fleet_scale import simulate
from tests.conftest import ROOT, until

PORT = 8911
GPUS = Path(os.environ.get("GPUS", "/nonexistent"))
MESA = {"VK_DRIVER_FILES": "/usr/share/vulkan/icd.d/lvp_icd.x86_64.json"}
MACHINES = {
    "mesa22": MESA,
    "mesa25": {
        "VK_DRIVER_FILES": str(GPUS / "mesa25.json"),
        "LD_LIBRARY_PATH": str(GPUS / "mesa25/usr/lib/x86_64-linux-gnu"),
    }
    if GPUS.exists()
    else MESA,
    "swift": {"VK_DRIVER_FILES": str(GPUS / "swiftshader.json")} if GPUS.exists() else MESA,
}


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


class Network:
    """A namespace with a link of its own for each machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.scheduler, self.worker, self.client = make_keys(
            folder / "keys", ["scheduler", "worker", "client"]
        )
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        for number, name in enumerate(MACHINES, 1):
            ip("netns", "add", name)
            ip("link", "add", name, "type", "veth", "peer", "name", "up", "netns", name)
            ip("addr", "add", f"10.77.{number}.1/30", "dev", name)
            ip("link", "set", name, "up")
            ip("-n", name, "addr", "add", f"10.77.{number}.2/30", "dev", "up")
            ip("-n", name, "link", "set", "up", "up")
            ip("-n", name, "link", "set", "lo", "up")

    def start(self, name: str, command: list[str], **environment: str) -> None:
        home = self.folder / name
        home.mkdir(exist_ok=True)
        environment = os.environ | {"XDG_DATA_HOME": str(home)} | environment
        with (home / "log").open("ab") as log:
            self.running[name] = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log)

    def log(self, name: str) -> str:
        return (self.folder / name / "log").read_text()

    def schedule(self) -> None:
        command = [sys.executable, "-m", "app", "fleet", "scheduler", "--host", "0.0.0.0"]
        self.start("scheduler", [*command, "--port", str(PORT), "--keys", str(self.scheduler)])
        until(lambda: "scheduler at" in self.log("scheduler"))

    def work(self, name: str) -> None:
        number = list(MACHINES).index(name) + 1
        command = ["ip", "netns", "exec", name, sys.executable, "-m", "app", "fleet", "worker"]
        command += [f"10.77.{number}.1:{PORT}", "--name", name, "--keys", str(self.worker)]
        before = self.log(name).count("is in the fleet") if (self.folder / name / "log").exists() else 0
        self.start(name, command, **MACHINES[name])
        until(lambda: self.log(name).count("is in the fleet") > before)

    def close(self) -> None:
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            process.wait(60)
        for name in MACHINES:
            subprocess.run(["ip", "netns", "del", name], check=False)


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    if os.geteuid() or not shutil.which("ip"):
        pytest.skip("namespaces take root and iproute2")
    own = Network(tmp_path)
    try:
        own.schedule()
        for name in MACHINES:
            own.work(name)
        yield own
    finally:
        own.close()


@pytest.mark.timeout(0)
def test_three_machines_with_links_cut_and_slowed(network: Network, tmp_path: Path) -> None:
    """The quick plan at small sizes: a worker is killed, a link cut for longer than it lives, one slowed."""
    out = tmp_path / "three.kernelscope.json"
    command = [sys.executable, "-m", "app", "run", "--fleet", f"127.0.0.1:{PORT}", "--out", str(out)]
    command += ["--keys", str(network.client), "--sizes", "256,512,1024", "--seconds", "0.2", "--no-ceilings"]
    start = time.monotonic()
    network.start("client", command)
    process = network.running.pop("client")

    def told(name: str) -> int:
        return sum(f"@{name}" in line for line in network.log("client").splitlines())

    subprocess.run(
        [
            "tc",
            "qdisc",
            "add",
            "dev",
            "swift",
            "root",
            "tbf",
            "rate",
            "256kbit",
            "burst",
            "32kbit",
            "latency",
            "400ms",
        ],
        check=True,
    )
    until(lambda: told("mesa25") >= 1)
    ip("link", "set", "mesa25", "down")
    cut = time.monotonic()
    until(lambda: told("mesa22") >= 2)
    killed = network.running.pop("mesa22")
    killed.kill()
    killed.wait()
    network.work("mesa22")
    time.sleep(max(0.0, 40 - (time.monotonic() - cut)))
    ip("link", "set", "mesa25", "up")
    assert process.wait(900) == 0, network.log("client")
    took = time.monotonic() - start
    print("\n" + network.log("client"))
    session = load(out)
    assert set(session.machines) == set(MACHINES)
    assert {m.status for m in session.measurements} <= {Status.OK, Status.UNSUPPORTED}
    assert all(len({one.life for one in m.stretches}) <= 1 for m in session.measurements)
    cases = len(session.measurements)
    print(f"three machines, {cases} cases: {took:.0f} s with a kill, a link cut 40 s and one of 256 kbit/s")


@pytest.mark.timeout(0)
@pytest.mark.parametrize("workers", [10, 100, 300, 1000])
def test_many_workers_with_a_fake_engine(workers: int, tmp_path: Path) -> None:
    """How the cost of a run grows with machines that only tell events."""
    print(f"\n{simulate(workers, tmp_path)}")
