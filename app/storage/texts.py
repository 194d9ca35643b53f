"""Kernel texts of the user's own, from files as editors, Windows and compilers write them."""

import codecs
from pathlib import Path

from app.core.edit import LONGEST_TEXT
from app.core.errors import KernelscopeError
from app.system import read_regular

MOST_BYTES = 4 * LONGEST_TEXT
MODULE = b"\0asm"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins as UTF-16's does
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_kernel(path: Path) -> str:
    """The text in ``path``: UTF-8, or what its byte order mark says; a binary module as a text that holds it.

    Raises:
        KernelscopeError: it is no regular file, cannot be read, is too long or no text.
    """
    try:
        data = read_regular(path, MOST_BYTES)
    except OSError as error:
        raise KernelscopeError(f"{path}: {error.strerror or error}") from error
    if data.startswith(MODULE):
        text = as_text(data)
    else:
        encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
        try:
            text = data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError as error:
            raise KernelscopeError(f"{path}: no text ({error})") from error
    if "\0" in text:
        raise KernelscopeError(f"{path}: no text (it holds a NUL character)")
    if len(text) > LONGEST_TEXT:
        raise KernelscopeError(f"{path}: a kernel's text has at most {LONGEST_TEXT} characters")
    return text


def as_text(binary: bytes) -> str:
    """A WAT text that assembles to ``binary``, byte for byte; nobody here takes modules apart."""
    lines = (binary[i : i + 32] for i in range(0, len(binary), 32))
    return "(module binary\n" + "\n".join(f'  "{"".join(map(_escaped, line))}"' for line in lines) + "\n)\n"


def _escaped(byte: int) -> str:
    letter = chr(byte)
    return letter if 32 <= byte < 127 and letter not in '"\\' else f"\\{byte:02x}"
