"""Vulkan's drivers: one that ends or hangs whoever loads it must not cost the adapters of the others."""

import os
from pathlib import Path

from msgspec import structs

from app.core.events import TargetsFound
from app.worker.process import Worker
from app.worker.protocol import FindTargets

ENGINE = "webgpu"

VARIABLE = "VK_DRIVER_FILES"
"""Names the files of the drivers that Vulkan's loader is to use; without it, those in its folders."""

FOLDERS = ("/etc/vulkan/icd.d", "/usr/local/share/vulkan/icd.d", "/usr/share/vulkan/icd.d")
NONE = "/nonexistent"

SECONDS = 10.0
"""How long a search for adapters may take with a single driver."""


def installed() -> list[str]:
    """The files that describe the drivers; none where the system keeps them elsewhere, as Windows does."""
    if named := os.environ.get(VARIABLE):
        return named.split(os.pathsep)
    return [str(file) for folder in FOLDERS for file in sorted(Path(folder).glob("*.json"))]


class Drivers:
    """The drivers that GPU workers load: all, until one has proved to be bad."""

    def __init__(self) -> None:
        self._bad: list[str] = []

    def environment(self, engine: str) -> dict[str, str]:
        """What the worker of ``engine`` has to know besides."""
        rest = [file for file in installed() if file not in self._bad]
        return {VARIABLE: os.pathsep.join(rest) or NONE} if engine == ENGINE and self._bad else {}

    def explain(self, worker: Worker) -> bool:
        """Whether ``worker`` ended because of drivers with which none can search; they are left out now.

        Tries each driver alone, and no more once some are left out: the rest may still fail together.
        """
        if worker.engine != ENGINE or worker.alive or self._bad:
            return False
        self._bad = [file for file in installed() if not _answers(file)]
        return bool(self._bad)

    def noted(self, event: TargetsFound) -> TargetsFound:
        """``event`` with a word about what was left out."""
        if event.engine != ENGINE or not self._bad:
            return event
        left_out = f"no adapters can be searched with {', '.join(self._bad)}: left out"
        return structs.replace(event, reason="; ".join(filter(None, (event.reason, left_out))))


def _answers(file: str) -> bool:
    """Whether a worker finds its adapters with this driver alone."""
    worker = Worker(ENGINE, {VARIABLE: file})
    try:
        worker.send(FindTargets())
        while event := worker.receive(SECONDS):
            if isinstance(event, TargetsFound):
                return True
    except EOFError:
        pass
    finally:
        worker.end()
    return False
