"""The ELF file that wasmtime makes of a module: its sections, and the machine code of each function."""

import struct

from msgspec import Struct

FUNCTION = 2
"""The type of a symbol that is a function (ELF 1.2)."""

OWN = "::function"
"""What the names of a module's own functions hold; trampolines in and out are the engine's."""

UNREADABLE = (struct.error, ValueError, OverflowError)
"""What reading something else raises."""


class Function(Struct, frozen=True):
    """A function of the module: its name, and the bytes of ``.text`` that it is."""

    name: str
    start: int
    size: int


def sections(elf: bytes) -> dict[str, bytes]:
    """The contents of each section by name.

    Raises:
        struct.error, ValueError, OverflowError: these bytes are no such file (``UNREADABLE``).
    """
    (at,) = struct.unpack_from("<Q", elf, 0x28)
    size, count, names = struct.unpack_from("<HHH", elf, 0x3A)
    heads = [struct.unpack_from("<IIQQQQ", elf, at + i * size) for i in range(count)]
    begin = heads[names][4]
    return {_text(elf, begin + head[0]): elf[head[4] : head[4] + head[5]] for head in heads}


def functions(found: dict[str, bytes]) -> list[Function]:
    """The module's own functions, by the sections of its file."""
    symbols, names = found[".symtab"], found[".strtab"]
    every = [struct.unpack_from("<IBBHQQ", symbols, at) for at in range(0, len(symbols) - 23, 24)]
    made = [
        Function(_text(names, name), start, size)
        for name, info, _, _, start, size in every
        if info & 0xF == FUNCTION
    ]
    return [one for one in made if OWN in one.name]


def code_bytes(elf: bytes) -> int:
    """The bytes of the module's own functions in a serialised module; 0 where there is nothing to read."""
    try:
        return sum(one.size for one in functions(sections(elf)))
    except (*UNREADABLE, KeyError, IndexError):
        return 0


def _text(data: bytes, at: int) -> str:
    return data[at : data.index(b"\0", at)].decode(errors="replace")
