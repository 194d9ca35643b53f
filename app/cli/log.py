"""The log file: what the log panel shows, with tracebacks, where foreign text is text as on a terminal."""

import logging
import logging.handlers
from types import TracebackType

from app.core.foreign import as_line, visible
from app.storage.folders import log_file


class _Formatter(logging.Formatter):
    """A line for each record, which no text in it can end, and its traceback below."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        return as_line(super().formatMessage(record))

    def formatException(  # noqa: N802
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        return visible(super().formatException(ei))


def log_to_file() -> None:
    """Log from here on into a megabyte and one older file; an unwritable home must not stop the program."""
    try:
        handler: logging.Handler = logging.handlers.RotatingFileHandler(
            log_file(), maxBytes=1 << 20, backupCount=1, encoding="utf-8", delay=True
        )
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(_Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.raiseExceptions = False
    logging.basicConfig(level=logging.INFO, handlers=[handler])
