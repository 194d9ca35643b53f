"""The journal of a run: its events, written as they come, so that a crash or a power cut loses little.

One file per run, in the user's data folder: a line with the session as it was before the first event, then a
line per event, only ever appended. Its process holds a lock on it, and removes it once the run is in the
history. What is there without a lock was interrupted, or the history could not take it: it is brought there
at a later start.
"""

import errno
import logging
import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from io import FileIO
from itertools import count
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from app.core.errors import KernelscopeError, TooNewError, in_words
from app.core.events import AnyEvent, CaseFinished, Log, PassStarted
from app.core.measurement import Status
from app.core.recorder import now
from app.core.session import Session
from app.lock import try_lock
from app.storage.files import set_aside
from app.storage.folders import data_folder
from app.storage.history import History, remember
from app.storage.replay import last_words, replay

log = logging.getLogger(__name__)

SUFFIX = ".journal"
SYNC_SECONDS = 1.0
"""How often the system is asked to write to the disk itself: a power cut loses what it had not."""

LARGEST_LIVE = 64 << 20
"""Bytes of the journal of a live run, about two hours: a longer one goes on with its newer half."""

_encoder = msgspec.json.Encoder()
_numbers = count(1)


def folder() -> Path:
    """The folder in which journals lie."""
    return data_folder() / "runs"


class Journal:
    """The journal of one run, whose session before the first event is ``head``."""

    def __init__(self, head: Session) -> None:
        self._head = head
        self.path = self._fresh()
        self._file: FileIO | None = None
        self._begun = 0
        self._passes: list[int] = []
        """Offsets in the file at which the passes of a live run begin."""
        self._whole = True
        self._synced = 0.0

    @staticmethod
    def _fresh() -> Path:
        return folder() / f"{time.time_ns()}-{os.getpid()}-{next(_numbers)}{SUFFIX}"

    def follow(self, events: Iterable[AnyEvent]) -> Iterator[AnyEvent]:
        """Yield ``events``, each once it is written; where none can be written, a warning first."""
        try:
            self._open()
        except OSError as error:
            self._whole = False
            yield self._warn("this run", error)
            self._discard()
        for event in events:
            try:
                self._write(event)
            except OSError as error:
                self._whole = False  # what is in it stays, and stays locked, until the run is over
                yield self._warn("the rest of this run", error)
            yield event

    def end(self, session: Session, path: Path | None = None) -> str:
        """The run is over: into the history with it, and only then does the journal go.

        One line where the history does not take it; the journal then stays for a later start.
        """
        why = remember(session, path)
        if not why:
            self._discard()
            return ""
        self.close()
        if self._whole:
            return f"{why}; it stays in {self.path} and enters the history once that works again"
        return f"{why}; save it, for no journal has the whole of it"

    def close(self) -> None:
        """Let go of the file, as the end of the process does: what is in it is left to the next start."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _discard(self) -> None:
        """Be gone, at no moment both unlocked and full: whoever meets that takes the run for interrupted."""
        with suppress(OSError):
            if self._file is not None:
                self._file.truncate(0)
        self.close()
        with suppress(OSError):
            self.path.unlink()

    def _open(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self.path.open("xb+", buffering=0)
        while not try_lock(self._file):
            time.sleep(0.001)  # another program has a look: it leaves an empty journal alone
        self._begun = self._append(_encoder.encode(self._head) + b"\n")

    def _append(self, line: bytes) -> int:
        """Write a line; its length."""
        assert self._file is not None
        if self._file.write(line) != len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return len(line)

    def _write(self, event: AnyEvent) -> None:
        if self._file is None or not self._whole:
            return
        if isinstance(event, PassStarted):
            if self._passes and self._file.tell() > LARGEST_LIVE:
                self._begin_anew(self._file)
            self._passes.append(self._file.tell())
        if isinstance(event, Log):
            event = structs.replace(event, time=now())
        self._append(_encoder.encode(event) + b"\n")
        if isinstance(event, CaseFinished) and time.monotonic() - self._synced > SYNC_SECONDS:
            os.fsync(self._file.fileno())
            self._synced = time.monotonic()

    def _begin_anew(self, old: FileIO) -> None:
        """Go on in a new file with the passes of the newer half, at least one; only then does the old one go.

        A crash amid this leaves both, and loses nothing.
        """
        path, begun = self.path, self._begun
        first = next((at for at in self._passes if at > LARGEST_LIVE // 2), self._passes[-1])
        old.seek(begun)
        told = old.readall()
        words = last_words(told[: first - begun].splitlines(keepends=True))
        self.path, self._file = self._fresh(), None
        try:
            self._open()
            by = self._begun + self._append(b"".join(words)) - first
            self._append(told[first - begun :])
        except OSError:
            self._discard()
            self.path, self._begun, self._file = path, begun, old
            raise
        self._passes = [at + by for at in self._passes if at >= first]
        with suppress(OSError):
            old.truncate(0)
        old.close()
        with suppress(OSError):
            path.unlink()

    def _warn(self, what: str, error: OSError) -> Log:
        return Log("warning", f"a crash would lose {what}: {self.path.parent}: {error.strerror or error}")


class Recovered(Struct, frozen=True):
    """A run that was interrupted, or that the history did not take then, and its number there now."""

    id: int
    session: Session

    def __str__(self) -> str:
        cases = sum(m.status is not Status.CANCELLED for m in self.session.measurements)
        many = len(self.session.plan.cases)
        date = self.session.created[:16].replace("T", " ")
        ended = cases == many and not self.session.plan.settings.rounds
        what = "had not reached the history" if ended else "was interrupted"
        return (
            f"A run of {date} UTC {what}: recovered {cases} of {many} cases "
            f"(session {self.id} of the history)"
        )


def recover(complain: Callable[[str], object] = log.warning) -> list[Recovered]:
    """Bring every interrupted run into the history; ``complain`` hears of each that cannot be, in a line.

    What tells of no session is set aside. Where the history cannot be used, ``complain`` hears that instead,
    whether or not there is anything to recover, and all wait for a later start.
    """
    found: list[Recovered] = []
    try:
        if became := History().check():
            complain(became)
    except KernelscopeError as error:
        complain(f"{error}; runs stay in {folder()} until it works again")
        return found
    for path in sorted(folder().glob(f"*{SUFFIX}")):
        try:
            found += _recover(path)
        except TooNewError as error:
            log.info("left for a newer Kernelscope: %s", error)
        except FileNotFoundError:
            pass  # another program took it
        except (KernelscopeError, OSError) as error:
            complain(f"an interrupted run waits in {path}: {in_words(error)}")
        except Exception as error:  # whatever a damaged file leads to, the start goes on
            log.exception("%s tells of no session", path)
            why = str(error) if isinstance(error, _DamagedError) else in_words(error)
            complain(f"an interrupted run was not recovered: {why}; set aside as {_set_aside(path).name}")
    return found


class _DamagedError(ValueError):
    """A journal tells of no session."""


def _recover(path: Path) -> list[Recovered]:
    """What the journal holds, now in the history too; none where it holds nothing, or where it goes on."""
    if not stat.S_ISREG(path.lstat().st_mode):
        raise _DamagedError(
            f"{path}: no regular file"
        )  # nor is a link followed: what it leads to is not ours
    try:
        opened = path.open("r+b", buffering=0)
    except PermissionError as error:
        raise _DamagedError(f"{path}: {error.strerror}") from error
    with opened as file:
        # Of two programs that start at once, one gets it; an empty one is being begun, or done with.
        if not try_lock(file) or not path.stat().st_size:
            return []
        try:
            session = replay(path)
        except TooNewError:
            raise
        except KernelscopeError as error:
            raise _DamagedError(error) from error
        found = []
        if any(m.samples or m.reason for m in session.measurements):
            found = [Recovered(History().add(session), session)]
        file.truncate(0)
    path.unlink()
    return found


def _set_aside(path: Path) -> Path:
    """Move a journal out of the way of later starts; where it lies now."""
    try:
        return set_aside(path)
    except OSError as error:
        log.warning("%s stays: %s", path, error)
        return path
