"""The SQLite file of the history: opened for each call, its tables made, set aside where it is corrupt.

WAL lets one process read while another writes; a writer waits its turn.
"""

import logging
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from app.core.errors import KernelscopeError, TooNewError
from app.storage.files import set_aside

log = logging.getLogger(__name__)

VERSION = 1

_TABLES = """
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY, created TEXT NOT NULL, workloads TEXT NOT NULL, targets TEXT NOT NULL,
    machine TEXT NOT NULL, cases INTEGER NOT NULL, ok INTEGER NOT NULL, path TEXT NOT NULL,
    label TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT ''
);
CREATE TABLE bodies (id INTEGER PRIMARY KEY REFERENCES sessions ON DELETE CASCADE, data BLOB NOT NULL);
CREATE TABLE points (
    session INTEGER NOT NULL REFERENCES sessions ON DELETE CASCADE, workload TEXT NOT NULL,
    variant TEXT NOT NULL, shape TEXT NOT NULL, target TEXT NOT NULL, machine TEXT NOT NULL,
    seconds REAL NOT NULL, low REAL, high REAL
);
CREATE INDEX by_created ON sessions (created);
CREATE INDEX by_case ON points (workload, variant, shape, target, machine);
CREATE INDEX by_session ON points (session);
"""


TABLES = ("sessions", "bodies", "points")
"""What a history has; a database without one of them is somebody else's, or a wreck."""


class _ForeignError(sqlite3.DatabaseError):
    """The file is no history."""


def _text(raw: bytes) -> str:
    """Bytes that are no text are no reason to refuse the rest."""
    return raw.decode("utf-8", "replace")


class Database:
    """The file at ``path``; ``aside`` says what became of it where it was corrupt."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.aside = ""

    @contextmanager
    def open(self, wait: float) -> Iterator[sqlite3.Connection]:
        """A transaction, which waits so many seconds for those of other processes.

        Raises:
            KernelscopeError: whatever SQLite or the system refuses, in one line.
        """
        try:
            try:
                if self.path.exists() and not self.path.is_file():
                    self._set_aside(_ForeignError("no regular file"))
                base = self._connected(wait)
            except sqlite3.DatabaseError as error:
                if not _corrupt(error):
                    raise  # locked, or cannot be opened: the file may be good
                self._set_aside(error)
                base = self._connect(wait)
            with closing(base), base:
                yield base
        except sqlite3.Error as error:
            if _corrupt(error):
                self._set_aside(error)
                raise KernelscopeError(self.aside) from error
            raise KernelscopeError(f"{self.path}: the history cannot be used now ({error})") from error
        except OSError as error:
            raise KernelscopeError(f"{self.path}: {error.strerror or error}") from error

    def _connected(self, wait: float) -> sqlite3.Connection:
        """SQLite waits for others' transactions, but not while the last of them tidies up its side files."""
        given_up = time.monotonic() + wait
        while True:
            try:
                return self._connect(wait)
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > given_up:
                    raise
                time.sleep(0.02)

    def _connect(self, wait: float) -> sqlite3.Connection:
        for beside in self._beside():
            # SQLite makes them with the mode of the file: they stay read-only when that no longer is.
            if beside.exists() and os.access(self.path, os.W_OK) and not os.access(beside, os.W_OK):
                with suppress(FileNotFoundError):  # another process was done with it
                    beside.chmod(self.path.stat().st_mode)
        base = sqlite3.connect(self.path, timeout=wait)
        base.text_factory = _text
        try:
            base.execute("PRAGMA journal_mode = WAL")
            base.execute("PRAGMA synchronous = NORMAL")
            base.execute("PRAGMA foreign_keys = ON")
            self._prepare(base)
        except BaseException:
            base.close()
            raise
        return base

    def _prepare(self, base: sqlite3.Connection) -> None:
        """Make the tables, unless another process has by the time it is our turn."""
        version = base.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            base.execute("BEGIN IMMEDIATE")
            if base.execute("PRAGMA user_version").fetchone()[0] == 0:
                if base.execute("SELECT 1 FROM sqlite_master").fetchone():
                    raise _ForeignError("the database of another program")
                for statement in _TABLES.split(";"):
                    base.execute(statement)
                base.execute(f"PRAGMA user_version = {VERSION}")
            base.commit()
        elif version > VERSION:
            raise TooNewError(
                f"{self.path}: written by a newer Kernelscope (version {version}; this one knows {VERSION})"
            )
        there = {row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if missing := [table for table in TABLES if table not in there]:
            raise _ForeignError(f"no table {missing[0]} in it")

    def _beside(self) -> list[Path]:
        """What SQLite keeps beside the file: writes on their way into it, and who reads how much of them."""
        return [self.path.with_name(f"{self.path.name}{suffix}") for suffix in ("-wal", "-shm")]

    def _set_aside(self, error: Exception) -> None:
        """Keep what is left of a corrupt file, out of the way, with what was on its way into it.

        Raises:
            KernelscopeError: it cannot be moved.
        """
        try:
            aside = set_aside(self.path, f".corrupt-{datetime.now(UTC):%Y%m%d-%H%M%S}")
        except OSError as other:
            why = f"cannot be set aside: {other.strerror or other}"
            raise KernelscopeError(f"{self.path}: the history is corrupt ({error}) and {why}") from error
        for beside in self._beside():
            with suppress(OSError):
                beside.rename(beside.with_name(beside.name.replace(self.path.name, aside.name)))
        self.aside = (
            f"{self.path}: the history was corrupt ({error}) and is begun anew; it lies in {aside.name}"
        )
        log.warning("%s", self.aside)


def _corrupt(error: sqlite3.Error) -> bool:
    """Whether the file is no history any more; whatever else SQLite refuses leaves the file good."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return isinstance(error, _ForeignError) or code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
