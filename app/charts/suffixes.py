"""The files that charts can be."""

from pathlib import Path

from app.core.errors import UsageError

SUFFIXES = (".png", ".svg", ".pdf")


def check_suffix(path: Path) -> None:
    """Refuse a file that is not a chart's.

    Raises:
        UsageError: with the suffixes that are.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise UsageError(
            f"{path}: a chart is written as .png, .svg or .pdf, not {path.suffix or 'without a suffix'}"
        )
