"""One measurement on a machine at a time, whoever asks: a lock on a file that all its users share.

Two measurements at once make both wrong, and no statistics can tell. The lock goes with its process, however
that ends. Beside it lies a second one, for the next in line: who measured has to queue behind those who wait,
so that a run of many parts lets others in between.
"""

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from io import FileIO
from pathlib import Path
from threading import Event

import msgspec
import psutil
from msgspec import Struct

from app.core.events import Log, Waiting
from app.core.foreign import as_line
from app.core.recorder import now
from app.lock import try_lock
from app.system import read_regular

VARIABLE = "KERNELSCOPE_LOCK"
"""Names another file, such as one that containers of a machine share; empty: nothing is locked."""

NAME = "kernelscope.lock"
NEXT = ".next"
SHARED = ("/run/lock", "/var/lock", "/tmp")  # noqa: S108  (the name is fixed so that all users find it)
POLL = 0.1
LARGEST = 4096
LONGEST = 200


class Holder(Struct, frozen=True):
    """Who measures: a user's process, ``since`` when (ISO 8601, UTC) and what."""

    user: str
    process: int
    since: str
    what: str

    def __str__(self) -> str:
        return as_line(
            f"{self.user[:LONGEST]} measures on this machine since {self.since[11:16]} UTC "
            f"({self.what[:LONGEST]}; process {self.process})"
        )


_decoder = msgspec.json.Decoder(Holder)


def lock_file() -> Path | None:
    """The file that every user of this machine locks: the same for all, so where all may write."""
    if (named := os.environ.get(VARIABLE)) is not None:
        return Path(named) if named else None
    for folder in SHARED if os.name == "posix" else ():
        with suppress(OSError):
            if os.stat(folder).st_mode & stat.S_IWOTH:
                return Path(folder) / NAME
    return Path(os.environ.get("PROGRAMDATA") or tempfile.gettempdir()) / NAME


def holder() -> Holder | None:
    """Who measures on this machine now; None where nobody does, or nobody can tell."""
    path = lock_file()
    try:
        if path is None:
            return None
        with _opened(path) as file:
            return None if try_lock(file) else _told(path)
    except OSError:
        return None


def _told(path: Path) -> Holder | None:
    with suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return _decoder.decode(read_regular(path, LARGEST))
    return None


def _opened(path: Path) -> FileIO:
    """The file, made for everybody where it is missing; a link there is not followed."""
    links = getattr(os, "O_NOFOLLOW", 0)
    try:
        # Without O_CREAT first: in a folder of everybody's, Linux lets nobody create what is another's.
        number = os.open(path, os.O_RDWR | links)
    except FileNotFoundError:
        number = os.open(path, os.O_RDWR | os.O_CREAT | links, 0o666)
        if hasattr(os, "fchmod"):
            with suppress(OSError):
                os.fchmod(number, 0o666)  # whatever the umask says: others must be able to lock it
    return FileIO(number, "r+")


class Turn:
    """A measurement's turn on this machine. ``end`` may be called from any thread, and more than once."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._file: FileIO | None = None
        self._mine = False

    def begin(self, stop: Event) -> Iterator[Waiting | Log]:
        """Wait until nobody else measures, or ``stop`` is set; say for whom, each time that changes."""
        path = lock_file()
        if path is None or stop.is_set():
            return
        try:
            with _opened(path.with_name(path.name + NEXT)) as line:
                self._file = _opened(path)
                for file in (line, self._file):
                    said = None
                    while not try_lock(file):
                        if stop.wait(POLL):
                            self.end()
                            return
                        # Not at once: whoever asks for the holder has the lock for a moment.
                        who = str(_told(path) or "another program measures on this machine")
                        if who != said:
                            yield Waiting(who)
                        said = who
                self._mine = True
                self._tell(self._file)
        except OSError as error:
            self.end()
            why = error.strerror or error
            yield Log("warning", f"another measurement may run at the same time: {path}: {why}")

    def _tell(self, file: FileIO) -> None:
        """Write down who measures."""
        me = Holder(_user(), os.getpid(), now(), self._what[:LONGEST])
        file.truncate(0)
        file.write(msgspec.json.encode(me))

    def end(self) -> None:
        """Let the next one in."""
        file, self._file = self._file, None
        if file is not None:
            if self._mine:
                with suppress(OSError):
                    file.truncate(0)
            file.close()


def _user() -> str:
    try:
        return str(psutil.Process().username())
    except (psutil.Error, KeyError):
        return "somebody"
