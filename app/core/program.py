"""A program: a rendered kernel with its operands laid out, ready for an engine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from app.core.variant import Operation, Parameters
from app.core.workload import Operands


@dataclass(frozen=True)
class Layout:
    """Operands as one kernel reads them.

    ``buffers`` are read-only arrays in binding order, then comes the result. ``scalars`` follow: a uniform
    block of 32-bit words for WGSL, ``i32`` / ``f32`` arguments for Wasm; Python ints and floats tell which.
    ``scratch`` names buffers in bytes that a kernel writes for itself; they come before the result.
    ``output`` is the dtype and length of the result. ``passes`` gives, for each entry point in the order they
    run, the number of workgroups (WGSL only).
    ``stored()`` gives the operands as the kernel sees them, dequantised to float64 or float32, so that a
    kernel's own error can be told from that of its storage. ``decode`` turns the raw result into an answer.
    ``growth`` is how many times larger than the operands' products the terms are that the kernel adds up,
    because of zero points that it takes away from the sum.
    """

    buffers: Mapping[str, np.ndarray]
    scalars: Mapping[str, int | float]
    output: tuple[np.dtype, int]
    stored: Callable[[], Operands]
    passes: Mapping[str, tuple[int, int, int]] = field(default_factory=lambda: {"main": (1, 1, 1)})
    scratch: Mapping[str, int] = field(default_factory=dict)
    decode: Callable[[np.ndarray], np.ndarray] = field(default=lambda raw: raw)
    growth: float = 1.0

    @property
    def operand_bytes(self) -> int:
        """Bytes of the operands as a kernel reads them."""
        return sum(buffer.nbytes for buffer in self.buffers.values())

    @property
    def output_bytes(self) -> int:
        """Bytes of the result."""
        dtype, length = self.output
        return dtype.itemsize * length


FIRST_RUN = "in its first run"
"""What a kernel is doing when it runs before anything is timed, and may never end."""


@dataclass(frozen=True)
class Program:
    """What an engine prepares: the exact text, its operands, and the features the text needs.

    ``checked`` asks for bounds checks and loop guards, as on the web, an ``operation`` for something other
    than running the text, such as a transfer. ``workload`` names the problem, whose own answer NumPy runs.
    Runs take ``copies`` of the operands in turn, all with the same values; see ``app.measure.cold``.
    ``added_lines`` at the head of a user's own text are ours. ``started`` hears of
    what an engine begins with after compiling, such as ``FIRST_RUN``.
    """

    source: str
    layout: Layout
    requires: tuple[str, ...] = ()
    checked: bool = True
    parameters: Parameters = field(default_factory=dict)
    operation: Operation | None = None
    workload: str = ""
    copies: int = 1
    added_lines: int = 0
    started: Callable[[str], None] = field(default=lambda _: None, compare=False)
