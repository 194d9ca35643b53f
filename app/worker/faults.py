"""Faults for tests: a worker that does to itself what drivers do, when ``KERNELSCOPE_FAULTS`` says so.

``segfault@timing`` strikes when that step of a case or a candidate begins, ``abort@bad.json`` when adapters
are searched with this Vulkan driver among those listed, ``kill~0.01`` with this probability at any event;
several are separated by commas. Nothing of this happens unless the variable is set.
"""

import ctypes
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from app.core.errors import KernelscopeError
from app.core.events import AnyEvent, CandidateStarted, CaseStarted
from app.worker import loader

VARIABLE = "KERNELSCOPE_FAULTS"


class Fault(Struct, frozen=True):
    """What strikes: when a case begins ``step`` (or a driver of that name loads), or with ``probability``."""

    name: str
    step: str = ""
    probability: float = 0.0


def parse(text: str) -> list[Fault]:
    """The faults that ``text`` asks for.

    Raises:
        KernelscopeError: it names none that there is.
    """
    found = []
    for word in filter(None, text.split(",")):
        name, at, step = word.partition("@")
        if not at:
            name, _, step = word.partition("~")
        if name not in FAULTS:
            raise KernelscopeError(f"{VARIABLE}: no fault {name!r}; there are: {', '.join(FAULTS)}")
        found.append(Fault(name, step=step) if at else Fault(name, probability=float(step)))
    return found


_armed: list[Fault] = []


def arm(text: str) -> None:
    """Have these faults strike from now on. Raises KernelscopeError."""
    _armed[:] = parse(text)


def after(event: AnyEvent, pipe: BinaryIO) -> None:
    """Strike, if it is time to, now that ``event`` is in ``pipe``."""
    for fault in _armed:
        step = event.step if isinstance(event, CaseStarted | CandidateStarted) else ""
        if (fault.step and fault.step == step) or random.random() < fault.probability:  # noqa: S311
            FAULTS[fault.name](pipe)


def searching(pipe: BinaryIO) -> None:
    """Strike, if it is time to, now that drivers are going to be loaded."""
    names = [Path(file).name for file in loader.drivers()]
    for fault in _armed:
        if fault.step in names:
            FAULTS[fault.name](pipe)


def _abort(pipe: BinaryIO) -> None:
    """What wgpu-native does when a command buffer is submitted twice; other engines have ``abort``."""
    if "wgpu" not in sys.modules:
        os.abort()
    import wgpu

    device = wgpu.gpu.request_adapter_sync().request_device_sync()
    commands = device.create_command_encoder().finish()
    device.queue.submit([commands])
    device.queue.submit([commands])


def _segfault(pipe: BinaryIO) -> None:
    ctypes.string_at(0)


def _kill(pipe: BinaryIO) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _hang(pipe: BinaryIO) -> None:
    while True:
        time.sleep(1)


def _lose(pipe: BinaryIO) -> None:
    """Destroy every device: what is asked of them from now on fails as if the driver had lost them."""
    from app.engines.webgpu import ENGINE

    ENGINE.lose_devices()


def _stop_clocks(pipe: BinaryIO) -> None:
    """Have the GPU's time stamps all be the same, as some drivers do, from the start or after a while."""
    from app.engines.webgpu.timing import StampTimer

    StampTimer.stopped = True


def _starve(pipe: BinaryIO) -> None:
    """Leave this process 32 MiB more than it has."""
    import resource

    import psutil

    if resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY:
        limit = psutil.Process().memory_info().vms + (32 << 20)
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _write(data: bytes) -> Callable[[BinaryIO], None]:
    def write(pipe: BinaryIO) -> None:
        pipe.write(data)
        pipe.flush()

    return write


def _huge(pipe: BinaryIO) -> None:
    for _ in range(40):
        pipe.write(b'{"type":"CaseFinished","case":0,"status":"ok","reason":"' + b"x" * (1 << 20))
    pipe.write(b'"}\n')


def _flood(pipe: BinaryIO) -> None:
    while True:
        pipe.write(b'{"type":"CaseStarted","case":0,"step":"timing"}\n' * 1000)


_FOREIGN = b'{"type":"CaseFinished","case":-1,"status":"ok"}\n'
"""An event as it should be, of a case that does not exist."""

FAULTS: dict[str, Callable[[BinaryIO], None]] = {
    "abort": _abort,
    "segfault": _segfault,
    "kill": _kill,
    "hang": _hang,
    "lost": _lose,
    "clock": _stop_clocks,
    "starve": _starve,
    "garbage": _write(b'\xff\xfe{"type": "Nonsense"}\nnot json\n' + _FOREIGN),
    "partial": _write(b'{"type":"CaseSampled","case":0,"rep'),
    "huge": _huge,
    "talk": _write(b'{"type":"Log","level":"info","text":"again"}\n' * 5000),
    "flood": _flood,
}
