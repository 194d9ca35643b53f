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


class GpuStep(Struct, frozen=True):
    """A dispatch: the number of its text among the program's, its entry point and workgroups.

    ``kinds`` are the types of its bindings, ``bindings`` the number of each buffer (operands, scratch,
    result) with the place and size of the slice in bytes (size 0: all of it), ``scalars`` 32-bit words of a
    uniform block.
    """

    text: int
    entry: str
    grid: tuple[int, int, int]
    kinds: tuple[str, ...]
    bindings: tuple[tuple[int, int, int], ...]
    scalars: tuple[int, ...]


class GpuProgram(Struct, frozen=True, tag="wgsl", tag_field="runtime"):
    """WGSL texts, the sizes of buffers in bytes, and the steps of a run over these.

    Runs take ``copies`` of the operands in turn, which the page makes of those that it is sent. ``needs`` are
    what it asks of limits: names, figures, and what these count.
    """

    title: str
    texts: tuple[str, ...]
    requires: tuple[str, ...]
    operation: str
    steps: tuple[GpuStep, ...]
    buffers: tuple[int, ...]
    scratch: tuple[int, ...]
    output: int
    copies: int = 1
    needs: tuple[Need, ...] = ()


class WasmStep(Struct, frozen=True):
    """A call of an export after the count of runs: its arguments, each said to be a whole number or not.

    ``moved`` are the places of those that are addresses of operands, of which there may be copies.
    """

    entry: str
    arguments: tuple[tuple[int | float, bool], ...]
    moved: tuple[int, ...]


class WasmProgram(Struct, frozen=True, tag="wasm", tag_field="runtime"):
    """A module (the first buffer), where operands, scratch and result lie in its memory, what a run calls.

    ``wide`` makes whole numbers and addresses 64 bits. The pointers of operands are those of the first of
    ``copies``, each ``stride`` bytes behind the last.
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
    steps: tuple[WasmStep, ...]
    copies: int = 1
    stride: int = 0


class PeerProgram(Struct, frozen=True, tag="peer", tag_field="runtime"):
    """A library's call: a module of this server, or ONNX Runtime's model, which is the first buffer.

    ``backend`` is what the library is asked for, ``operands`` are the name, type and shape of each buffer,
    ``output`` the bytes of the answer. ``threads`` are those of the processor that it gets.
    """

    title: str
    library: str
    backend: str
    threads: int
    module: str
    operands: tuple[tuple[str, str, tuple[int, ...]], ...]
    buffers: tuple[int, ...]
    output: int


Task = Literal[
    "prepare",
    "time",
    "each",
    "encode",
    "submit",
    "seconds",
    "parts",
    "fallBack",
    "load",
    "poison",
    "result",
    "close",
]


class PageRequest(Struct, frozen=True):
    """One step for the page; ``bytes`` are the sizes of the buffers that follow.

    ``repeats`` runs make each of so many ``batches``; ``places`` are those of the operands that a ``load``
    brings.
    """

    id: int
    task: Task
    kernel: int
    program: GpuProgram | WasmProgram | PeerProgram | None = None
    repeats: int = 0
    batches: int = 0
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
    """A step cannot be done; ``lost`` means that nothing can be until the page has started anew.

    ``byte`` is where in its module a trap happened.
    """

    id: int
    kind: Literal["kernel", "limit", "unsupported", "failed", "lost"]
    message: str
    line: int | None = None
    column: int | None = None
    byte: int | None = None


class Together(Struct, frozen=True, rename="camel"):
    """Whether batches of a kernel are given ``at_once``, and whether some are encoded while others run."""

    at_once: bool = False
    ahead: bool = False


class Prepared(Struct, frozen=True):
    """The value of an answered ``prepare``."""

    timer: str
    costs: Costs
    batches: Together = Together()


class OtherClock(Struct, frozen=True):
    """The value of an answered ``fallBack``, null where there is no other; ``step`` in seconds."""

    timer: str
    note: str
    step: float


FromPage = Hello | Answer | Refusal

encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(FromPage).decode
