"""What a binary module says of itself: what it imports, and how much of its memory is its own."""

from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from app.core.errors import KernelError
from app.engines.wasm.leb import Reader
from app.engines.wasm.memory import PAGE

_IMPORT, _MEMORY, _GLOBAL, _DATA = 2, 5, 6, 11
_I32, _I64, _END = 0x41, 0x42, 0x0B
_CONSTANTS = {0x43: 4, 0x44: 8, 0xFD: 17}
"""Bytes of a constant behind its code: f32, f64, v128 (with the rest of its code)."""

_INDEXED = frozenset((0x23, 0xD0, 0xD2))
"""Codes that a number follows: global.get, ref.null, ref.func."""


class Facts(NamedTuple):
    """``imports`` are pairs of module and name; operands leave ``own`` bytes of memory alone, from 0 on."""

    imports: tuple[tuple[str, str], ...]
    own: int


def facts(binary: bytes) -> Facts:
    """The facts of a module; of one in a form that is not known here, as much as could be read.

    A memory with data in it, of more than a page, or with a stack (any variable that begins above 0) belongs
    to the module as it begins: its operands come behind.
    """
    imports: list[tuple[str, str]] = []
    pages, owned = 0, False
    for kind, reader in _sections(binary):
        # What is not known in one section says nothing of the next: data stand behind all others.
        with suppress(IndexError, UnicodeDecodeError, NotImplementedError):
            if kind == _IMPORT:
                for _ in range(reader.number()):
                    imports.append((reader.name(), reader.name()))
                    pages = reader.imported() or pages
            elif kind == _MEMORY and reader.number():
                pages = reader.limits()
            elif kind == _GLOBAL:
                owned = owned or reader.has_stack()
            elif kind == _DATA:
                owned = owned or reader.number() > 0
    return Facts(tuple(imports), pages * PAGE if owned or pages > 1 else 0)


def check_imports(found: Facts, offered: tuple[str, str] | None = None) -> None:
    """Refuse a module that needs more than the one memory that may be ``offered``.

    Raises:
        KernelError: naming what is missing, and the rule.
    """
    for module, name in found.imports:
        if (module, name) != offered:
            rule = f"nothing but {'.'.join(offered)}" if offered else "nothing"
            raise KernelError(f"it imports {module}.{name}: a kernel of this variant may import {rule}")


def _sections(binary: bytes) -> Iterator[tuple[int, "_Reader"]]:
    at = 8
    while at < len(binary):
        head = _Reader(binary, at + 1)
        try:
            size = head.number()
        except IndexError:
            return
        yield binary[at], _Reader(binary[: head.at + size], head.at)
        at = head.at + size


class _Reader(Reader):
    """Reads the forms of a module's sections."""

    def name(self) -> str:
        size = self.number()
        self.at += size
        return self.data[self.at - size : self.at].decode()

    def limits(self) -> int:
        """The least that a memory or table has."""
        flags, least = self.byte(), self.number()
        if flags & 1:
            self.number()
        if flags & 8:
            self.number()  # the size of a page of its own
        return least

    def type(self) -> None:
        if self.byte() in (0x63, 0x64):
            self.number()

    def imported(self) -> int:
        """Skip what an import is; the pages that it has if it is a memory."""
        kind = self.byte()
        if kind == 2:
            return self.limits()
        if kind == 0:
            self.number()
        elif kind == 1:
            self.type()
            self.limits()
        elif kind == 3:
            self.type()
            self.byte()
        elif kind == 4:
            self.byte()
            self.number()
        else:
            raise NotImplementedError
        return 0

    def has_stack(self) -> bool:
        """Whether any variable is one that changes and begins above 0, as a compiler's stack does."""
        return any(self._is_stack() for _ in range(self.number()))

    def _is_stack(self) -> bool:
        """Read one variable to its end."""
        self.type()
        changes, found = self.byte(), False
        while (code := self.byte()) != _END:
            if code in (_I32, _I64):
                # The number is signed: its last byte's 0x40 says that it is below 0.
                start = self.at
                value = self.number()
                found = bool(changes and value) and not self.data[start : self.at][-1] & 0x40
            elif code in _CONSTANTS:
                self.at += _CONSTANTS[code]
            elif code in _INDEXED:
                self.number()
            else:
                raise NotImplementedError
        return found
