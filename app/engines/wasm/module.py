"""What a binary module says of itself: what it imports, and how much of its memory is its own."""

from collections.abc import Iterator
from typing import NamedTuple

from app.core.errors import KernelError
from app.engines.wasm.leb import Reader
from app.engines.wasm.memory import PAGE

_IMPORT, _MEMORY, _GLOBAL, _DATA = 2, 5, 6, 11


class Facts(NamedTuple):
    """``imports`` are pairs of module and name; operands leave ``own`` bytes of memory alone, from 0 on."""

    imports: tuple[tuple[str, str], ...]
    own: int


def facts(binary: bytes) -> Facts:
    """The facts of a module; of one in a form that is not known here, as much as could be read.

    A memory with data in it, of more than a page, or with a stack (a variable that begins above 0) belongs to
    the module as it begins: its operands come behind.
    """
    imports: list[tuple[str, str]] = []
    pages, owned = 0, False
    try:
        for kind, reader in _sections(binary):
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
    except (IndexError, UnicodeDecodeError, NotImplementedError):
        pass
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
        size = head.number()
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
        """Whether the first variable is one that changes and begins above 0, as a compiler's stack does."""
        if not self.number():
            return False
        kind, changes, code = self.byte(), self.byte(), self.byte()
        # The number is signed: its last byte's 0x40 says that it is below 0.
        start = self.at
        value = self.number()
        return bool(kind in (0x7F, 0x7E) and changes and code in (0x41, 0x42) and value) and not (
            self.data[start : self.at][-1] & 0x40
        )
