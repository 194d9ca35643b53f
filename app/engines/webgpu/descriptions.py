"""What adapters are, remembered by driver version: to describe one, its device has to be opened and wakes."""

import hashlib
import logging
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import platformdirs
import wgpu
from msgspec import structs

from app import __version__
from app.core.target import Target
from app.engines.webgpu.adapters import gpu_of, place_of
from app.system import read_regular

log = logging.getLogger(__name__)

LARGEST = 1 << 20
"""Bytes of a description."""

MOST = 64
"""Descriptions that are kept: those of the last drivers."""

TELLS = 2
"""Counts what descriptions tell: one more with whatever an older one lacks."""

DAMAGED = ".damaged"
VARYING = ("place", "lanes", "free")
"""What is told of a card, and not of all that are equal to it."""


def recall(adapter: Any, info: Mapping[str, Any], identity: str, label: str) -> Target | None:
    """The description that was kept of such an adapter, under these names; None where there is none.

    Equal cards are described by one of them. A file that is damaged or foreign is set aside.
    """
    path = _path(adapter, info)
    with suppress(OSError):
        try:
            kept = msgspec.json.decode(read_regular(path, LARGEST), type=Target)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            log.warning("%s: set aside (%s)", path, error)
            path.replace(path.with_suffix(DAMAGED))
            return None
        properties = {name: value for name, value in kept.properties.items() if name != "place"}
        if place := place_of(info):
            properties["place"] = place
        return structs.replace(kept, id=identity, label=label, gpu=gpu_of(info), properties=properties)
    return None


def keep(adapter: Any, info: Mapping[str, Any], target: Target) -> None:
    """Keep a description for later searches; where it cannot be written, these open the device again."""
    path = _path(adapter, info)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(msgspec.json.encode(target))
            os.replace(name, path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        entries = sorted(path.parent.glob("adapter-*"), key=lambda entry: entry.stat().st_mtime)
        for entry in entries[:-MOST]:
            entry.unlink(missing_ok=True)


def _path(adapter: Any, info: Mapping[str, Any]) -> Path:
    """A file for all that a description follows from: driver, features, limits, and the versions of ours."""
    own = {name: value for name, value in info.items() if name not in VARYING}
    words = [
        *(__version__, str(TELLS), wgpu.__version__, repr(sorted(own.items()))),
        *(repr(sorted(adapter.features)), repr(sorted(adapter.limits.items()))),
    ]
    key = hashlib.sha256("\0".join(words).encode()).hexdigest()[:32]
    return Path(platformdirs.user_cache_dir("kernelscope", appauthor=False)) / f"adapter-{key}.json"
