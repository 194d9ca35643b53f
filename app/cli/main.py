"""The entry point: a window where there is a display and nothing was asked, commands otherwise."""

import logging
import logging.handlers
import os
import sys

from app.cli.display import why_no_window
from app.cli.output import remark
from app.core.errors import KernelscopeError
from app.storage.folders import log_file


def main() -> int:
    """Run Kernelscope; the exit code. Errors are one line for the user and a traceback for the log."""
    for stream in (sys.stdout, sys.stderr):
        # A C locale must not turn a micro sign into an exception.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    _log_to_file()
    try:
        try:
            return _command() if len(sys.argv) > 1 else _without_arguments()
        finally:
            sys.stdout.flush()  # a broken pipe is found here, not by the interpreter's last breath
    except KernelscopeError as error:
        logging.getLogger(__name__).info("refused: %s", error)
        remark(f"kernelscope: {error}")
        return 1
    except BrokenPipeError:
        # The reader of a pipe such as `kernelscope kernels | head` has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except Exception as error:
        logging.getLogger(__name__).exception("internal error")
        remark(f"kernelscope: internal error: {type(error).__name__}: {error}; details in {log_file()}")
        return 70


def _command() -> int:
    from app.cli.commands import app

    try:
        return int(app(prog_name="kernelscope") or 0)
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):
            raise end.__context__ from None  # both click and rich would make a failure of it
        raise


def _without_arguments() -> int:
    reason = why_no_window()
    if not reason:
        from app.gui.window.app import main as window

        return window()
    remark(f"No window: {reason}.")
    remark("Running the quick plan instead.")
    from app.cli.run import quick

    return quick()


def _log_to_file() -> None:
    """A megabyte of log and one older file; an unwritable home must not stop the program."""
    try:
        handler: logging.Handler = logging.handlers.RotatingFileHandler(
            log_file(), maxBytes=1 << 20, backupCount=1, encoding="utf-8", delay=True
        )
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.raiseExceptions = False
    logging.basicConfig(level=logging.INFO, handlers=[handler])
