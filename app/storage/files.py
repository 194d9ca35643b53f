"""Session files: versioned JSON, plain or compressed, strictly decoded, written atomically."""

import errno
import gzip
import logging
import os
import tempfile
import zlib
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

import msgspec

from app.core.errors import KernelscopeError, TooNewError
from app.core.session import SCHEMA_VERSION, Session
from app.problems.registry import learn
from app.storage.check import problem
from app.storage.migrate import migrate
from app.system import read_regular

SUFFIX = ".kernelscope.json"
COMPRESSED = ".gz"
"""A session whose name ends so is compressed: about a tenth of the size."""

LARGEST_FILE = 256 << 20
"""Bytes, unpacked; a session of 100,000 samples needs about 3 MiB."""

MOST_VALUES = 8_000_000
"""Commas: each number takes 50 bytes once it is read, so a file of nothing else would fill the memory."""


DAMAGED = ".damaged"
"""What is put behind the name of a file that is set aside, so that no start reads it again."""


log = logging.getLogger(__name__)


class _Head(msgspec.Struct):
    schema_version: int


_decoder = msgspec.json.Decoder(Session)


def save(session: Session, path: Path) -> None:
    """Write ``session`` to ``path``, which then holds the old file or the new one, never half of one.

    Raises:
        KernelscopeError: the folder is missing or cannot be written, or the disk is full.
    """
    data = msgspec.json.format(msgspec.json.encode(session), indent=1)
    if path.suffix.lower() == COMPRESSED:
        data = gzip.compress(data, compresslevel=6, mtime=0)
    write_atomically(path, data)


def load(path: Path) -> Session:
    """Read a session.

    Raises:
        KernelscopeError: the file is missing, no session, damaged, or from a newer version.
    """
    return decode(unpacked(_read(path), str(path)), str(path))


def put_aside(path: Path, why: object) -> None:
    """``set_aside`` with a line in the log, for what can be made again; one that cannot be moved stays."""
    try:
        log.warning("%s: set aside as %s (%s)", path, set_aside(path).name, why)
    except OSError as error:
        log.warning("%s: ignored (%s), and cannot be set aside (%s)", path, why, error)


def decode(raw: bytes, name: str) -> Session:
    """A session from JSON; ``name`` says in errors where it came from.

    Raises:
        TooNewError: it is from a newer version.
        KernelscopeError: it is no session, or damaged.
    """
    if raw.count(b",") > MOST_VALUES:
        raise KernelscopeError(f"{name}: more than {MOST_VALUES} values, so no session of ours")
    try:
        version = msgspec.json.decode(raw, type=_Head).schema_version
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise KernelscopeError(f"{name}: not a Kernelscope session ({error})") from error
    if version > SCHEMA_VERSION:
        raise TooNewError(
            f"{name}: written by a newer Kernelscope "
            f"(schema {version}; this one reads up to {SCHEMA_VERSION})"
        )
    if version < 1:
        raise KernelscopeError(f"{name}: schema version {version} does not exist")
    try:
        session = _decode(raw, version)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError, ValueError) as error:
        raise KernelscopeError(f"{name}: damaged session ({error})") from error
    if wrong := problem(session):
        raise KernelscopeError(f"{name}: damaged session ({wrong})")
    learn(session.plan.problems)
    return session


def _read(path: Path) -> bytes:
    try:
        data = read_regular(path, LARGEST_FILE)
    except (OSError, ValueError) as error:
        raise KernelscopeError(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    if len(data) > LARGEST_FILE:
        raise KernelscopeError(f"{path}: larger than {LARGEST_FILE >> 20} MiB, so no session of ours")
    return data


def set_aside(path: Path, suffix: str = DAMAGED) -> Path:
    """Move what is damaged, or nobody's file of ours, out of the way of later starts; where it lies now.

    Nothing that was set aside before is lost.

    Raises:
        OSError: it cannot be moved.
    """
    names = (f"{path.name}{suffix}", *(f"{path.name}{suffix}-{i}" for i in range(2, 1000)))
    free = (aside for name in names if not os.path.lexists(aside := path.with_name(name)))
    return path.rename(next(free, path.with_name(f"{path.name}{suffix}")))


def unpacked(raw: bytes, name: str) -> bytes:
    """The JSON inside, whatever the file is called; never more than ``LARGEST_FILE`` of it.

    Raises:
        KernelscopeError: it is damaged, or unpacks to more.
    """
    if not raw.startswith(b"\x1f\x8b"):
        return raw
    unpacker = zlib.decompressobj(wbits=31)
    try:
        data = unpacker.decompress(raw, LARGEST_FILE + 1)
    except zlib.error as error:
        raise KernelscopeError(f"{name}: damaged session ({error})") from error
    if len(data) > LARGEST_FILE:
        raise KernelscopeError(
            f"{name}: unpacks to more than {LARGEST_FILE >> 20} MiB, so no session of ours"
        )
    if not unpacker.eof:
        raise KernelscopeError(f"{name}: damaged session (the compressed file ends too early)")
    return data


def _decode(raw: bytes, version: int) -> Session:
    if version == SCHEMA_VERSION:
        return _decoder.decode(raw)
    return msgspec.convert(migrate(msgspec.json.decode(raw), version, SCHEMA_VERSION), Session)


def check_writable(path: Path) -> None:
    """Find out before a run whether ``path`` can be written after it.

    Raises:
        KernelscopeError: it cannot; the text says why.
    """
    if path.is_dir():
        raise KernelscopeError(f"{path}: cannot be written (a folder has this name)")
    try:
        behind = behind_links(path)
    except OSError as error:
        raise KernelscopeError(f"{path}: cannot be written ({error.strerror or error})") from error
    if _is_stream(path):
        return
    path = behind
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".kernelscope-")
        os.close(handle)
        os.unlink(name)
    except OSError as error:
        raise KernelscopeError(f"{path.parent}: cannot be written ({error.strerror or error})") from error


def _is_stream(path: Path) -> bool:
    """Whether ``path`` is a pipe or device, such as /dev/stdout, whose place no file must take."""
    return path.exists() and not (path.is_file() or path.is_dir())


MOST_LINKS = 40


def behind_links(path: Path) -> Path:
    """The file that links of the user's own, or the system's, stand for, so that they stay links.

    Raises:
        OSError: another user made one of them, or they lead nowhere.
    """
    for _ in range(MOST_LINKS):
        if not path.is_symlink():
            return path
        if hasattr(os, "geteuid") and path.lstat().st_uid not in (0, os.geteuid()):
            raise OSError(errno.EPERM, f"{path} is a link that another user made")
        path = path.parent / os.readlink(path)
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))


def write_atomically(path: Path, data: bytes, follow: bool = True) -> None:
    """Write ``data`` beside ``path`` and move it into place; a pipe or device takes it as it comes.

    Links are followed where they are the user's own, and replaced where nothing is to ``follow`` them.

    Raises:
        KernelscopeError: the folder is missing or cannot be written, the disk is full, or a link leads there
            that somebody else made.
    """
    temporary = None
    try:
        file_path = behind_links(path) if follow else path
        if follow and _is_stream(path):
            path.write_bytes(data)
            return
        # A name that nobody can guess, and nothing in its place: else a link there would be written through.
        temporary = file_path.with_name(f".kernelscope-{token_hex(8)}.tmp")
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, file_path)
    except OSError as error:
        if temporary:
            with suppress(OSError):
                temporary.unlink()
        raise KernelscopeError(f"{path}: cannot be written ({error.strerror or error})") from error
