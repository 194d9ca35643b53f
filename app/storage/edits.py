"""Kernels of the user's own, kept between starts: one file each in the data folder."""

import logging
from pathlib import Path

import msgspec

from app.catalog.index import with_edits
from app.core.edit import Edit
from app.core.errors import KernelscopeError
from app.storage.files import put_aside, write_atomically
from app.storage.folders import data_folder
from app.system import read_regular

log = logging.getLogger(__name__)

LARGEST_FILE = 8 << 20
"""Bytes; the longest text, with each of its characters written out."""

_decoder = msgspec.json.Decoder(Edit, strict=True)


def kept_edits() -> list[Edit]:
    """The edits that can run here, by name; what is damaged is set aside, what knows no variant waits."""
    found = []
    for path in sorted(_folder().glob("*.json")):
        try:
            edit = _decoder.decode(read_regular(path, LARGEST_FILE))
        except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            put_aside(path, error)
            continue
        try:
            with_edits([edit])
        except KernelscopeError as error:
            log.warning("%s is left out: %s", path, error)
        else:
            found.append(edit)
    return found


def keep_edit(edit: Edit) -> None:
    """Write ``edit``, in the place of one of the same name.

    Raises:
        KernelscopeError: the data folder cannot be written.
    """
    path = _path(edit)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise KernelscopeError(f"{path.parent}: cannot be written ({error.strerror or error})") from error
    write_atomically(path, msgspec.json.format(msgspec.json.encode(edit), indent=1))


def forget_edit(edit: Edit) -> None:
    """Remove the file of ``edit``, if there is one.

    Raises:
        KernelscopeError: it cannot be removed.
    """
    try:
        _path(edit).unlink(missing_ok=True)
    except OSError as error:
        raise KernelscopeError(f"{_path(edit)}: {error.strerror or error}") from error


def _folder() -> Path:
    return data_folder() / "kernels"


def _path(edit: Edit) -> Path:
    """Names are letters, digits and a few signs, so they are file names as they are."""
    return _folder() / f"{edit.workload}-{edit.runtime.value}-{edit.name}.json"
