"""Measurements: the samples of a case, its error and how it ended."""

import math
import statistics
from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import force_setattr

from app.core.code import Summary
from app.core.conditions import Conditions
from app.core.kinds import NORMAL
from app.core.plan import Case
from app.figures import units


class Status(StrEnum):
    """How a case ended. Only ``ok`` ever has a speedup."""

    OK = "ok"
    WRONG = "wrong result"
    UNSUPPORTED = "unsupported"
    SKIPPED = "skipped"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def bad(self) -> bool:
        """Whether something is wrong with the kernel, or with what it runs on."""
        return self in (Status.WRONG, Status.FAILED)


class Error(Struct, frozen=True):
    """How far a result lies from the float64 reference.

    ``relative_l2`` and ``max_abs`` compare with the answer to the original problem, so they include what
    the storage type costs. ``kernel_relative_l2`` compares with the exact answer on the operands as
    stored, and ``kernel_worst`` is the largest deviation from that, relative to the answer's root mean
    square and, where its terms are larger than those of other elements, to that: verification judges these
    two against ``tolerance`` and ``WORST_FACTOR * tolerance``. All four are None for a result that is not
    finite, or of another shape than the answer.
    """

    relative_l2: float | None
    max_abs: float | None
    kernel_relative_l2: float | None
    kernel_worst: float | None
    tolerance: float

    def __post_init__(self) -> None:
        if self.relative_l2 == STOOD_FOR_NONE:
            for name in ("relative_l2", "max_abs", "kernel_relative_l2", "kernel_worst"):
                force_setattr(self, name, None)

    @property
    def words(self) -> str:
        """``relative_l2`` as people read it: ``0.98 %``, ``1.2e-7``, or ``not finite``."""
        return NOT_FINITE if self.relative_l2 is None else units.error(self.relative_l2)

    @property
    def acceptable(self) -> bool:
        """Whether the kernel computed what it should; false for anything that is not finite."""
        if self.kernel_relative_l2 is None or self.kernel_worst is None:
            return False
        return (
            self.kernel_relative_l2 <= self.tolerance and self.kernel_worst <= WORST_FACTOR * self.tolerance
        )


NOT_FINITE = "not finite"

STOOD_FOR_NONE = 1e300
"""What earlier versions wrote where a figure is not finite."""

WORST_FACTOR = 20.0
"""One wrong element among a million hardly moves the L2 error, so the worst element is bounded as well."""


class Costs(Struct, frozen=True):
    """Seconds spent once per case, never part of a sample: compiling, uploading, the first run.

    ``warm_up_s`` is the time given to an engine that optimises while the kernel runs, ``module_bytes`` the
    size of a binary module, ``code_bytes`` that of the machine code made of it (0 where nobody can tell).
    """

    compile_s: float
    upload_s: float
    first_run_s: float
    warm_up_s: float = 0.0
    module_bytes: int = 0
    code_bytes: int = 0


class Rotation(Struct, frozen=True):
    """Copies of the operands that runs took in turn, and the bytes of all of them."""

    copies: int
    bytes: int

    @property
    def words(self) -> str:
        """``caches bypassed: 5 copies, 320 MiB``."""
        count = f"{self.copies} copies" if self.copies > 1 else "larger than the caches"
        return f"caches bypassed: {count}, {units.bytes_(self.bytes)}"


def operand_words(measurements: Iterable["Measurement"], kind: str = NORMAL) -> str:
    """``operands: warm cache`` or ``operands: outliers, caches bypassed, 2 to 80 copies, 64 MiB or more``."""
    head = "operands: " + ("" if kind == NORMAL else f"{kind}, ")
    found = [m.rotation for m in measurements if m.rotation]
    if not found:
        return f"{head}warm cache"
    copies = sorted({rotation.copies for rotation in found})
    sizes = sorted({rotation.bytes for rotation in found})
    counts = f"{copies[0]} to {copies[-1]} copies" if len(copies) > 1 else f"{copies[0]} copies"
    more = " or more" if len(sizes) > 1 else ""
    return f"{head}caches bypassed, {counts}, {units.bytes_(sizes[0])}{more}"


def instance_words(measurements: Iterable["Measurement"]) -> str:
    """``3 instances each``: for captions; empty where every kernel was prepared once."""
    counts = sorted({m.instances for m in measurements if m.samples})
    if not counts or counts[-1] == 1:
        return ""
    return f"{units.listed([*map(str, counts)]).replace('and', 'or')} instances each"


class Place(Struct, frozen=True):
    """The place in a kernel's text where something is wrong; lines and columns are counted from 1."""

    line: int
    column: int


class Stretch(Struct, frozen=True):
    """Samples of one worker's job, ``count`` of them, in rounds that follow each other from ``first`` on.

    ``life`` numbers the jobs of a run: rounds of different lives never met the same machine.
    """

    life: int
    first: int
    count: int


class Part(Struct, frozen=True):
    """A step of a kernel by its title, and its seconds of a run, timed apart from the samples.

    0.0 where it is too short for the clock. A part that is a case of a workload of its own says which: by
    ``workload``, ``variant`` and ``shape``, as people write that one.
    """

    step: str
    seconds: float
    workload: str = ""
    variant: str = ""
    shape: str = ""


class Quality(Struct, frozen=True):
    """What a model's rounding does to its answers, over texts that are no part of the timing.

    ``cosine`` is the least that any embedding has to its float64 one; ``rank`` Spearman's correlation of the
    similarities of all pairs of texts with those in float64; ``nearest`` the share of texts whose most
    similar other text is the same. ``weights`` names the weights: with random ones such figures mean nothing.
    """

    cosine: float
    rank: float
    nearest: float
    texts: int
    weights: str

    @property
    def words(self) -> str:
        """``quality over 40 texts: rank correlation 0.9955, same nearest text 95 %, cosine 0.994``."""
        return (
            f"quality over {self.texts} texts ({self.weights}): rank correlation {self.rank:.4f}, "
            f"same nearest text {units.percent(self.nearest)}, cosine at least {self.cosine:.4f}"
        )


MOST_PARTS = 64
"""Steps of a kernel that are told apart."""


class Measurement(Struct, frozen=True):
    """What is known of one case; ``samples`` are the undisturbed seconds of a run, one for each visit.

    ``repeats`` is the number of back-to-back runs in each short batch of a visit, ``batches`` that of short
    batches, ``rounds`` that of visits if nothing ends them earlier (0: not known). ``timer`` is the clock
    used, ``stop`` why sampling ended, ``kernel`` the key of its text in the session, ``place`` where a text
    that does not compile is wrong. ``run`` counts the runs that were added to the session after its first,
    and ``stretches`` say which rounds the samples are of (none: one stretch from round 0): samples are pairs
    only where they are of one run, life and round. ``rotation`` is None where operands were warm: left in
    whatever cache holds them.

    Beside each sample stand ``middles``, the median of its short batches in seconds per run; ``disturbed``,
    the share of them that something held up; and ``cpu``, the processor's seconds of a run. They are empty
    where nobody noted them. Of several ``instances`` of the kernel, round i visited number i modulo so many.

    ``quality`` is what a model's answers are worth, None where that is not known.
    ``traffic`` are the bytes that a run has to move by what they are (``app.core.program.Role``), as its
    operands were laid out; empty where only the workload's own count is known. ``parts`` tell the steps of a
    run apart, where it has more than one. ``workgroups`` are those of its largest step (0: not known),
    ``code`` what the engine's compiler made of it, where somebody could read that, ``conditions`` what
    sensors said beside each sample.
    """

    case: Case
    status: Status
    reason: str = ""
    samples: tuple[float, ...] = ()
    repeats: int = 0
    timer: str = ""
    stop: str = ""
    error: Error | None = None
    costs: Costs | None = None
    kernel: str = ""
    place: Place | None = None
    run: int = 0
    rotation: Rotation | None = None
    batches: int = 1
    rounds: int = 0
    stretches: tuple[Stretch, ...] = ()
    middles: tuple[float, ...] = ()
    disturbed: tuple[float, ...] = ()
    cpu: tuple[float, ...] = ()
    instances: int = 1
    traffic: dict[str, int] = {}
    quality: Quality | None = None
    parts: tuple[Part, ...] = ()
    workgroups: int = 0
    code: Summary | None = None
    conditions: tuple[Conditions, ...] = ()

    @property
    def part_words(self) -> str:
        """``scores 41 %, softmax 18 %, values 41 %; in all 1.07× a run``; empty where there are no parts.

        What steps take one by one adds up to more than a run where the target overlaps them, or where each
        is told apart by a pass of its own.
        """
        if not self.parts or not self.samples:
            return ""
        together = math.fsum(part.seconds for part in self.parts)
        shares = ", ".join(f"{part.step} {_share(part.seconds / together)}" for part in self.parts)
        return f"{shares}; in all {units.times(together / statistics.median(self.samples))} a run"


def _share(share: float) -> str:
    return units.percent(share) if share >= 0.01 else "under 1 %"
