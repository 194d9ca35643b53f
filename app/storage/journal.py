"""The journal of a run: its events, written as they come, so that a crash or a power cut loses little.

One file per run, in the user's data folder: a line with the session as it was before the first event, then a
line per event, only ever appended. Its process holds a lock on it, and removes it once the run is in the
history. What is there without a lock was interrupted, and is brought into the history at the next start.
"""

import errno
import logging
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from io import FileIO
from itertools import count
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from app.core.errors import KernelscopeError
from app.core.events import (
    AnyEvent,
    CaseFinished,
    CaseSampled,
    CaseStarted,
    CaseVerified,
    Log,
    PassStarted,
)
from app.core.measurement import Status
from app.core.recorder import Recorder
from app.core.session import Session
from app.core.statistics import FEWEST_SAMPLES
from app.storage.files import LARGEST_FILE, decode
from app.storage.folders import data_folder
from app.storage.history import History, remember
from app.storage.lock import try_lock

log = logging.getLogger(__name__)

SUFFIX = ".journal"
SYNC_SECONDS = 1.0
"""How often the system is asked to write to the disk itself: a power cut loses what it had not."""

LARGEST_LIVE = 64 << 20
"""Bytes; the journal of a live run that is longer begins anew with the next pass, about two hours later."""

_events: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)
_encoder = msgspec.json.Encoder()
_numbers = count(1)


def folder() -> Path:
    """Where journals lie."""
    return data_folder() / "runs"


class Journal:
    """The journal of one run, whose session before the first event is ``head``."""

    def __init__(self, head: Session) -> None:
        self._head = head
        self.path = folder() / f"{time.time_ns()}-{os.getpid()}-{next(_numbers)}{SUFFIX}"
        self._file: FileIO | None = None
        self._begun = 0
        self._full = False
        self._synced = 0.0

    def follow(self, events: Iterable[AnyEvent]) -> Iterator[AnyEvent]:
        """Yield ``events``, each once it is written; where none can be written, a warning first."""
        try:
            self._open()
        except OSError as error:
            yield self._warn("this run", error)
            self._close()
            self._discard()
        try:
            for event in events:
                try:
                    self._write(event)
                except OSError as error:
                    self._full = True  # what is in it stays, and stays locked, until the run is over
                    yield self._warn("the rest of this run", error)
                yield event
        finally:
            self._close()

    def end(self, session: Session, path: Path | None = None) -> None:
        """The run is over: into the history with it, and only then does the journal go."""
        if remember(session, path):
            self._discard()

    def _discard(self) -> None:
        with suppress(OSError):
            self.path.unlink()

    def _open(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self.path.open("xb", buffering=0)
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
        if self._file is None or self._full:
            return
        if isinstance(event, PassStarted) and self._file.tell() > LARGEST_LIVE:
            self._file.seek(self._begun)
            self._file.truncate()
        self._append(_encoder.encode(event) + b"\n")
        if isinstance(event, CaseFinished) and time.monotonic() - self._synced > SYNC_SECONDS:
            os.fsync(self._file.fileno())
            self._synced = time.monotonic()

    def _warn(self, what: str, error: OSError) -> Log:
        return Log("warning", f"a crash would lose {what}: {self.path.parent}: {error.strerror or error}")

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


class Recovered(Struct, frozen=True):
    """A run that was interrupted, and its number in the history."""

    id: int
    session: Session

    def __str__(self) -> str:
        cases = sum(m.status is not Status.CANCELLED for m in self.session.measurements)
        date = self.session.created[:16].replace("T", " ")
        return (
            f"A run of {date} UTC was interrupted: recovered {cases} of {len(self.session.plan.cases)} cases "
            f"(session {self.id} of the history)"
        )


def recover() -> list[Recovered]:
    """Bring every interrupted run into the history; whatever goes wrong there costs a line in the log."""
    found = []
    for path in sorted(folder().glob(f"*{SUFFIX}")):
        try:
            with path.open("r+b", buffering=0) as file:
                # Of two programs that start at once, one gets it; an empty one is being begun, or done with.
                if not try_lock(file) or not path.stat().st_size:
                    continue
                if recovered := _recover(path):
                    found.append(recovered)
                file.truncate(0)
            path.unlink()
        except KernelscopeError as error:
            log.warning("an interrupted run was not recovered: %s", error)
        except OSError as error:
            log.warning("%s: an interrupted run was not recovered (%s)", path, error)
    return found


def _recover(path: Path) -> Recovered | None:
    """What the journal holds, now in the history too; None when it holds nothing.

    Raises:
        KernelscopeError: it is no journal of this version, or the history cannot take it now.
    """
    session = replay(path)
    if not any(m.samples or m.reason for m in session.measurements):
        return None
    return Recovered(History().add(session), session)


def replay(path: Path) -> Session:
    """The session that the journal in ``path`` tells of, up to the first line that is not whole.

    Cases that were being timed count where they have enough samples and were found right among them.

    Raises:
        KernelscopeError: there is not even a whole first line, or it is of a newer version.
        OSError: it cannot be read.
    """
    if path.stat().st_size > LARGEST_FILE:
        raise KernelscopeError(f"{path}: larger than {LARGEST_FILE >> 20} MiB, so no journal of ours")
    with path.open("rb") as file:
        head = decode(file.readline(), str(path))
        recorder = Recorder(head.plan, head.host, head.targets, head.variants, head.app_version)
        open_cases: dict[int, _Open] = {}
        with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError, IndexError):
            for line in file:
                event = _events.decode(line)
                recorder.apply(event)
                _note(event, open_cases)
    for index, case in open_cases.items():
        if case.checked and case.samples >= FEWEST_SAMPLES:
            recorder.apply(CaseFinished(index, Status.OK, stop="interrupted"))
        else:
            recorder.apply(CaseFinished(index, Status.CANCELLED, "interrupted before its result was sure"))
    return structs.replace(recorder.session(), created=head.created)


class _Open:
    """A case under way: its samples so far, and whether its result was right after some of them."""

    def __init__(self) -> None:
        self.samples = 0
        self.checked = False


def _note(event: AnyEvent, open_cases: dict[int, _Open]) -> None:
    match event:
        case CaseStarted(case=index, step="compiling"):
            open_cases[index] = _Open()
        case CaseStarted(case=index):
            open_cases.setdefault(index, _Open())
        case CaseSampled(case=index) if index in open_cases:
            open_cases[index].samples += 1
        case CaseVerified(case=index, error=error) if index in open_cases:
            open_cases[index].checked = open_cases[index].samples > 0 and error.acceptable
        case CaseFinished(case=index):
            open_cases.pop(index, None)
