"""What adapters are, remembered by driver version: to describe one, its device has to be opened and wakes."""

import hashlib
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

LARGEST = 1 << 20
"""Bytes of a description."""


def recall(adapter: Any, info: Mapping[str, Any], identity: str, label: str) -> Target | None:
    """The description that was kept of such an adapter, under these names; None where there is none.

    Equal cards are described by one of them. A file that is damaged or foreign is as good as none.
    """
    with suppress(OSError, msgspec.DecodeError):
        with _path(adapter, info).open("rb") as file:
            kept = msgspec.json.decode(file.read(LARGEST), type=Target)
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


def _path(adapter: Any, info: Mapping[str, Any]) -> Path:
    """A file for all that a description follows from: driver, features, limits, and the versions of ours."""
    own = {name: value for name, value in info.items() if name != "place"}
    words = [
        *(__version__, wgpu.__version__, repr(sorted(own.items()))),
        *(repr(sorted(adapter.features)), repr(sorted(adapter.limits.items()))),
    ]
    key = hashlib.sha256("\0".join(words).encode()).hexdigest()[:32]
    return Path(platformdirs.user_cache_dir("kernelscope", appauthor=False)) / f"adapter-{key}.json"
