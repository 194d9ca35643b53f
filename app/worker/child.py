"""The child's loop: one engine, one command at a time, until the parent closes the pipe."""

import logging
import os
import queue
import sys
import threading
from contextlib import suppress
from typing import BinaryIO

import msgspec

from app.core.errors import TargetLost, in_words
from app.core.events import (
    AnyEvent,
    CaseFinished,
    GroupFinished,
    Log,
    TargetGone,
    TargetsFound,
    TuningFinished,
)
from app.core.measurement import Status
from app.engines import Engine, free_memory_of, left_out, load
from app.measure.group import measure_group
from app.measure.tune import tune
from app.problems import registry
from app.worker import faults
from app.worker.protocol import FindTargets, Measure, Stop, Tune, decode_command, encode

NO_TARGETS = {
    "webgpu": "no GPU adapter: install a Vulkan driver "
    "(a software one on Debian: apt install mesa-vulkan-drivers libvulkan1)"
}


Job = FindTargets | Measure | Tune
Jobs = queue.Queue[tuple[Job, threading.Event]]


class _Pipe:
    """Events out; a lock because the log and the loop both write."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self._lock = threading.Lock()

    def emit(self, event: AnyEvent) -> None:
        with self._lock:
            self.stream.write(encode(event))
            self.stream.flush()
        faults.after(event, self.stream)


class _LogHandler(logging.Handler):
    def __init__(self, pipe: _Pipe) -> None:
        super().__init__()
        self._pipe = pipe

    def emit(self, record: logging.LogRecord) -> None:
        self._pipe.emit(Log(record.levelname.lower(), self.format(record)))


def main(engine_name: str) -> None:
    """Serve the engine until stdin closes."""
    pipe = _Pipe(_private_stdout())
    _offer_to_the_oom_killer()
    faults.arm(os.environ.get(faults.VARIABLE, ""))
    logging.basicConfig(level=logging.INFO, handlers=[_LogHandler(pipe)], format="%(name)s: %(message)s")
    commands: Jobs = queue.Queue()
    threading.Thread(target=_read, args=(sys.stdin.buffer, commands), daemon=True).start()
    try:
        engine = load(engine_name)
    except Exception as error:
        logging.getLogger(__name__).exception("the %s engine does not load", engine_name)
        _refuse(engine_name, f"{type(error).__name__}: {error}", commands, pipe)
        return
    while True:
        command, stop = commands.get()
        if isinstance(command, FindTargets):
            if engine_name == "webgpu":
                faults.searching(pipe.stream)
            pipe.emit(_find(engine_name, engine))
        else:
            _work(engine, command, stop, pipe)


def _private_stdout() -> BinaryIO:
    """The pipe to the parent; whatever a driver prints to stdout goes to stderr from here on."""
    stream = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return stream


def _offer_to_the_oom_killer() -> None:
    """When memory runs out, Linux is to end this process and not the window."""
    with suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("1000")


def _read(stream: BinaryIO, commands: Jobs) -> None:
    """Queue commands, each with its own stop flag, which a Stop after it sets. End with the parent."""
    latest = threading.Event()
    for line in stream:
        try:
            command = decode_command(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            logging.getLogger(__name__).error("a command that is none was left out: %s", error)
            continue
        if isinstance(command, Stop):
            latest.set()
        else:
            latest = threading.Event()
            commands.put((command, latest))
    # Not sys.exit: the main thread may hang in a driver, and nobody is left to hear about it.
    os._exit(0)


def _find(name: str, engine: Engine) -> TargetsFound:
    try:
        targets = tuple(engine.targets())
    except Exception as error:
        logging.getLogger(__name__).exception("finding the targets of %s failed", name)
        return TargetsFound(name, (), engine.versions(), f"{type(error).__name__}: {error}")
    reason = "" if targets else NO_TARGETS.get(name, "none")
    return TargetsFound(name, targets, engine.versions(), reason, left_out(engine), free_memory_of(engine))


def _work(engine: Engine, job: Measure | Tune, stop: threading.Event, pipe: _Pipe) -> None:
    try:
        _work_there(engine, job, stop, pipe)
    except TargetLost as lost:
        pipe.emit(TargetGone(str(lost)))


def _work_there(engine: Engine, job: Measure | Tune, stop: threading.Event, pipe: _Pipe) -> None:
    registry.adopt(job.problems, job.folders)
    try:
        device = engine.open(job.target)
    except TargetLost:
        raise
    except Exception as error:
        logging.getLogger(__name__).exception("%s does not open", job.target.id)
        _decline(job, f"{job.target.label} does not open: {error}", pipe)
        return
    try:
        if isinstance(job, Tune):
            tune(device, job.target, job.case, job.settings, job.tried, pipe.emit, stop.is_set)
        else:
            measure_group(
                device,
                job.target,
                job.cases,
                job.baseline,
                job.settings,
                pipe.emit,
                stop.is_set,
                job.edits,
                job.life,
                job.cache,
            )
    except TargetLost:
        raise
    except Exception as error:
        logging.getLogger(__name__).exception("the group failed")
        reason = in_words(error)
        pipe.emit(TuningFinished(None, reason) if isinstance(job, Tune) else GroupFinished(reason))


def _decline(job: Measure | Tune, reason: str, pipe: _Pipe) -> None:
    """The last word on everything in ``job``."""
    if isinstance(job, Tune):
        pipe.emit(TuningFinished(None, reason))
        return
    for index, _ in job.cases:
        pipe.emit(CaseFinished(index, Status.FAILED, reason))
    pipe.emit(GroupFinished())


def _refuse(name: str, reason: str, commands: Jobs, pipe: _Pipe) -> None:
    """Answer every command with the reason why there is no engine."""
    why = f"the {name} engine does not load: {reason}"
    while True:
        job, _ = commands.get()
        if isinstance(job, FindTargets):
            pipe.emit(TargetsFound(name, (), {}, why))
        else:
            _decline(job, why, pipe)
