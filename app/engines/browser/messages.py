"""What passes over the page's socket: JSON texts, each followed by the bytes it announces, in chunks.

To the page: a request with an ``id``, a ``task`` and the sizes of its buffers. From it: a ``Hello`` once,
then an ``Answer`` or a ``Refusal`` for each request.
"""

from typing import Literal

import msgspec
from msgspec import Struct

from app.core.measurement import Costs
from app.core.target import Target
from app.engines.limits import Need

CHUNK = 4 << 20
"""Bytes; nothing longer is sent in one piece, either way."""

LONGEST_MESSAGE = 2 * CHUNK


class GpuProgram(Struct, frozen=True, tag="wgsl", tag_field="runtime"):
    """A WGSL text and its bindings in order: operands, scratch, result, and a uniform block of scalars.

    Sizes are bytes, ``scalars`` 32-bit words, ``kinds`` the types of the bindings. Runs take ``copies`` of
    the operands in turn, which the page makes of those that it is sent. ``needs`` are what it asks of limits:
    names, figures, and what these count.
    """

    title: str
    source: str
    requires: tuple[str, ...]
    operation: str
    passes: tuple[tuple[str, tuple[int, int, int]], ...]
    kinds: tuple[str, ...]
    buffers: tuple[int, ...]
    scratch: tuple[int, ...]
    output: int
    scalars: tuple[int, ...]
    copies: int = 1
    needs: tuple[Need, ...] = ()


class WasmProgram(Struct, frozen=True, tag="wasm", tag_field="runtime"):
    """A module (the first buffer) and where its operands, scratch and result lie in its memory.

    ``scalars`` say with each value whether it is a whole number; ``wide`` makes those and addresses 64 bits.
    The pointers of operands are those of the first of ``copies``, each ``stride`` bytes behind the last.
    """

    title: str
    operation: str
    pointers: tuple[int, ...]
    pages: int
    wide: bool
    shared: bool
    threads: int
    warm: bool
    buffers: tuple[int, ...]
    output: int
    scalars: tuple[tuple[int | float, bool], ...]
    copies: int = 1
    stride: int = 0


Task = Literal["prepare", "time", "fallBack", "load", "poison", "result", "close"]


class PageRequest(Struct, frozen=True):
    """One step for the page; ``bytes`` are the sizes of the buffers that follow.

    ``places`` are those of the operands that a ``load`` brings.
    """

    id: int
    task: Task
    kernel: int
    program: GpuProgram | WasmProgram | None = None
    repeats: int = 0
    places: tuple[int, ...] = ()
    bytes: tuple[int, ...] = ()


class Hello(Struct, frozen=True, tag="hello"):
    """A page introduces itself; ``tab`` is the same for as long as its tab lives, reloads included."""

    tab: str
    browser: str
    version: str
    targets: tuple[Target, ...]


class Answer(Struct, frozen=True, tag="answer"):
    """A step is done; ``bytes`` follow. ``hidden``: the tab was out of sight meanwhile."""

    id: int
    hidden: bool
    value: msgspec.Raw
    bytes: int


class Refusal(Struct, frozen=True, tag="refusal"):
    """A step cannot be done; ``lost`` means that nothing can be until the page has started anew."""

    id: int
    kind: Literal["kernel", "limit", "unsupported", "failed", "lost"]
    message: str
    line: int | None = None
    column: int | None = None


class Prepared(Struct, frozen=True):
    """The value of an answered ``prepare``."""

    timer: str
    costs: Costs


class OtherClock(Struct, frozen=True):
    """The value of an answered ``fallBack``, null where there is no other; ``step`` in seconds."""

    timer: str
    note: str
    step: float


FromPage = Hello | Answer | Refusal

encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(FromPage).decode
