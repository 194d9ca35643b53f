"""Arrays that take long to make, kept for this user on disk: by what they are made of, within bounds."""

import hashlib
import os
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np
import platformdirs

MOST_BYTES = 1 << 30
"""Of all entries together; those that nobody asked for in the longest time go first."""

LONG = 1.0
"""Seconds: what takes less is made anew each time."""

SMALL = 1 << 24
"""Bytes: what is made of less takes no second, and its digest need not be taken."""

DAMAGED = (OSError, ValueError, EOFError, TypeError, AttributeError, zipfile.BadZipFile)
"""What reading an entry may end in that is none, or no whole one."""

Arrays = Mapping[str, np.ndarray]


def kept(how: str, of: np.ndarray, make: Callable[[], Arrays]) -> Arrays:
    """What ``make`` gives, made of ``of`` in the way that ``how`` tells apart from all others.

    An entry is read only where its checksums hold. Where nothing can be kept, it is made each time.
    """
    if of.nbytes < SMALL:
        return make()
    digest = hashlib.sha256(f"{how}\0{of.shape}\0{of.dtype}\0".encode())
    digest.update(np.ascontiguousarray(of).view(np.uint8).data)
    path = folder() / f"{digest.hexdigest()[:32]}.npz"
    with suppress(*DAMAGED), np.load(path) as entry:
        found = dict(entry)
        os.utime(path)
        return found
    start = time.perf_counter()
    made = make()
    size = sum(array.nbytes for array in made.values())
    if time.perf_counter() - start >= LONG and size <= MOST_BYTES:
        with suppress(OSError):
            _write(path, made)
    return made


def folder() -> Path:
    """The folder of the entries."""
    return Path(platformdirs.user_cache_path("kernelscope", appauthor=False)) / "packed"


def _write(path: Path, arrays: Arrays) -> None:
    """Written beside its place and moved there: whoever reads sees all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]
        os.replace(name, path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    left = MOST_BYTES
    for entry in sorted(path.parent.iterdir(), key=lambda entry: -entry.stat().st_mtime):
        left -= entry.stat().st_size
        if left < 0:
            entry.unlink(missing_ok=True)
