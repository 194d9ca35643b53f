"""Compiled modules kept between runs: by text, engine version, configuration and CPU.

An entry is machine code, and wasmtime runs it as it is. So it is used only where its checksum, which stands
in front of it, holds; whatever is damaged is compiled anew.
"""

import hashlib
import os
import platform
import tempfile
import time
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

import msgspec
import wasmtime

from app.engines.wasm.answers import folder
from app.engines.wasmtime.elf import code_bytes
from app.system import read_regular

MOST_ENTRIES = 400
LARGEST_ENTRY = 256 << 20


class _Header(msgspec.Struct):
    """The first line of an entry; ``seconds`` is what compiling took when it was compiled."""

    sha256: str
    seconds: float


class Compiled(msgspec.Struct, frozen=True):
    """A module, the seconds that compiling it took (now or when it was kept), and its sizes in bytes.

    ``size`` is that of its binary, ``code`` that of the machine code made of it.
    """

    module: wasmtime.Module
    seconds: float
    size: int
    code: int


def compiled(engine: wasmtime.Engine, binary: bytes, configuration: str) -> Compiled:
    """The module of ``binary``; ``configuration`` is all that makes ``engine`` differ from another.

    Raises:
        wasmtime.WasmtimeError: it does not compile.
    """
    path = modules() / f"{_key(binary, configuration)}.module"
    if kept := _read(engine, path, len(binary)):
        return kept
    start = time.perf_counter()
    module = wasmtime.Module(engine, binary)
    seconds = time.perf_counter() - start
    code = bytes(module.serialize())
    with suppress(OSError):
        _write(path, code, seconds)
    return Compiled(module, seconds, len(binary), code_bytes(code))


def modules() -> Path:
    """The folder of the entries."""
    return folder() / "modules"


def _read(engine: wasmtime.Engine, path: Path, size: int) -> Compiled | None:
    try:
        head, _, code = read_regular(path, LARGEST_ENTRY).partition(b"\n")
        header = msgspec.json.decode(head, type=_Header)
        if hashlib.sha256(code).hexdigest() != header.sha256:
            return None
        module = wasmtime.Module.deserialize(engine, code)
        return Compiled(module, header.seconds, size, code_bytes(code))
    except (OSError, msgspec.DecodeError, wasmtime.WasmtimeError):
        return None


def _write(path: Path, code: bytes, seconds: float) -> None:
    """Written beside its place and moved there: whoever reads sees all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    header = msgspec.json.encode(_Header(hashlib.sha256(code).hexdigest(), seconds))
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(header + b"\n" + code)
        os.replace(name, path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    entries = sorted(path.parent.glob("*.module"), key=lambda entry: entry.stat().st_mtime)
    for entry in entries[:-MOST_ENTRIES]:
        entry.unlink(missing_ok=True)


def _key(binary: bytes, configuration: str) -> str:
    words = "\0".join((_version(), configuration, _cpu()))
    return hashlib.sha256(words.encode() + b"\0" + binary).hexdigest()[:32]


@cache
def _version() -> str:
    """wasmtime's, which takes milliseconds to look up."""
    return version("wasmtime")


@cache
def _cpu() -> str:
    """This CPU's architecture, name and abilities, as far as the system tells them."""
    words = [platform.system(), platform.machine(), platform.processor()]
    with suppress(OSError), open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
        wanted = ("model name", "flags", "Features", "CPU part")
        words += sorted({line.strip() for line in file if line.startswith(wanted)})
    return "\n".join(words)
