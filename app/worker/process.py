"""One worker process, seen from the parent."""

import logging
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import IO

import msgspec

from app.core.events import AnyEvent, Log
from app.worker.lines import Quota, lines
from app.worker.protocol import LONGEST_LINE, AnyCommand, decode_event, encode

log = logging.getLogger(__name__)

_LEVELS = {"debug": logging.DEBUG, "warning": logging.WARNING, "error": logging.ERROR}
_END = object()

MOST_WAITING = 10_000
"""Events that wait to be taken."""

MOST_TALK = 200
LONGEST_TALK = 4096
"""Lines of log between two events, and characters of each."""


class WorkerLost(Exception):
    """A worker died, or was ended because it hung or flooded; the text says how."""

    def __init__(self, how: str, hung: bool = False) -> None:
        super().__init__(how)
        self.hung = hung


class Worker:
    """A child process for one engine; started by the constructor, ended by ``end``.

    ``environment`` holds variables that only this engine is to know.
    """

    def __init__(self, engine: str, environment: Mapping[str, str] | None = None) -> None:
        self.engine = engine
        # The child must import what this process imports: -P keeps a folder `app` in the user's
        # current folder from being taken for ours, and the path is handed over as it is.
        path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "app.worker", engine],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **(environment or {}), "PYTHONPATH": path, "PYTHONFAULTHANDLER": "1"},
            start_new_session=os.name == "posix",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._events: queue.Queue[object] = queue.Queue(MOST_WAITING)
        self._quota = Quota(MOST_TALK)
        self._ended = threading.Event()
        self._over = False
        assert self._process.stdout and self._process.stderr
        self._threads = [
            self._reader(self._read_events, self._process.stdout),
            self._reader(self._read_stderr, self._process.stderr),
        ]

    @staticmethod
    def _reader(work: Callable[[IO[bytes]], None], stream: IO[bytes]) -> threading.Thread:
        thread = threading.Thread(target=work, args=(stream,), daemon=True)
        thread.start()
        return thread

    def _read_events(self, stream: IO[bytes]) -> None:
        for line in lines(stream, LONGEST_LINE):
            try:
                event = decode_event(line)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                start = line[:80].decode(errors="replace").strip() or f"more than {LONGEST_LINE >> 20} MiB"
                self._talk("warning", f"{self.engine} worker sent no event ({error}): {start}")
                continue
            if isinstance(event, Log):
                self._talk(event.level, event.text)
                continue
            if held_back := self._quota.renew():
                self._put(Log("warning", f"{self.engine}: {held_back} more lines were left out"))
            self._put(event)
        self._put(_END)

    def _read_stderr(self, stream: IO[bytes]) -> None:
        for line in lines(stream, LONGEST_TALK):
            if text := line.decode(errors="replace").rstrip():
                self._talk("debug", f"{self.engine}: {text}")

    def _talk(self, level: str, text: str) -> None:
        if self._quota.take():
            log.log(_LEVELS.get(level, logging.INFO), "%s", text[:LONGEST_TALK])
            self._put(Log(level, text[:LONGEST_TALK]))

    def _put(self, item: object) -> None:
        """Wait while the queue is full, so that a worker that floods waits as well; not after ``end``."""
        while not self._ended.is_set():
            with suppress(queue.Full):
                self._events.put(item, timeout=0.1)
                return

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """The worker's process id."""
        return self._process.pid

    def send(self, command: AnyCommand) -> None:
        """Write one command; a dead child, or one that was ended, is noticed by ``receive``."""
        assert self._process.stdin
        with suppress(OSError, ValueError):  # broken, or closed
            self._process.stdin.write(encode(command))
            self._process.stdin.flush()

    def receive(self, timeout: float) -> AnyEvent | None:
        """The next event, or None after ``timeout`` seconds.

        Raises:
            EOFError: the process has ended; the text says how.
        """
        try:
            item = _END if self._over else self._events.get(timeout=timeout)
        except queue.Empty:
            if self._ended.is_set():
                raise EOFError("was ended") from None
            return None
        if item is _END:
            self._over = True
            raise EOFError(self._epitaph())
        return item  # type: ignore[return-value]

    def _epitaph(self) -> str:
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return "closed its pipe"
        if code < 0:
            names = {member.value: member.name for member in signal.Signals}
            return f"ended by {names.get(-code, f'signal {-code}')}"
        return f"ended with exit code {code}"

    def end(self) -> None:
        """End the process at once and release its pipes."""
        self._ended.set()
        if self.alive:
            self._kill()
        # A driver may hold it inside the kernel: it goes when that lets go.
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
        for thread in self._threads:
            thread.join(timeout=5)
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            assert stream
            with suppress(OSError):
                stream.close()

    def _kill(self) -> None:
        """End the process with its children, such as a probe or a browser."""
        if os.name == "posix":
            with suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
        else:
            self._process.kill()
