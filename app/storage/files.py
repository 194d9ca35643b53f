"""Session files: versioned JSON, plain or compressed, strictly decoded, written atomically."""

import gzip
import os
import tempfile
import zlib
from contextlib import suppress
from pathlib import Path

import msgspec

from app.core.errors import KernelscopeError, TooNewError
from app.core.session import SCHEMA_VERSION, Session
from app.storage.check import problem
from app.storage.migrate import migrate

SUFFIX = ".kernelscope.json"
COMPRESSED = ".gz"
"""A session whose name ends so is compressed: about a tenth of the size."""

LARGEST_FILE = 256 << 20
"""Bytes, unpacked; a session of 100,000 samples needs about 3 MiB."""

MOST_VALUES = 8_000_000
"""Commas: each number takes 50 bytes once it is read, so a file of nothing else would fill the memory."""


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
    return session


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise KernelscopeError(f"{path}: larger than {LARGEST_FILE >> 20} MiB, so no session of ours")
        return path.read_bytes()
    except OSError as error:
        raise KernelscopeError(f"{path}: {error.strerror or error}") from error


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
    if _is_stream(path):
        return
    path = _behind_links(path)
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


def _behind_links(path: Path) -> Path:
    """The file that a link stands for, so that the link stays one."""
    return Path(os.path.realpath(path)) if path.is_symlink() else path


def write_atomically(path: Path, data: bytes) -> None:
    """Write ``data`` beside ``path`` and move it into place; a pipe or device takes it as it comes.

    Raises:
        KernelscopeError: the folder is missing or cannot be written, or the disk is full.
    """
    file_path = _behind_links(path)
    temporary = file_path.with_name(f".{file_path.name}.{os.getpid()}.tmp")
    try:
        if _is_stream(path):
            path.write_bytes(data)
            return
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, file_path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise KernelscopeError(f"{path}: cannot be written ({error.strerror or error})") from error
