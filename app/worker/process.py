"""One worker process, seen from the parent."""

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
from app.worker.protocol import LONGEST_LINE, AnyCommand, decode_event, encode

_END = object()


class WorkerLost(Exception):
    """A worker died or hung; the text says how."""


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
        self._events: queue.Queue[object] = queue.Queue()
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
        while line := stream.readline(LONGEST_LINE):
            try:
                self._events.put(decode_event(line))
            except msgspec.DecodeError as error:
                start = line[:80].decode(errors="replace").strip()
                self._events.put(Log("warning", f"{self.engine} worker sent no event ({error}): {start}"))
        self._events.put(_END)

    def _read_stderr(self, stream: IO[bytes]) -> None:
        while line := stream.readline(LONGEST_LINE):
            text = line.decode(errors="replace").rstrip()
            if text:
                self._events.put(Log("debug", f"{self.engine}: {text}"))

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def send(self, command: AnyCommand) -> None:
        """Write one command; a dead child is noticed by ``receive``."""
        assert self._process.stdin
        with suppress(OSError):
            self._process.stdin.write(encode(command))
            self._process.stdin.flush()

    def receive(self, timeout: float) -> AnyEvent | None:
        """The next event, or None after ``timeout`` seconds.

        Raises:
            EOFError: the process has ended; the text says how.
        """
        try:
            item = self._events.get(timeout=timeout)
        except queue.Empty:
            return None
        if item is _END:
            self._events.put(_END)
            raise EOFError(self._epitaph())
        return item  # type: ignore[return-value]

    def _epitaph(self) -> str:
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return "closed its pipe"
        if code < 0:
            return f"ended by {signal.Signals(-code).name}"
        return f"ended with exit code {code}"

    def end(self) -> None:
        """End the process at once and release its pipes."""
        if self.alive:
            self._process.kill()
        self._process.wait()
        for thread in self._threads:
            thread.join(timeout=5)
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            assert stream
            with suppress(OSError):
                stream.close()
