"""The user's own ``reference.py`` in a process of its own: what it prints, raises, eats or kills stays there.

Requests and answers are ``.npz`` files on its pipes, each behind its length; an answer that begins with ``!``
is one line that says what went wrong. The process ends with whoever started it.
"""

import atexit
import io
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import numpy as np

from app.core.errors import KernelscopeError, one_line
from app.core.foreign import first_line

SECONDS = 50.0
"""A reference that takes longer is ended; steps of a run have 60."""

LARGEST = 1 << 31
"""Bytes of an answer."""


class Runner:
    """Runs ``reference(inputs)`` of a text, which was read from ``file`` in ``folder``."""

    def __init__(self, folder: Path, file: str, text: str) -> None:
        self._folder, self._file, self._text = folder, file, text
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()

    def run(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """The arrays that it returns by name; a single one has the name "".

        Raises:
            KernelscopeError: it fails, dies, or takes too long.
        """
        process = self._started()
        assert process.stdin and process.stdout
        try:
            write(process.stdin, packed(inputs))
            raw = self._answers.get(timeout=SECONDS)
            if raw is None:
                raise EOFError
        except queue.Empty:
            self.close()
            raise KernelscopeError(
                f"{self._file}: reference(inputs) did not return in {SECONDS:g} s"
            ) from None
        except (EOFError, OSError):
            code = process.wait()
            self.close()
            raise KernelscopeError(
                f"{self._file}: its process ended (exit {code}) in reference(inputs)"
            ) from None
        if raw.startswith(b"!"):
            raise KernelscopeError(f"{self._file}: {first_line(raw[1:].decode(errors='replace'))}")
        with np.load(io.BytesIO(raw), allow_pickle=False) as file:
            return {key.removeprefix("_"): file[key] for key in file.files}

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            # As workers are started: it imports what this process imports, and nothing that lies around.
            path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "app.problems.runner", str(self._folder), self._file],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": path},
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
            atexit.register(self.close)
            assert self._process.stdin and self._process.stdout
            self._answers = queue.SimpleQueue()
            threading.Thread(target=_follow, args=(self._process.stdout, self._answers), daemon=True).start()
            write(self._process.stdin, self._text.encode())
        return self._process

    def close(self) -> None:
        """End the process."""
        if self._process:
            self._process.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                with suppress(OSError):
                    if stream:
                        stream.close()
            self._process = None
            atexit.unregister(self.close)


def packed(arrays: Mapping[str, np.ndarray]) -> bytes:
    """The arrays as an ``.npz``, uncompressed."""
    file = io.BytesIO()
    named: dict[str, Any] = {f"_{name}": array for name, array in arrays.items()}
    np.savez(file, **named)
    return file.getvalue()


def write(stream: IO[bytes], data: bytes) -> None:
    """Send ``data`` behind its length."""
    stream.write(len(data).to_bytes(8, "little") + data)
    stream.flush()


def read(stream: IO[bytes]) -> bytes:
    """What ``write`` sent. Raises EOFError where the other side ended."""
    head = stream.read(8)
    size = int.from_bytes(head, "little")
    data = stream.read(size) if len(head) == 8 and size <= LARGEST else b""
    if len(head) < 8 or len(data) < size:
        raise EOFError
    return data


def _follow(stream: IO[bytes], heard: "queue.SimpleQueue[bytes | None]") -> None:
    """Queue every message of ``stream``, and None at its end."""
    with suppress(OSError, ValueError, EOFError):
        while True:
            heard.put(read(stream))
    heard.put(None)


def _until_the_parent_ends(stream: IO[bytes], heard: "queue.SimpleQueue[bytes | None]") -> None:
    _follow(stream, heard)
    os._exit(0)  # not sys.exit: the main thread may be in a loop of the user's own


def main(folder: str, file: str) -> None:
    """Serve the requests on stdin until it closes; what the text prints goes to stderr."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    os.chdir(folder)
    sys.path.insert(0, folder)
    heard: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    threading.Thread(target=_until_the_parent_ends, args=(requests, heard), daemon=True).start()
    text = (heard.get() or b"").decode()
    names: dict[str, object] = {"__name__": "reference", "__file__": file}
    problem = ""
    try:
        exec(compile(text, file, "exec"), names)  # noqa: S102  the user opened this folder himself
        if not callable(names.get("reference")):
            problem = "it has no function reference(inputs)"
    except BaseException as error:
        problem = _place(error, file)
    while raw := heard.get():
        write(answers, f"!{problem}".encode() if problem else _answer(names["reference"], raw, file))


def _answer(reference: object, raw: bytes, file: str) -> bytes:
    with np.load(io.BytesIO(raw), allow_pickle=False) as given:
        arrays = {key.removeprefix("_"): given[key] for key in given.files}
    inputs = {name: array if array.ndim else array.item() for name, array in arrays.items()}
    try:
        found = reference(inputs)  # type: ignore[operator]
        made = found if isinstance(found, dict) else {"": found}
        return packed({str(name): _plain(array, str(name)) for name, array in made.items()})
    except BaseException as error:
        return f"!{_place(error, file)}".encode()


def _plain(found: object, name: str) -> np.ndarray:
    array = np.asarray(found)
    if array.dtype.kind not in "fiub":
        raise TypeError(f"reference(inputs) returns no numbers for {name or 'its output'}")
    return array


def _place(error: BaseException, file: str) -> str:
    """What went wrong, and in which line of the text."""
    line, trace = (
        getattr(error, "lineno", None) if isinstance(error, SyntaxError) else None,
        error.__traceback__,
    )
    while trace:
        if trace.tb_frame.f_code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    where = f"line {line}: " if line else ""
    return where + (one_line(error) or type(error).__name__)


if __name__ == "__main__":
    main(*sys.argv[1:])
