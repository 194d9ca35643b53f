"""A problem as its ``problem.toml`` says it: plain data, strictly decoded; texts and digests are filled in.

Sizes, shapes and counts are expressions (``app.problems.expression``) over the sizes' names.
"""

from typing import Literal

from msgspec import Struct, field

from app.core.target import Runtime

FORMAT = 1
"""What ``format`` may be."""

Formula = str | int | float
DType = Literal["f32", "f16", "i32", "u32", "i16", "u16", "i8", "u8"]
Role = Literal["input", "weights", "state", "scratch", "output"]
SUFFIXES = {"wgsl": Runtime.WGSL, "wat": Runtime.WASM, "wasm": Runtime.WASM}
JINJA = "jinja"


class Strict(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all that a file may say: a misspelt field is told, not passed over."""


class Buffer(Strict, frozen=True, kw_only=True):
    """Memory that kernels see: who fills it (``role``), of what type, of which shape.

    Inputs are made: normal figures for floats and 0 to 100 for whole numbers, or even between ``low`` and
    ``high`` (whole numbers: without ``high``). ``weights`` stay on the target from call to call, ``state``
    too; ``scratch`` is the kernel's own, ``output`` what is checked.
    """

    name: str
    shape: tuple[Formula, ...]
    role: Role = "input"
    dtype: DType = "f32"
    low: Formula | None = None
    high: Formula | None = None
    about: str = ""


class Parameter(Strict, frozen=True, kw_only=True):
    """A figure of a kernel that tuning may change: its default, and the values worth a try."""

    default: int | str
    cpu: int | str | None = None
    choices: tuple[int | str, ...] = ()


class Step(Strict, frozen=True, kw_only=True):
    """One function of a text: what it reads, what it writes, its scalars, and its workgroups.

    What is left out is everything: all inputs, all scratch and outputs, all scalars.
    """

    entry: str = ""
    name: str = ""
    reads: tuple[str, ...] | None = None
    writes: tuple[str, ...] | None = None
    scalars: tuple[str, ...] | None = None
    grid: tuple[Formula, ...] = ()


class Kernel(Strict, frozen=True, kw_only=True):
    """A variant: a text in ``file`` and how it is run. ``text`` is the file's, filled in where it is read.

    ``entry``, ``grid`` and the like at its own level are those of its only step. ``overrides`` are constants
    of the text (WGSL's ``override``, a global of WAT) as expressions over sizes and parameters. ``dtypes``
    store buffers in another type than the problem's. It takes only sizes that are a ``multiple_of`` these.
    """

    file: str
    name: str = ""
    summary: str = ""
    entry: str = ""
    grid: tuple[Formula, ...] = ()
    steps: tuple[Step, ...] = ()
    parameters: dict[str, Parameter] = {}
    overrides: dict[str, Formula] = {}
    dtypes: dict[str, DType] = {}
    multiple_of: dict[str, int] = {}
    requires: tuple[str, ...] = ()
    techniques: tuple[str, ...] = ()
    compute: str = ""
    text: str = ""

    @property
    def runtime(self) -> Runtime:
        """What runs it, by the ending of its file.

        Raises:
            KeyError: it ends on none of those that there are.
        """
        return SUFFIXES[self.suffix]

    @property
    def suffix(self) -> str:
        """``wgsl``, ``wat`` or ``wasm``, whether a template or not."""
        return self.file.removesuffix(f".{JINJA}").rpartition(".")[2]

    @property
    def template(self) -> bool:
        """Whether its text is rendered by Jinja, in a sandbox."""
        return self.file.endswith(f".{JINJA}")


class Stored(Strict, frozen=True, kw_only=True):
    """Expected arrays and the inputs that they belong to, at one shape: an ``.npz`` with each by its name."""

    file: str
    sizes: dict[str, int]


class Reference(Strict, frozen=True, kw_only=True):
    """The right answer: Python, an einsum over the inputs, or stored arrays; one of the three.

    ``text`` is that of the Python file, ``digests`` are the SHA-256 of each file: filled in.
    """

    python: str = ""
    einsum: str = ""
    stored: tuple[Stored, ...] = ()
    text: str = ""
    digests: dict[str, str] = {}


class Tolerance(Strict, frozen=True, kw_only=True):
    """Within which relative error (L2) a result is right: a figure, or what rounding so many terms may do."""

    relative: float | None = None
    terms: Formula | None = None


class Problem(Strict, frozen=True, kw_only=True):
    """A problem: what is computed, at which sizes, from what, how it is checked, and who computes it."""

    name: str
    sizes: dict[str, int | tuple[int, ...]]
    buffers: tuple[Buffer, ...]
    reference: Reference
    kernels: tuple[Kernel, ...]
    format: int = FORMAT
    title: str = ""
    scalars: dict[str, Formula] = {}
    flops: Formula = 0
    bytes: Formula | None = None
    crooked: tuple[str, ...] = ()
    tolerance: Tolerance = field(default_factory=Tolerance)

    @property
    def inputs(self) -> tuple[Buffer, ...]:
        """What kernels read, in order."""
        return tuple(one for one in self.buffers if one.role not in ("scratch", "output"))

    @property
    def scratch(self) -> tuple[Buffer, ...]:
        """What kernels write for themselves."""
        return tuple(one for one in self.buffers if one.role == "scratch")

    @property
    def outputs(self) -> tuple[Buffer, ...]:
        """What is checked."""
        return tuple(one for one in self.buffers if one.role == "output")

    def buffer(self, name: str) -> Buffer:
        """The buffer of that name. Raises KeyError where there is none."""
        for one in self.buffers:
            if one.name == name:
                return one
        raise KeyError(name)


def steps_of(kernel: Kernel) -> tuple[Step, ...]:
    """The steps of a kernel, written out or its only one; each with its entry point."""
    usual = "main" if kernel.runtime is Runtime.WGSL else "run"
    own = kernel.steps or (Step(entry=kernel.entry, grid=kernel.grid),)
    return tuple(
        Step(
            entry=step.entry or usual,
            name=step.name,
            reads=step.reads,
            writes=step.writes,
            scalars=step.scalars,
            grid=step.grid,
        )
        for step in own
    )


def named(kernel: Kernel) -> str:
    """What a kernel is called: its name, or its file's without the ending."""
    return kernel.name or kernel.file.rpartition("/")[2].split(".")[0]
