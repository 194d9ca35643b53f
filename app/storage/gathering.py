"""Thousands of sessions at once: the median of every case, from an index that reads each file once.

The index is a cache in the user's data folder: a line per file, by path, size and time of change, with its
points packed. What it says can be made again from the files, so whatever is wrong with it, it is begun anew.
"""

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Annotated

import msgspec
import numpy as np
from msgspec import Meta, Struct

from app.core.errors import KernelscopeError, in_words
from app.core.kinds import NORMAL
from app.core.measurement import Status
from app.core.session import SCHEMA_VERSION
from app.core.shape import Shape
from app.core.target import Runtime
from app.findings.gathered import POINTS, Place, Points, Taken
from app.storage.figures import LONGEST, LONGEST_NAME, SHORTEST
from app.storage.files import COMPRESSED, LARGEST_FILE, SUFFIX, decode, unpacked
from app.storage.folders import data_folder
from app.system import read_regular

VERSION = 2
NAMES = (SUFFIX, SUFFIX + COMPRESSED)
AT_ONCE = 200
"""Files between two commits: what was read is not read again where somebody stops it."""

Text = Annotated[str, Meta(max_length=LONGEST_NAME)]
Seconds = Annotated[float, Meta(ge=SHORTEST, le=LONGEST)]


class _Host(Struct, frozen=True):
    processor: Text
    system: Text


class _Target(Struct, frozen=True):
    id: Text
    label: Text
    runtime: Runtime
    name: Text
    backend: Text
    driver: Text
    kind: Text
    machine: Text = ""


class _Case(Struct, frozen=True):
    target: Text
    workload: Text
    variant: Text
    shape: Shape
    swept: dict[Text, int | Text] = {}


class _Measurement(Struct, frozen=True):
    case: _Case
    status: Status
    samples: tuple[Seconds, ...] = ()
    rotation: msgspec.Raw | None = None


class _Edit(Struct, frozen=True):
    workload: Text
    name: Text


class _Settings(Struct, frozen=True):
    operands: Text = NORMAL


class _Plan(Struct, frozen=True):
    edits: tuple[_Edit, ...] = ()
    settings: _Settings = _Settings()


class _Session(Struct, frozen=True):
    """What is gathered of a session; the rest of a file is only passed over."""

    schema_version: int
    app_version: Text
    created: Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]
    host: _Host
    targets: tuple[_Target, ...]
    plan: _Plan
    measurements: tuple[_Measurement, ...] = ()
    machines: dict[Text, _Host] = {}


_decoder = msgspec.json.Decoder(_Session)

_TABLES = f"""
CREATE TABLE files (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, changed INTEGER NOT NULL, created TEXT NOT NULL,
    version TEXT NOT NULL, reason TEXT NOT NULL, digest BLOB NOT NULL, points BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE places (
    id INTEGER PRIMARY KEY, hardware TEXT NOT NULL, driver TEXT NOT NULL, runtime TEXT NOT NULL,
    workload TEXT NOT NULL, shape TEXT NOT NULL, variant TEXT NOT NULL,
    UNIQUE (hardware, driver, runtime, workload, shape, variant)
);
PRAGMA user_version = {VERSION};
"""


def gather_points(
    paths: Sequence[Path], index: Path | None = None, told: Callable[[int, int], object] = lambda *_: None
) -> Points:
    """The points of every session in these folders and files; ``told`` hears how many of how many are read.

    Raises:
        KernelscopeError: a path is not there, or the index cannot be written.
    """
    files = _files(paths)
    path = index or data_folder() / "gathered.sqlite3"
    try:
        with closing(_open(path)) as base:
            _bring_up_to_date(base, files, told)
            return _points(base, files)
    except (sqlite3.Error, OSError) as error:
        raise KernelscopeError(f"{path}: the index of sessions cannot be used ({error})") from error


def _files(paths: Sequence[Path]) -> dict[str, os.stat_result]:
    """Every session file below ``paths``, by its whole path; a file that is named may be called anything."""
    found: dict[str, os.stat_result] = {}
    for path in paths:
        try:
            if path.is_dir():
                found.update(sorted(_below(path.resolve())))
            else:
                found[str(path.resolve())] = path.stat()
        except OSError as error:
            raise KernelscopeError(f"{path}: cannot be read ({error.strerror or error})") from error
    return found


def _below(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _below(Path(entry.path))
            elif entry.name.endswith(NAMES) and entry.is_file():
                yield entry.path, entry.stat()


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _prepared(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
            raise
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        return _prepared(path)


def _prepared(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(path, timeout=30)
    try:
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = OFF")
        version = base.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            base.executescript(_TABLES)
        elif version != VERSION:
            raise sqlite3.DatabaseError("of another version")
    except BaseException:
        base.close()
        raise
    return base


def _bring_up_to_date(
    base: sqlite3.Connection, files: dict[str, os.stat_result], told: Callable[[int, int], object]
) -> None:
    known = {
        path: (size, changed) for path, size, changed in base.execute("SELECT path, size, changed FROM files")
    }
    new = [path for path, s in files.items() if known.get(path) != (s.st_size, s.st_mtime_ns)]
    ids = {tuple(row[1:]): row[0] for row in base.execute("SELECT * FROM places")} if new else {}
    for number, path in enumerate(new, 1):
        status = files[path]
        created = version = reason = ""
        points: list[tuple[Place, int, float]] = []
        try:
            session = _read(Path(path))
            created, version = session.created, session.app_version
            points = list(_of(session))
            reason = "" if points else "nothing in it has a result"
        except (KernelscopeError, OSError) as error:
            reason = in_words(error)
        packed = np.empty(len(points), POINTS)
        for i, (place, target, seconds) in enumerate(points):
            packed[i] = (_id(base, ids, place), target, seconds)
        data = packed.tobytes()
        digest = hashlib.blake2b(created.encode() + data, digest_size=16).digest()
        row = (path, status.st_size, status.st_mtime_ns, created, version, reason, digest, data)
        base.execute("INSERT OR REPLACE INTO files VALUES (?,?,?,?,?,?,?,?)", row)
        if number % AT_ONCE == 0:
            base.commit()
        told(number, len(new))
    base.commit()


def _id(base: sqlite3.Connection, ids: dict[tuple[str, ...], int], place: Place) -> int:
    key = (place.hardware, place.driver, place.runtime, place.workload, place.shape, place.variant)
    if key not in ids:
        base.execute(
            "INSERT OR IGNORE INTO places (hardware, driver, runtime, workload, shape, variant) "
            "VALUES (?,?,?,?,?,?)",
            key,
        )
        columns = "(hardware, driver, runtime, workload, shape, variant)"
        row = base.execute(f"SELECT id FROM places WHERE {columns} = (?,?,?,?,?,?)", key).fetchone()  # noqa: S608
        ids[key] = row[0]
    return ids[key]


def _read(path: Path) -> _Session:
    """The part of a session that is gathered.

    Raises:
        KernelscopeError: it is no session of this version or an older one, or damaged.
        OSError: it cannot be read.
    """
    raw = read_regular(path, LARGEST_FILE)
    if len(raw) > LARGEST_FILE:
        raise KernelscopeError(f"{path}: larger than {LARGEST_FILE >> 20} MiB, so no session of ours")
    data = unpacked(raw, str(path)) if raw.startswith(b"\x1f\x8b") else raw
    try:
        session = _decoder.decode(data)
        if session.schema_version == SCHEMA_VERSION:
            return session
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass  # an older one, or none at all: the strict way tells
    whole = decode(data, str(path))
    try:
        return _decoder.decode(msgspec.json.encode(whole))
    except msgspec.DecodeError as error:
        raise KernelscopeError(f"{path}: damaged session ({error})") from error


def _of(session: _Session) -> Iterator[tuple[Place, int, float]]:
    """Every result with where it belongs; texts of somebody's own are of nobody else's."""
    own = {(edit.workload, edit.name) for edit in session.plan.edits}
    operands = session.plan.settings.operands
    targets = {t.id: (i, t, _hardware(t, session)) for i, t in enumerate(session.targets)}
    for measured in session.measurements:
        case = measured.case
        if (
            measured.status is Status.OK
            and measured.samples
            and case.target in targets
            and (case.workload, case.variant) not in own
        ):
            number, target, hardware = targets[case.target]
            names = [case.variant, *(f"{name}={value}" for name, value in case.swept.items())]
            names += ["cold"] if measured.rotation is not None else []
            names += [operands] if operands != NORMAL else []
            place = Place(
                hardware,
                target.driver,
                target.runtime.value,
                case.workload,
                str(case.shape),
                ", ".join(names),
            )
            ordered = sorted(measured.samples)
            half = len(ordered) // 2
            yield (
                place,
                number,
                ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2,
            )


def _hardware(target: _Target, session: _Session) -> str:
    """What somebody would call the same hardware elsewhere: a GPU by name and backend, else the processor."""
    if target.runtime is Runtime.WGSL and target.kind != "CPU":
        return f"{target.name} ({target.backend})"
    host = session.machines.get(target.machine, session.host)
    label = target.label.removesuffix(f" @ {target.machine}")
    return f"{label}, {host.processor or host.system}"


def _points(base: sqlite3.Connection, files: dict[str, os.stat_result]) -> Points:
    """What the index has of these files; those that hold the same are counted once."""
    places = {
        id: Place(*rest)
        for id, *rest in base.execute(
            "SELECT id, hardware, driver, runtime, workload, shape, variant FROM places"
        )
    }
    taken: list[Taken] = []
    left: list[tuple[str, str]] = []
    blobs: list[bytes] = []
    seen: dict[bytes, str] = {}
    rows = base.execute("SELECT path, created, version, reason, digest, points FROM files ORDER BY path")
    for path, created, version, why, digest, points in rows:
        if path not in files:
            continue
        if reason := why or (f"the same as {seen[digest]}" if digest in seen else ""):
            left.append((path, reason))
            continue
        seen[digest] = path
        taken.append(Taken(path, created, version))
        blobs.append(points)
    counts = np.array([len(blob) // POINTS.itemsize for blob in blobs], dtype=np.int64)
    points = np.frombuffer(b"".join(blobs), POINTS)
    return Points(places, tuple(taken), np.repeat(np.arange(len(taken)), counts), points, tuple(left))
