"""The folders in which Kernelscope keeps what it keeps for the user."""

from pathlib import Path

import platformdirs

APP = "kernelscope"


def data_folder() -> Path:
    """The user's data folder; made when missing, the current folder where no home can be written."""
    return _usable(platformdirs.user_data_path(APP, appauthor=False))


def log_file() -> Path:
    """The file that keeps what the log panel shows, with tracebacks."""
    return _usable(platformdirs.user_log_path(APP, appauthor=False)) / "kernelscope.log"


def _usable(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path.cwd()
    return folder
