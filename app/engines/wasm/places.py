"""The place where a module is wrong that assembles but is not valid: engines name only a byte of it."""

import re

import wasmtime

from app.core.errors import KernelError

_OFFSET = re.compile(r"(?:at offset |@\+)(\d+)")


def located(error: KernelError, source: str, binary: bytes) -> KernelError:
    """``error`` with the place of the instruction that it is about, where it names a byte of ``binary``."""
    found = _OFFSET.search(str(error))
    line = _line(source, binary, int(found[1])) if found and error.line is None else None
    if line is None:
        return error
    text = source.split("\n")[line]
    return KernelError(str(error), line + 1, len(text) - len(text.lstrip()) + 1)


def _line(source: str, binary: bytes, offset: int) -> int | None:
    """The last line, from 0, whose code does not begin behind ``offset``.

    The assembler keeps no list of places; but a ``(nop)`` put before a line makes the binary one byte longer
    just where the line's code begins, and what follows stays as it was.
    """
    lines = source.split("\n")
    last = None
    for i in range(len(lines)):
        try:
            longer = bytes(wasmtime.wat2wasm("\n".join([*lines[:i], "(nop)", *lines[i:]])))
        except wasmtime.WasmtimeError:
            continue  # no place for an instruction
        begins = len(binary) - _common_end(binary, longer)
        if begins > offset:
            break
        last = i
    return last


def _common_end(a: bytes, b: bytes) -> int:
    count = 0
    while count < len(a) and a[-1 - count] == b[-1 - count]:
        count += 1
    return count
