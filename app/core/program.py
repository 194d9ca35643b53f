"""A program: a rendered kernel with its operands laid out, ready for an engine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from app.core.shape import Shape
from app.core.variant import Operation, Parameters
from app.core.workload import Operands

RESULT = "result"
"""What steps call the buffer that the result is in."""

OFFSETS = 256
"""Bytes: where a slice begins is a multiple of this, as every WebGPU device takes it."""


class Role(StrEnum):
    """What a buffer is to whoever uses a kernel again and again.

    Weights are brought to a target once, activations come anew with each call, and state, such as a cache of
    keys and values, stays there from call to call. Scratch is nobody's, the result goes back.
    """

    WEIGHTS = "weights"
    ACTIVATIONS = "activations"
    STATE = "state"
    SCRATCH = "scratch"
    RESULT = "result"


@dataclass(frozen=True)
class Slice:
    """``size`` bytes of ``buffer`` from ``offset`` on.

    Raises:
        ValueError: no target could bind it, because of where it begins.
    """

    buffer: str
    offset: int
    size: int

    def __post_init__(self) -> None:
        if self.offset % OFFSETS:
            raise ValueError(f"a slice of {self.buffer} begins at {self.offset}, no multiple of {OFFSETS}")


Binding = str | Slice
"""A buffer by its name, whole or a slice of it."""


def whose(binding: Binding) -> str:
    """The name of the buffer."""
    return binding if isinstance(binding, str) else binding.buffer


Grid = tuple[int, int, int]
"""Workgroups along each dimension."""


@dataclass(frozen=True)
class Rows:
    """How steps that follow each other fall into ``count`` rows, so that some of these can be a run.

    ``bytes`` are those of a row in each buffer that has rows, operands and result, by name; ``reused`` those
    of scratch that parts take in turn. ``scalar`` is what steps call the number of rows, empty where the grid
    tells it; ``grids`` gives the workgroups of each function for so many. A part begins at a multiple of
    ``whole`` rows, as many as lie among each other in memory. Where those of a buffer lie apart, as heads
    do in every token, a part sees all from its first on: ``strided`` has the bytes of ``whole`` rows. The
    text is the same for all parts (``app.core.split``). Where these rows do not help, such as tokens against
    large weights, steps may fall into others, ``otherwise``.
    """

    count: int
    bytes: Mapping[str, int]
    grids: Callable[[int], Mapping[str, Grid]]
    scalar: str = "rows"
    whole: int = 1
    reused: Mapping[str, int] = field(default_factory=dict)
    strided: Mapping[str, int] = field(default_factory=dict)
    otherwise: "Rows | None" = None

    @property
    def passes(self) -> Mapping[str, Grid]:
        """The workgroups of each function for all rows."""
        return self.grids(self.count)

    @property
    def scratch(self) -> dict[str, int]:
        """The bytes of scratch for all rows."""
        return {name: self.count * size for name, size in self.reused.items()}


@dataclass(frozen=True)
class Step:
    """One of the things that a run does in turn: a function of a text, over buffers.

    What it ``reads`` comes first, then what it ``writes``, then its ``scalars``: bindings and a uniform block
    in WGSL, addresses and numbers after the count of runs for an export of a Wasm module. ``grid`` is the
    number of workgroups (WGSL only). ``text`` names one of ``Program.texts``; empty is its source. ``name``
    is what people call it. ``rows`` say how it can be split where a buffer is too large for a binding.
    ``case`` is the workload, the variant and the shape that it is a case of, where it is one.
    """

    entry: str
    reads: tuple[Binding, ...]
    writes: tuple[Binding, ...]
    scalars: Mapping[str, int | float] = field(default_factory=dict)
    grid: Grid = (1, 1, 1)
    text: str = ""
    name: str = ""
    rows: Rows | None = None
    case: tuple[str, str, str] | None = None

    @property
    def bindings(self) -> tuple[Binding, ...]:
        """All buffers, in order."""
        return (*self.reads, *self.writes)

    @property
    def title(self) -> str:
        """What people call it."""
        return self.name or self.entry


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

    ``steps`` are what a run does, each over the buffers that it names; without them, every entry point of
    ``passes`` is a step over all. ``roles`` tell what buffers are to those who use the kernel; where they are
    given, traffic is counted by them (``traffic``), and ``touched`` are the bytes that a run reads of a
    buffer that it does not read as a whole. ``rows`` are those of undeclared steps. What has none may know
    better: ``within`` gives the layout whose steps bind no more than so many bytes, as far as that goes.
    """

    buffers: Mapping[str, np.ndarray]
    scalars: Mapping[str, int | float]
    output: tuple[np.dtype, int]
    stored: Callable[[], Operands]
    passes: Mapping[str, Grid] = field(default_factory=lambda: {"main": (1, 1, 1)})
    scratch: Mapping[str, int] = field(default_factory=dict)
    decode: Callable[[np.ndarray], np.ndarray] = field(default=lambda raw: raw)
    growth: float = 1.0
    steps: tuple[Step, ...] = ()
    roles: Mapping[str, Role] = field(default_factory=dict)
    touched: Mapping[str, int] = field(default_factory=dict)
    rows: Rows | None = None
    within: Callable[[int], "Layout"] | None = None

    @property
    def sizes(self) -> dict[str, int]:
        """The bytes of every buffer by name: operands, scratch, the result."""
        operands = {name: buffer.nbytes for name, buffer in self.buffers.items()}
        return {**operands, **self.scratch, RESULT: self.output_bytes}

    @property
    def run(self) -> tuple[Step, ...]:
        """The steps of a run, declared or not."""
        written = (*self.scratch, RESULT)
        return self.steps or tuple(
            Step(entry, tuple(self.buffers), written, self.scalars, grid, rows=self.rows)
            for entry, grid in self.passes.items()
        )

    @property
    def traffic(self) -> dict[Role, int]:
        """The bytes that a run has to move, by role: operands read once, the result written once.

        Nothing where no roles are known.
        """
        moved: dict[Role, int] = {}
        if self.roles:
            for name, buffer in self.buffers.items():
                role = self.roles.get(name, Role.WEIGHTS)
                moved[role] = moved.get(role, 0) + self.touched.get(name, buffer.nbytes)
            moved[Role.RESULT] = self.output_bytes
        return moved

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
    what an engine begins with after compiling, such as ``FIRST_RUN``. ``texts`` are further ones, by the
    names that steps give them. ``proof`` gives what tells whether each of a model's operators is right.
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
    texts: Mapping[str, str] = field(default_factory=dict)
    proof: "Callable[[], Proof] | None" = field(default=None, compare=False)

    def text(self, step: Step) -> str:
        """The text that ``step`` is a function of."""
        return self.texts[step.text] if step.text else self.source


@dataclass(frozen=True)
class Check:
    """What one operator of a model read and wrote: ``operands`` and ``answer`` find it in a raw result.

    ``workload``, ``compute``, ``sums``, ``shape`` and ``growth`` are what its tolerance depends on.
    """

    title: str
    workload: str
    compute: str
    sums: str
    shape: Shape
    growth: float
    operands: Callable[[np.ndarray], Operands]
    answer: Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Proof:
    """A ``program`` whose result is everything that steps of another one hand on, and the checks of that."""

    program: Program
    checks: tuple[Check, ...]
