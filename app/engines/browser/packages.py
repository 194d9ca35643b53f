"""Packages of npm that a page's libraries are made of: which files, by their hashes, and where they lie.

Nothing comes with the program: ``kernelscope peers install`` brings them into the user's data folder. A file
is served only as it was pinned.
"""

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec
import platformdirs
from msgspec import Struct, field


class File(Struct, frozen=True):
    """A file of a package; ``size`` in bytes."""

    sha256: str
    size: int = field(name="bytes")

    def is_(self, data: bytes) -> bool:
        """Whether ``data`` is what was pinned."""
        return len(data) == self.size and hashlib.sha256(data).hexdigest() == self.sha256


class Package(Struct, frozen=True):
    """What is needed of a package of npm at that version; ``files`` by their paths in it."""

    version: str
    files: dict[str, File]

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files.values())


@cache
def pinned() -> dict[str, Package]:
    """``resources/peers.json``: every package by name."""
    raw = files("resources").joinpath("peers.json").read_bytes()
    return msgspec.json.decode(raw, type=dict[str, Package])


LIBRARIES = {
    "onnxruntime-web": ("onnxruntime-web",),
    "tfjs": tuple(f"@tensorflow/tfjs-{part}" for part in ("core", "backend-cpu"))
    + tuple(f"@tensorflow/tfjs-backend-{part}" for part in ("wasm", "webgl", "webgpu")),
}
"""What people install by one name, and the packages that it takes."""


def folder() -> Path:
    """Where packages lie, a folder each."""
    return Path(platformdirs.user_data_path("kernelscope", appauthor=False)) / "peers"


def place(package: str) -> Path:
    """The folder of a package: of that version, so that another one is another folder."""
    return folder() / f"{package.replace('/', '+')}@{pinned()[package].version}"


def installed(library: str) -> bool:
    """Whether all files of a library are there, as far as their sizes tell."""
    return all(
        _size(place(package) / path) == file.size
        for package in LIBRARIES[library]
        for path, file in pinned()[package].files.items()
    )


def version(library: str) -> str:
    """The pinned version of a library."""
    return pinned()[LIBRARIES[library][0]].version


def read(name: str) -> bytes | None:
    """The bytes of ``PACKAGE/FILE``; None where none is pinned by that name, or another one lies there."""
    for package, about in pinned().items():
        path = name.removeprefix(f"{package}/")
        if path == name or path not in about.files:
            continue
        try:
            data = (place(package) / path).read_bytes()
        except OSError:
            return None
        return data if about.files[path].is_(data) else None
    return None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


_texts: dict[str, str] = {}

MOST_TEXTS = 256


def publish(text: str) -> str:
    """The name by which the page can import ``text``, a module."""
    name = hashlib.sha256(text.encode()).hexdigest()[:24]
    if len(_texts) >= MOST_TEXTS:
        _texts.clear()
    _texts[name] = text
    return name


def published(name: str) -> str | None:
    """The text of that name."""
    return _texts.get(name)
