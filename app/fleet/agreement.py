"""What machines of a fleet have to agree on: the version, and what says what runs and how it is timed."""

import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeVar

from msgspec import Struct

from app import __version__

DECISIVE = (
    *("kernels", "wasm_modules"),
    *(f"app/{room}" for room in ("catalog", "core", "engines", "measure", "worker", "workloads")),
)
"""Packages and rooms that decide what a plan means and what its figures are."""

T = TypeVar("T")


class Agreement(Struct, frozen=True):
    """The version, and a digest of the texts that decide."""

    version: str
    texts: str

    def why_not(self, other: "Agreement") -> str:
        """Why a plan of ours is not for a machine that has ``other``; empty where it is."""
        if self.version != other.version:
            older = "there" if _order(other.version) < _order(self.version) else "here"
            return f"version {other.version} there, {self.version} here: update Kernelscope {older}"
        if self.texts != other.texts:
            return f"version {self.version} with other kernels or another method there: install the same"
        return ""


@cache
def agreement() -> Agreement:
    """What this installation has."""
    digest = hashlib.sha256()
    for place in DECISIVE:
        package, _, room = place.partition("/")
        folder = files(package)
        _add(digest, folder / room if room else folder, place)
    return Agreement(__version__, digest.hexdigest()[:16])


def _add(digest: "hashlib._Hash", folder: Traversable, name: str) -> None:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        path = f"{name}/{entry.name}"
        if entry.is_dir():
            if entry.name != "__pycache__":
                _add(digest, entry, path)
        elif not entry.name.endswith((".pyc", ".md")):
            # A checkout may have line ends of its system's.
            text = entry.read_bytes().replace(b"\r\n", b"\n")
            digest.update(path.encode() + b"\0" + hashlib.sha256(text).digest())


def _order(version: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in version.split(".")]
