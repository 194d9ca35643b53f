"""The entry point: a window where there is a display and nothing was asked, commands otherwise.

Its imports are few, so that Ctrl-C is heard quietly while the others still load.
"""

import errno
import os
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import logging

PROGRAM = "kernelscope"
COMPLETE = f"_{PROGRAM.upper()}_COMPLETE"
"""The variable by which a shell asks, with no argument at all, how a word may end."""

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""What a disk, a device or a terminal that takes no more says."""


def main() -> int:
    """Run Kernelscope; the exit code. Errors are one line for the user and a traceback for the log."""
    # Until a command runs there is nothing to put in order, and no place in an import to be told of.
    ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if ours:
        signal.signal(signal.SIGINT, lambda *_: os._exit(130))
    _open_streams()
    completing = COMPLETE in os.environ
    if not completing:
        from app.cli.log import log_to_file

        log_to_file()
    command = _command() if completing or len(sys.argv) > 1 else _without_arguments
    if ours:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    return _reported(command)


def _reported(command: Callable[[], int]) -> int:
    from app.core.errors import KernelscopeError, UsageError

    try:
        try:
            return command()
        finally:
            sys.stdout.flush()  # a broken pipe is found here, not by the interpreter's last breath
    except KernelscopeError as error:
        _log().info("refused: %s", error)
        _complain(str(error))
        return 2 if isinstance(error, UsageError) else 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of a pipe such as `kernelscope kernels | head` has seen enough.
        _silence()
        return 0
    except Exception as error:
        if isinstance(error, OSError) and error.errno in FULL and not error.filename:
            _silence()
            _complain(f"the output cannot be written: {error.strerror}")
            return 1
        from app.storage.folders import log_file

        _log().exception("internal error")
        _complain(f"internal error: {type(error).__name__}: {error}; details in {log_file()}")
        return 70


def _open_streams() -> None:
    """Give output that nobody takes a place to go: a closed stream's number is not to become a file's."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        else:
            # A C locale must not turn a micro sign into an exception.
            stream.reconfigure(errors="replace")


def _silence() -> None:
    """Nothing more goes to stdout, not even what waits to be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _complain(line: str) -> None:
    from app.core.foreign import as_line

    try:
        print(as_line(f"{PROGRAM}: {line}"), file=sys.stderr, flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def _command() -> Callable[[], int]:
    from app.cli.commands import app

    def run() -> int:
        try:
            return int(app(prog_name=PROGRAM) or 0)
        except SystemExit as end:
            if isinstance(end.__context__, BrokenPipeError):
                raise end.__context__ from None  # both click and rich would make a failure of it
            raise

    return run


def _without_arguments() -> int:
    from app.cli.display import why_no_window

    reason = why_no_window()
    if not reason:
        from app.gui.window.app import main as window

        return window()
    from app.cli.output import remark

    remark(f"No window: {reason}.")
    remark("Running the quick plan instead.")
    from app.cli.run import quick

    return quick()


def _log() -> "logging.Logger":
    import logging

    return logging.getLogger(__name__)
