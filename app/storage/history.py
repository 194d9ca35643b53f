"""The history: every run, in an SQLite file that several processes share.

Sessions are kept whole (compressed), so that one can be exported long after; what lists and trends need is
kept in columns beside them.
"""

import gzip
import logging
import sqlite3
from collections.abc import Sequence
from contextlib import AbstractContextManager
from itertools import count
from math import inf
from pathlib import Path
from typing import get_type_hints

import msgspec
from msgspec import Struct

from app.core.errors import KernelscopeError, in_words
from app.core.measurement import Measurement, Status
from app.core.session import Session
from app.figures.statistics import summarise
from app.findings.trend import Moment
from app.storage.database import Database
from app.storage.figures import LONGEST, SHORTEST
from app.storage.files import decode, unpacked
from app.storage.folders import data_folder

log = logging.getLogger(__name__)

WAIT = 5.0
"""Seconds to wait for another process's write; each takes a few milliseconds."""

COLD = ", cold"
"""How the history marks a case that bypassed caches."""

LOOK = 1.0
"""Seconds to wait where somebody waits to be told that the history cannot be used."""


class Entry(Struct, frozen=True):
    """A line of the history; ``path`` is where the run was saved, empty if it was not."""

    id: int
    created: str
    workloads: str
    targets: str
    machine: str
    cases: int
    ok: int
    path: str
    label: str
    note: str


_FIELDS = {name: get_type_hints(Entry)[name] for name in Entry.__struct_fields__}
_TYPES = {int: "INTEGER", str: "TEXT"}
"""SQLite keeps whatever it was given, in whatever column: what comes out is of the type that it should be."""


class Removed(Struct, frozen=True):
    """What was deleted, row by row of each table."""

    rows: dict[str, list[tuple[object, ...]]]


_KEYS = {"sessions": "id", "bodies": "id", "points": "session"}
"""The column of each table that says which session it is about; the first is what the others refer to."""


class History:
    """One file of history; each call opens and closes it, so that nothing is held between them.

    Raises:
        KernelscopeError: from every method, when the file is locked for long, is of a newer version, or
            cannot be read or written. A corrupt file is set aside, and an empty one begun.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or data_folder() / "history.sqlite3"
        self._database = Database(self.path)

    def _open(self, most: float = inf) -> AbstractContextManager[sqlite3.Connection]:
        return self._database.open(min(WAIT, most))

    def add(self, session: Session, path: Path | None = None) -> int:
        """Keep a session; its number."""
        body = gzip.compress(msgspec.json.encode(session), 6, mtime=0)
        machines = {target.id: session.host_of(target).processor for target in session.targets}
        machine = ", ".join(dict.fromkeys(host.processor for host in session.hosts.values()))
        ok = [m for m in session.measurements if m.status is Status.OK]
        points = [
            (c.workload, _series(m), str(c.shape), c.target, machines[c.target], s.median, s.low, s.high)
            for m in ok
            if (c := m.case) and (s := summarise(m.samples))
        ]
        row = (
            session.created,
            ", ".join(dict.fromkeys(case.workload for case in session.plan.cases)),
            ", ".join(dict.fromkeys(case.target for case in session.plan.cases)),
            machine,
            len(session.plan.cases),
            len(ok),
            str(path.resolve()) if path else "",
        )
        with self._open() as base:
            return _insert(base, row, body, points)

    def check(self) -> str:
        """Find out whether a run could be kept now; what became of a file that was damaged, if it was.

        Raises:
            KernelscopeError: none could; the text says why.
        """
        with self._open(LOOK) as base:
            _insert(base, ("", "", "", "", 0, 0, ""), b"", [("", "", "", "", "", 0.0, None, None)])
            base.rollback()
        return self._database.aside

    def entries(self, words: str = "", most: int = -1) -> Sequence[Entry]:
        """The newest first; with ``words`` those in which each of them occurs somewhere, ignoring case."""
        text = (
            "workloads || ' ' || targets || ' ' || machine || ' ' || label || ' ' || note || ' ' || created"
        )
        parts = [f"%{_escaped(word)}%" for word in words.split()]
        where = " AND ".join([f"{text} LIKE ? ESCAPE '!'"] * len(parts)) or "1"
        names = ", ".join(f"CAST({name} AS {_TYPES[type]})" for name, type in _FIELDS.items())
        query = f"SELECT {names} FROM sessions WHERE {where} ORDER BY created DESC, id DESC LIMIT ?"  # noqa: S608
        with self._open() as base:
            return [Entry(*row) for row in base.execute(query, (*parts, most))]

    def session(self, id: int) -> Session:
        """The session itself."""
        with self._open() as base:
            row = base.execute("SELECT CAST(data AS BLOB) FROM bodies WHERE id = ?", (id,)).fetchone()
        if row is None:
            raise _no_such(id)
        name = f"history, session {id}"
        return decode(unpacked(row[0], name), name)

    def label(self, id: int, text: str) -> None:
        """Name a session."""
        self._change("UPDATE sessions SET label = ? WHERE id = ?", (text, id), id)

    def note(self, id: int, text: str) -> None:
        """Write something down about a session."""
        self._change("UPDATE sessions SET note = ? WHERE id = ?", (text, id), id)

    def delete(self, *ids: int) -> Removed:
        """Forget sessions; files that they were saved to stay. What is returned can be put back."""
        found: dict[str, list[tuple[object, ...]]] = {}
        with self._open() as base:
            for id in ids:
                for table, key in _KEYS.items():
                    own = base.execute(f"SELECT * FROM {table} WHERE {key} = ?", (id,)).fetchall()  # noqa: S608
                    found.setdefault(table, []).extend(own)
                if not base.execute("DELETE FROM sessions WHERE id = ?", (id,)).rowcount:
                    raise _no_such(id)
        return Removed(found)

    def put_back(self, removed: Removed) -> None:
        """Undo a deletion: everything as it was, numbers too unless a run got one of them meanwhile."""
        with self._open() as base:
            base.execute("BEGIN IMMEDIATE")
            taken = {row[0] for row in base.execute("SELECT id FROM sessions")}
            free = count(max((*taken, *(row[0] for row in removed.rows["sessions"])), default=0) + 1)
            ids = {row[0]: next(free) if row[0] in taken else row[0] for row in removed.rows["sessions"]}
            for table, rows in removed.rows.items():
                if rows:
                    places = ", ".join("?" * len(rows[0]))
                    renumbered = [(ids[row[0]], *row[1:]) for row in rows]
                    base.executemany(f"INSERT INTO {table} VALUES ({places})", renumbered)  # noqa: S608

    def cases(self, id: int) -> list[tuple[str, str, str, str]]:
        """Workload, variant, shape and target of what a session measured, in its order."""
        query = "SELECT workload, variant, shape, target FROM points WHERE session = ? ORDER BY rowid"
        with self._open() as base:
            return [(row[0], row[1], row[2], row[3]) for row in base.execute(query, (id,))]

    def _change(self, command: str, values: tuple[object, ...], id: int) -> None:
        with self._open() as base:
            if not base.execute(command, values).rowcount:
                raise _no_such(id)

    def moments(
        self, workload: str, variant: str, shape: str, target: str
    ) -> dict[tuple[str, str], list[Moment]]:
        """One case over time, oldest first, by target and machine; ``target`` may be a glob pattern."""
        query = (
            "SELECT CAST(target AS TEXT), CAST(points.machine AS TEXT), session, CAST(created AS TEXT), "
            "seconds, low, high FROM points JOIN sessions ON sessions.id = session "
            "WHERE workload = ? AND variant = ? AND shape = ? AND target GLOB ? "
            "AND typeof(seconds) = 'real' AND typeof(low) IN ('real', 'null') "
            "AND typeof(high) IN ('real', 'null') "
            "AND min(seconds, ifnull(low, seconds), ifnull(high, seconds)) >= ? "
            "AND max(seconds, ifnull(low, seconds), ifnull(high, seconds)) <= ? ORDER BY created, session"
        )
        found: dict[tuple[str, str], list[Moment]] = {}
        with self._open() as base:
            for where, machine, *rest in base.execute(
                query, (workload, variant, shape, target, SHORTEST, LONGEST)
            ):
                found.setdefault((where, machine), []).append(Moment(*rest))
        return found


def _insert(
    base: sqlite3.Connection, row: tuple[object, ...], body: bytes, points: Sequence[tuple[object, ...]]
) -> int:
    """Add a session; its number."""
    columns = "created, workloads, targets, machine, cases, ok, path"
    made = base.execute(f"INSERT INTO sessions ({columns}) VALUES (?,?,?,?,?,?,?)", row)  # noqa: S608
    id = int(made.lastrowid or 0)
    base.execute("INSERT INTO bodies VALUES (?, ?)", (id, body))
    base.executemany("INSERT INTO points VALUES (?,?,?,?,?,?,?,?,?)", [(id, *p) for p in points])
    return id


def remember(session: Session, path: Path | None = None) -> str:
    """Keep a run in the history of this user; whatever goes wrong there costs a line in the log, no more.

    Why it is not there now, empty where it is; an empty run need not be.
    """
    if not session.measurements:
        return ""
    try:
        History().add(session, path)
    except Exception as error:
        log.warning("this run is not in the history: %s", error)
        return f"this run is not in the history: {in_words(error)}"
    return ""


def _series(measurement: Measurement) -> str:
    """What a trend is of: cold operands are another one, for it is not to jump between them and warm ones."""
    return f"{measurement.case.name}{COLD}" if measurement.rotation else measurement.case.name


def series_words(series: str) -> str:
    """What people call that which a trend is of: ``f32, caches bypassed``."""
    return f"{series.removesuffix(COLD)}, caches bypassed" if series.endswith(COLD) else series


def _no_such(id: int) -> KernelscopeError:
    return KernelscopeError(f"the history has no session {id}; see: kernelscope history list")


def _escaped(word: str) -> str:
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
