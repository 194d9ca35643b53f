"""Sessions by the names that people know them by: those of their files."""

from collections.abc import Sequence
from pathlib import Path

from app.core.session import Session
from app.findings.compare import names
from app.storage.files import COMPRESSED, SUFFIX, load


def load_named(paths: Sequence[Path]) -> list[tuple[str, Session]]:
    """Every session with a name to call it by.

    Raises:
        KernelscopeError: one of them cannot be read.
    """
    loaded = [(file_title(path), load(path)) for path in paths]
    return list(zip(names(loaded), (session for _, session in loaded), strict=True))


def file_title(path: Path) -> str:
    """A file's name without what all sessions end in."""
    return path.name.removesuffix(COMPRESSED).removesuffix(SUFFIX).removesuffix(".json")
