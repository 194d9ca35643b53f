"""How much machine code a module became: read from the symbols of the ELF file that wasmtime makes of it."""

import struct

SYMBOLS = 2
FUNCTION = 2
"""The type of a section of symbols, and of a symbol that is a function (ELF 1.2)."""


def code_bytes(compiled: bytes) -> int:
    """The bytes of the module's own functions in a serialised module; 0 where there is nothing to read.

    Trampolines into and out of the module do not count: they are the engine's.
    """
    try:
        return sum(size for name, size in _functions(compiled) if b"::function" in name)
    except (struct.error, ValueError, OverflowError):
        return 0


def _functions(elf: bytes) -> list[tuple[bytes, int]]:
    """Name and size of every function."""
    (sections,) = struct.unpack_from("<Q", elf, 0x28)
    size, count = struct.unpack_from("<HH", elf, 0x3A)
    found = []
    for i in range(count):
        _, kind, _, _, start, length, link = struct.unpack_from("<IIQQQQI", elf, sections + i * size)
        if kind != SYMBOLS:
            continue
        (names,) = struct.unpack_from("<Q", elf, sections + link * size + 0x18)
        for at in range(start, start + length, 24):
            name, info, _, _, _, extent = struct.unpack_from("<IBBHQQ", elf, at)
            if info & 0xF == FUNCTION:
                begin = names + name
                found.append((elf[begin : elf.index(b"\0", begin)], extent))
    return found
