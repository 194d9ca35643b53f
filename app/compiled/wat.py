"""Lines of a WAT text for the instructions of its binary.

A folded expression stands in the binary in post-order, operands first (WebAssembly Core Specification, text
format, folded instructions), so walking the text gives the binary's order. It is checked against the binary's
own opcodes: where the two disagree, nobody is told a line.
"""

import re
from collections.abc import Iterator

from app.engines.wasm.leb import Reader

TOKEN = re.compile(r';;[^\n]*|\(;.*?;\)|"(?:\\.|[^"\\])*"|[()]|\s+|[^\s()";]+', re.DOTALL)
NAMED = re.compile(
    r"^(?:[if](?:32|64)|v128|[if]\d+x\d+|local|global|memory|table|ref|atomic|data|elem)\.[\w.]+$"
)
PLAIN = frozenset(
    ("unreachable", "nop", "block", "loop", "if", "else", "end", "br", "br_if", "br_table", "return", "call",
     "call_indirect", "return_call", "drop", "select")
)  # fmt: skip
BLOCKS = ("block", "loop")
SILENT = frozenset(["param", "result", "local", "type", "export", "import", "memory", "data"])
"""Forms inside a function that become no instruction."""

OPCODES = {
    "unreachable": 0x00, "nop": 0x01, "block": 0x02, "loop": 0x03, "if": 0x04, "else": 0x05, "end": 0x0B,
    "br": 0x0C, "br_if": 0x0D, "br_table": 0x0E, "return": 0x0F, "call": 0x10, "call_indirect": 0x11,
    "return_call": 0x12, "drop": 0x1A, "select": 0x1B, "local.get": 0x20, "local.set": 0x21,
    "local.tee": 0x22, "global.get": 0x23, "global.set": 0x24, "i32.load": 0x28, "i64.load": 0x29,
    "f32.load": 0x2A,
    "i32.load8_s": 0x2C, "i32.load8_u": 0x2D, "i32.load16_s": 0x2E, "i32.load16_u": 0x2F, "i32.store": 0x36,
    "i64.store": 0x37, "f32.store": 0x38, "i32.const": 0x41, "i64.const": 0x42, "f32.const": 0x43,
    "i32.eqz": 0x45, "i32.eq": 0x46, "i32.ne": 0x47, "i32.lt_u": 0x49, "i32.lt_s": 0x48, "i32.add": 0x6A,
    "i32.sub": 0x6B, "i32.mul": 0x6C, "i32.and": 0x71, "i32.or": 0x72, "i32.shl": 0x74, "i32.shr_u": 0x76,
    "i64.add": 0x7C, "i64.mul": 0x7E, "f32.add": 0x92, "f32.sub": 0x93, "f32.mul": 0x94,
}  # fmt: skip
"""The first byte of common instructions (Core Specification 5.4); those on 128 bits have ``VECTOR``."""

VECTOR, MISC, ATOMIC = 0xFD, 0xFC, 0xFE
WIDE = re.compile(r"^(v128|[if]\d+x\d+)\.")

Tree = list["Tree | tuple[str, int]"]
Named = tuple[str, int]
"""An instruction and its line."""


def lines_of(text: str, binary: bytes) -> dict[int, int]:
    """The line, from 1, of each instruction by its byte in ``binary``; empty where the two disagree."""
    try:
        told, found = order(text), list(opcodes(binary))
    except (IndexError, NotImplementedError):
        return {}
    if len(told) != len(found):
        return {}
    for (name, _), (_, opcode) in zip(told, found, strict=True):
        expected = VECTOR if WIDE.match(name) else OPCODES.get(name)
        if expected is not None and expected != opcode:
            return {}
    return {at: line for (_, line), (at, _) in zip(told, found, strict=True)}


def order(text: str) -> list[Named]:
    """The instructions of all functions in the binary's order, an ``end`` for each block and function."""
    tokens = list(_tokens(text))
    tree, _ = _parse(tokens, 0)
    found: list[Named] = []
    for form in _forms(tree):
        if _head(form) == "func" and not any(_head(inner) == "import" for inner in _forms(form)):
            _sequence(form[1:-1], found)
            found.append(("end", _line(form[-1])))
    return found


def _tokens(text: str) -> Iterator[Named]:
    line = 1
    for match in TOKEN.finditer(text):
        word = match[0]
        if not word.isspace() and not word.startswith((";;", "(;")):
            yield word, line
        line += word.count("\n")


def _parse(tokens: list[Named], at: int) -> tuple[Tree, int]:
    """The form that opens at ``at``, with the place of its closing parenthesis last, and where it ends."""
    found: Tree = []
    at += 1
    while tokens[at][0] != ")":
        if tokens[at][0] == "(":
            inner, at = _parse(tokens, at)
            found.append(inner)
        else:
            found.append(tokens[at])
            at += 1
    found.append(tokens[at])
    return found, at + 1


def _forms(form: Tree) -> list[Tree]:
    return [inner for inner in form if isinstance(inner, list)]


def _head(form: Tree) -> str:
    return form[0][0] if form and isinstance(form[0], tuple) else ""


def _line(item: "Tree | Named") -> int:
    return item[1] if isinstance(item, tuple) else 0


def _is_instruction(word: str) -> bool:
    return word in PLAIN or NAMED.match(word) is not None


def _sequence(items: Tree, found: list[Named]) -> None:
    """What stands in a row, folded or not."""
    for item in items:
        if isinstance(item, list):
            _form(item, found)
        elif _is_instruction(item[0]):
            found.append(item)


def _form(form: Tree, found: list[Named]) -> None:
    head, line, end = _head(form), _line(form[0]), _line(form[-1])
    if head in SILENT:
        return
    if head in BLOCKS:
        found.append((head, line))
        _sequence(form[1:-1], found)
        found.append(("end", end))
    elif head == "if":
        arms = [inner for inner in _forms(form) if _head(inner) in ("then", "else")]
        for inner in _forms(form):
            if inner not in arms:
                _form(inner, found)
        found.append((head, line))
        for arm in arms:
            if _head(arm) == "else":
                found.append(("else", _line(arm[0])))
            _sequence(arm[1:-1], found)
        found.append(("end", end))
    else:
        for inner in _forms(form):
            _form(inner, found)
        if _is_instruction(head):
            found.append((head, line))


def opcodes(binary: bytes) -> Iterator[tuple[int, int]]:
    """The place and the first byte of each instruction of every function.

    Raises:
        NotImplementedError: an instruction whose length is not known here.
    """
    whole = Reader(binary, 8)
    while whole.at < len(binary):
        kind, size = whole.byte(), whole.number()
        end = whole.at + size
        if kind == 10:
            for _ in range(whole.number()):
                size = whole.number()
                yield from _body(Reader(binary, whole.at), whole.at + size)
                whole.at += size
        whole.at = end


def _body(reader: Reader, end: int) -> Iterator[tuple[int, int]]:
    for _ in range(reader.number()):
        reader.number()
        reader.byte()
    while reader.at < end:
        at = reader.at
        opcode = reader.byte()
        _skip(reader, opcode)
        yield at, opcode


NOTHING_FOLLOWS = {0x00, 0x01, 0x05, 0x0B, 0x0F, 0x1A, 0x1B, 0xD1, *range(0x45, 0xC5)}
ONE_FOLLOWS = {0x02, 0x03, 0x04, 0x0C, 0x0D, 0x10, 0x12, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x3F, 0x40,
               0x41, 0x42, 0xD2}  # fmt: skip
TWO_FOLLOW = {0x11, 0x13, *range(0x28, 0x3F)}


def _skip(reader: Reader, opcode: int) -> None:
    """Go past what follows an opcode (Core Specification 5.4)."""
    if opcode in NOTHING_FOLLOWS:
        return
    if opcode in (0x43, 0x44):
        reader.at += 4 if opcode == 0x43 else 8
        return
    if opcode == VECTOR:
        _skip_vector(reader, reader.number())
        return
    if opcode in ONE_FOLLOWS:
        numbers = 1
    elif opcode in TWO_FOLLOW:
        numbers = 2
    elif opcode == 0x0E:
        numbers = reader.number() + 1
    elif opcode == ATOMIC:
        numbers = 1 if reader.number() == 3 else 2
    elif opcode == MISC:
        which = reader.number()
        numbers = {8: 2, 9: 1, 10: 2, 11: 1}.get(which, 0 if which < 8 else 1)
    else:
        raise NotImplementedError(f"opcode {opcode:#x}")
    for _ in range(numbers):
        reader.number()


def _skip_vector(reader: Reader, which: int) -> None:
    if which <= 11 or which in (92, 93):
        reader.number()
        reader.number()
    elif which in (12, 13):
        reader.at += 16
    elif 21 <= which <= 34:
        reader.byte()
    elif 84 <= which <= 91:
        reader.number()
        reader.number()
        reader.byte()
