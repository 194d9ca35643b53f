"""What of this machine the process may use: cores and memory that it is left, and files.

Nothing here is Kernelscope's; whoever may not run on a core, or use a byte, must not plan with it.
"""

import errno
import os
import stat
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import BinaryIO

import psutil

from app.figures import units

GROUPS = Path("/sys/fs/cgroup")
OWN_GROUPS = Path("/proc/self/cgroup")

PIECE = 1 << 20
"""Bytes of a file that are asked for at once, so that a limit reserves no memory that nothing needs."""

CONNECTORS = Path("/sys/class/drm")

UNLIMITED = 1 << 60
"""What version 1 of control groups answers where there is no limit is about this, or more."""


def open_regular(path: Path) -> BinaryIO:
    """A regular file, opened to be read; nothing else is waited for, such as a pipe that nobody writes into.

    Raises:
        OSError: it cannot be opened, or is no regular file.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    number = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise OSError(errno.EINVAL, "no regular file")
    return os.fdopen(number, "rb")


def read_regular(path: Path, most: int) -> bytes:
    """The bytes of a regular file; of a longer one the first ``most`` and one more, whatever size it claims.

    Raises:
        OSError: it cannot be read, or is no regular file.
    """
    data = bytearray()
    with open_regular(path) as file:
        while len(data) <= most and (piece := file.read(min(PIECE, most + 1 - len(data)))):
            data += piece
    return bytes(data)


@cache
def cores() -> int:
    """How many cores this process may keep busy, at least one.

    A quota of one and a half counts as one: two threads would wait for each other.
    """
    affinity = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else all_cores()
    return max(1, min(affinity, all_cores(), int(_quota())))


@cache
def all_cores() -> int:
    """How many logical cores there are."""
    return int(psutil.cpu_count(logical=True) or 1)


def usable_cores() -> str:
    """``8``, or ``2 of 8``: what a target's properties say."""
    return units.cores(cores(), all_cores()).split(" core")[0]


def free_memory() -> int:
    """Bytes that can be had without swapping, within what control groups leave."""
    free = int(psutil.virtual_memory().available)
    for folder in _folders("memory"):
        limit, used = _number(folder / "memory.max"), _number(folder / "memory.current")
        if limit is None:
            limit = _number(folder / "memory.limit_in_bytes")
            used = _number(folder / "memory.usage_in_bytes")
        if limit is not None and used is not None and limit < UNLIMITED:
            free = min(free, limit - used + _cached(folder / "memory.stat"))
    return max(0, free)


def has_screen() -> bool:
    """Whether a screen hangs on a graphics card here; only Linux tells, elsewhere one does."""
    if not sys.platform.startswith("linux"):
        return True
    return any(_read(status).strip() == "connected" for status in CONNECTORS.glob("card*-*/status"))


def address_limit() -> str:
    """What is to be known where a process may not have as many addresses as engines reserve; else empty.

    Wasm engines reserve gigabytes of addresses for each memory, and V8 a terabyte, whatever is used of them.
    """
    try:
        import resource
    except ImportError:
        return ""  # Windows has no such limit
    most, _ = resource.getrlimit(resource.RLIMIT_AS)
    if most == resource.RLIM_INFINITY:
        return ""
    return (
        f"addresses are limited to {units.bytes_(most)} (ulimit -v), and engines reserve more than they use"
    )


def _quota() -> float:
    """The cores' worth of time that control groups allow."""
    quotas = [float("inf")]
    for folder in _folders("cpu", "cpu,cpuacct"):
        words = _read(folder / "cpu.max").split()
        if not words:
            words = [_read(folder / name).strip() for name in ("cpu.cfs_quota_us", "cpu.cfs_period_us")]
        if all(word.isdigit() for word in words) and len(words) == 2 and int(words[1]):
            quotas.append(int(words[0]) / int(words[1]))
    return min(*quotas, all_cores())


def _folders(*controllers: str) -> Iterator[Path]:
    """The folders of this process's control groups and of those that hold them, for version 1 and 2."""
    for line in _read(OWN_GROUPS).splitlines():
        _, names, path = ([*line.split(":", 2), "", ""])[:3]
        if names and not set(controllers) & {names, *names.split(",")}:
            continue
        root = GROUPS / names if names else GROUPS
        own = root / path.strip("/")
        yield from (folder for folder in (own, *own.parents) if folder.is_relative_to(root))


def _cached(stat: Path) -> int:
    """Bytes of files that the group's memory holds and would give up first."""
    for line in _read(stat).splitlines():
        name, _, value = line.partition(" ")
        if name in ("inactive_file", "total_inactive_file") and value.isdigit():
            return int(value)
    return 0


def _number(path: Path) -> int | None:
    text = _read(path).strip()
    return int(text) if text.isdigit() else None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
