"""The journal on a machine: what it measured of the latest runs, so that no group is measured twice.

A folder per run: its part, and a file of events per group, which has its name only once it is whole.
"""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from app.core.errors import KernelscopeError
from app.core.events import AnyEvent, Log
from app.fleet.protocol import About, Job, Kept, Part, decode, encode
from app.storage.files import LARGEST_FILE, write_atomically
from app.storage.folders import data_folder
from app.storage.replay import events as read_events
from app.system import open_regular, read_regular

MOST_RUNS = 20
HEAD = "part.json"
WHOLE = ".events"


def folder() -> Path:
    """The folder in which they lie."""
    return data_folder() / "fleet"


def _of(about: About) -> Path:
    if not about.run.isalnum():
        raise KernelscopeError(f"{about.run[:40]!r} is no run")
    return folder() / about.run


def begin(part: Part) -> str:
    """Note a run; those that are long past make room. Why it cannot be, in a line; empty where it is."""
    own = _of(part.about)
    try:
        own.mkdir(parents=True, exist_ok=True)
        write_atomically(own / HEAD, encode(part))
        others = sorted((path for path in folder().iterdir() if path != own), key=lambda p: p.stat().st_mtime)
        for old in others[: max(0, len(others) + 1 - MOST_RUNS)]:
            shutil.rmtree(old, ignore_errors=True)
    except (OSError, KernelscopeError) as error:
        return f"this run leaves no journal on the machine: {error}"
    return ""


def part(run: str) -> Part | None:
    """What the machine was to do of a run; None where it remembers none."""
    if not run.isalnum():
        return None
    try:
        return decode(read_regular(folder() / run / HEAD, LARGEST_FILE), Part)
    except (OSError, KernelscopeError):
        return None


def runs() -> list[Kept]:
    """Every run that the machine remembers, the latest first."""
    found = []
    for path in folder().glob(f"*/{HEAD}"):
        if known := part(path.parent.name):
            done = len(list(path.parent.glob(f"*{WHOLE}")))
            found.append(Kept(known.about, len(known.plan.groups()), done, len(known.plan.cases)))
    return sorted(found, key=lambda kept: kept.about.created, reverse=True)


def finished(job: Job) -> list[AnyEvent] | None:
    """The events of a group that was measured before; None where it was not, or not to its end."""
    try:
        with open_regular(_of(job.about) / f"{job.number}{WHOLE}") as file:
            return [event for _, event in read_events(file)]
    except OSError:
        return None


def keep(job: Job, events: Iterable[AnyEvent], stopped: Callable[[], bool]) -> Iterator[AnyEvent]:
    """Yield ``events``, each once it is written; a disk that takes no more costs a warning, not the group."""
    own = _of(job.about)
    path = own / f"{job.number}.part"
    file = None
    try:
        own.mkdir(parents=True, exist_ok=True)
        file = path.open("wb", buffering=0)
    except OSError as error:
        yield _warning(error)
    for event in events:
        if file is not None:
            try:
                line = msgspec.json.encode(event) + b"\n"
                if file.write(line) != len(line):
                    raise OSError(28, os.strerror(28))
            except OSError as error:
                file.close()
                file = None
                with suppress(OSError):
                    path.unlink()
                yield _warning(error)
        yield event
    if file is not None:
        with suppress(OSError):
            os.fsync(file.fileno())
        file.close()
        with suppress(OSError):
            path.unlink() if stopped() else path.rename(path.with_suffix(WHOLE))


def _warning(error: OSError) -> Log:
    return Log("warning", f"what is measured leaves no journal on the machine: {error.strerror or error}")
