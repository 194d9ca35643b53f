"""The place where a module is wrong that assembles but is not valid: engines name only a byte of it."""

import re
from collections.abc import Sequence
from itertools import accumulate

import wasmtime

from app.core.errors import KernelError, TrapError

_TRAPPED = re.compile(r"(?:^ +0: +|wasm-function\[\d+\]:)0x([0-9a-f]+)", re.MULTILINE)
_OFFSET = re.compile(r"(?:at offset |@\+)(\d+)")


def located(error: KernelError, source: str, binary: bytes) -> KernelError:
    """``error`` with the place of the instruction that it is about, where it names a byte of ``binary``."""
    found = _OFFSET.search(str(error))
    place = place_of(source, binary, int(found[1])) if found and error.line is None else None
    return KernelError(str(error), *place) if place else error


def trapped(message: str, source: str, binary: bytes) -> TrapError:
    """The error for what an engine says of a trap, with the place of the instruction if it names a byte."""
    found = _TRAPPED.search(message)
    place = place_of(source, binary, int(found[1], 16)) if found else None
    return TrapError(f"trap: {words_of_trap(message)}", *(place or ()))


def words_of_trap(message: str) -> str:
    """What happened, in the words of the engine; all say the same of a stack or an exception."""
    if "call stack" in message:
        return "call stack exhausted"
    if "thrown Wasm exception" in message or THROWN in message:
        return "an exception that nothing catches"
    if "wasm trap: " in message:
        return message.rpartition("wasm trap: ")[2].splitlines()[0].strip()
    return message.rpartition("RuntimeError: ")[2].strip().splitlines()[0]


THROWN = "[object WebAssembly.Exception]"
"""What V8 has to say of an exception."""


def place_of(source: str, binary: bytes, offset: int) -> tuple[int, int] | None:
    """The line and column, from 1, of the code at that byte; None where no text stands for it."""
    lines = source.split("\n")
    line = _line(_bare(source).split("\n"), binary, offset)
    return None if line is None else (line + 1, len(lines[line]) - len(lines[line].lstrip()) + 1)


_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|;;[^\n]*|\(;|;\)')


def _bare(source: str) -> str:
    """``source`` with nothing in its comments but their line breaks, for nothing can be marked within one."""
    kept, done, depth = [], 0, 0
    for token in _TOKEN.finditer(source):
        word, before = token[0], source[done : token.start()]
        kept.append(before if not depth else "\n" * before.count("\n"))
        if word in ("(;", ";)"):
            depth = max(0, depth + (1 if word == "(;" else -1))
        elif depth:
            kept.append("\n" * word.count("\n"))
        elif not word.startswith(";;"):
            kept.append(word)
        done = token.end()
    return "".join([*kept, source[done:]])


def _line(lines: list[str], binary: bytes, offset: int) -> int | None:
    """The last line, from 0, whose code does not begin behind ``offset``.

    The assembler keeps no list of places; but a mark put before lines stands in the binary just where their
    code begins, and what follows it stays as it was. Code stands in the order of the text, so the lines are
    narrowed down. Where there is no place for a mark, its neighbours are asked.
    """
    last, low, high = None, 0, len(lines)
    while low < high:
        begins = _begins(lines, binary, range(low, high, -(-(high - low) // MARKS)))
        if not begins:
            middle = (low + high) // 2
            around = (middle + sign * (step - 1) for step in _STEPS for sign in (1, -1))
            begins = next((b for i in around if low <= i < high and (b := _begins(lines, binary, [i]))), {})
            if not begins:
                return last
        for line, byte in begins.items():
            if byte > offset:
                high = line
                break
            last, low = line, line + 1
    return last


MARKS = 24
"""So many lines are marked at once: a few rounds place an error in ten thousand lines."""

_STEPS = (*range(1, 17), *(1 << i for i in range(5, 17)))

_MARK = "(drop (i64.const 0x5ca1ab1e0ddba11))"
_BYTES = bytes(wasmtime.wat2wasm(f"(module (func {_MARK}))"))[-12:-1]


def _begins(lines: list[str], binary: bytes, marked: Sequence[int]) -> dict[int, int]:
    """Where the code of each of the lines begins; nothing where not all of them can be marked."""
    text, done = [], 0
    for i in marked:
        text += [*lines[done:i], _MARK]
        done = i
    try:
        longer = bytes(wasmtime.wat2wasm("\n".join([*text, *lines[done:]])))
    except wasmtime.WasmtimeError:
        return {}
    parts = longer.split(_BYTES)
    if len(parts) != len(marked) + 1:
        return {}
    behind = accumulate(len(part) for part in reversed(parts[1:]))
    found = [len(binary) - size for size in behind]
    return dict(zip(marked, reversed(found), strict=True))
