"""Cores and memory that a process may use: affinity and quotas of both versions of control groups."""

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from app import system as machine
from app.figures import units

GIB = 1 << 30


@pytest.fixture
def groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A made-up tree of control groups on a machine of eight cores."""
    monkeypatch.setattr(machine, "GROUPS", tmp_path / "cgroup")
    monkeypatch.setattr(machine, "OWN_GROUPS", tmp_path / "own")
    monkeypatch.setattr(machine, "all_cores", lambda: 8)
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(6)), raising=False)
    machine.cores.cache_clear()
    yield tmp_path
    machine.cores.cache_clear()


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize(
    ("own", "files", "expected"),
    [
        ("", {}, 6),
        ("0::/a/b\n", {"a/b/cpu.max": "max 100000\n"}, 6),
        ("0::/a/b\n", {"a/b/cpu.max": "250000 100000\n"}, 2),
        ("0::/a/b\n", {"a/cpu.max": "400000 100000\n", "a/b/cpu.max": "max 100000\n"}, 4),
        ("0::/\n", {"cpu.max": "50000 100000\n"}, 1),
        (
            "4:cpu,cpuacct:/job\n3:memory:/job\n",
            {"cpu,cpuacct/job/cpu.cfs_quota_us": "300000\n", "cpu,cpuacct/job/cpu.cfs_period_us": "100000\n"},
            3,
        ),
        ("1:cpu:/x\n", {"cpu/x/cpu.cfs_quota_us": "-1\n", "cpu/x/cpu.cfs_period_us": "100000\n"}, 6),
        # In a container the folder of the host's path is not there; the root is its own.
        ("1:cpu:/docker/1\n", {"cpu/cpu.cfs_quota_us": "200000", "cpu/cpu.cfs_period_us": "100000"}, 2),
        ("0::/a\nnonsense\n", {"a/cpu.max": "nonsense"}, 6),
    ],
)
def test_cores(own: str, files: dict[str, str], expected: int, groups: Path) -> None:
    put(groups / "own", own)
    for name, text in files.items():
        put(groups / "cgroup" / name, text)
    assert machine.cores() == expected
    assert machine.usable_cores() == f"{expected} of 8"


@pytest.mark.parametrize(
    ("own", "files", "expected"),
    [
        ("0::/a\n", {"a/memory.max": "max", "a/memory.current": "1"}, 8 * GIB),
        ("0::/a\n", {"a/memory.max": str(4 * GIB), "a/memory.current": str(3 * GIB)}, GIB),
        (
            "0::/a\n",
            {
                "a/memory.max": str(4 * GIB),
                "a/memory.current": str(3 * GIB),
                "a/memory.stat": f"anon 5\ninactive_file {GIB}\n",
            },
            2 * GIB,
        ),
        (
            "3:memory:/j\n",
            {
                "memory/j/memory.limit_in_bytes": str(2 * GIB),
                "memory/j/memory.usage_in_bytes": str(GIB),
                "memory/memory.limit_in_bytes": str(2**63 - 4096),
                "memory/memory.usage_in_bytes": str(GIB),
            },
            GIB,
        ),
    ],
)
def test_free_memory(
    own: str, files: dict[str, str], expected: int, groups: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = psutil.virtual_memory()._replace(available=8 * GIB)
    monkeypatch.setattr(machine.psutil, "virtual_memory", lambda: memory)
    put(groups / "own", own)
    for name, text in files.items():
        put(groups / "cgroup" / name, text)
    assert machine.free_memory() == expected


@pytest.mark.parametrize(
    ("platform", "states", "expected"),
    [
        ("linux", {}, False),
        ("linux", {"card0-DP-1": "disconnected"}, False),
        ("linux", {"card0-DP-1": "disconnected", "card1-eDP-1": "connected"}, True),
        ("win32", {}, True),
    ],
)
def test_a_screen(
    platform: str, states: dict[str, str], expected: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "CONNECTORS", tmp_path)
    monkeypatch.setattr(sys, "platform", platform)
    for name, state in states.items():
        put(tmp_path / name / "status", state + "\n")
    assert machine.has_screen() is expected


def test_words() -> None:
    assert units.cores(1) == "1 core"
    assert units.cores(8, 8) == "8 cores"
    assert units.cores(2, 8) == "2 of 8 cores"
    assert units.cores(1, 2) == "1 of 2 cores"
    assert units.cores(4, 0) == "4 cores"


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no affinity here")
def test_threads_and_targets_follow_the_affinity() -> None:
    code = (
        f"import os; os.sched_setaffinity(0, {{{min(os.sched_getaffinity(0))}}});"
        "from app.system import all_cores; from app.worker.host import describe_host;"
        "from wasm_modules.ways import CORES; host = describe_host({});"
        "print(CORES, host.cores, host.all_cores == all_cores())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "1", "True"]
