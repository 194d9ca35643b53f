"""What a running plan tells: one small struct per event, tagged, so that a JSON line decodes strictly.

``case`` is always the index of the case in its plan.
"""

from msgspec import Struct

from app.core.ceilings import Ceilings
from app.core.code import Summary
from app.core.conditions import Conditions
from app.core.measurement import Costs, Error, Part, Place, Quality, Rotation, Status
from app.core.target import Target
from app.core.tuning import Candidate, Tuning, Values


class Event(Struct, frozen=True, tag=True):
    """Base of all events; ``{"type": "CaseStarted", ...}`` on the wire."""


class Waiting(Event, frozen=True):
    """Nothing is measured yet, for somebody else measures on this machine: ``reason`` says who."""

    reason: str

    @property
    def words(self) -> str:
        """What a person is told."""
        return f"waiting: {self.reason}"


class TargetsFound(Event, frozen=True):
    """The targets of one engine; ``reason`` says why there are none.

    ``left_out`` has a line for each thing that might have been a target or given one, with the reason,
    ``free`` the bytes of a card's own memory that were free then, by id of its target, where a driver told.
    """

    engine: str
    targets: tuple[Target, ...]
    versions: dict[str, str] = {}
    reason: str = ""
    left_out: tuple[str, ...] = ()
    free: dict[str, int] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of the search, a line each."""
        return tuple(f"{self.engine}: {line}" for line in (self.reason, *self.left_out) if line)


class CaseOpened(Event, frozen=True):
    """A worker takes a case on, from its start: what was sampled of it in this pass before is forgotten."""

    case: int


class CaseStarted(Event, frozen=True):
    """A step of a case begins: whoever dies next died of this. ``step`` is a present participle."""

    case: int
    step: str


class CasePrepared(Event, frozen=True):
    """The kernel compiled and ran once; ``source`` is the exact text that ran.

    ``rotation`` says through which copies of its operands runs go, if they do, ``traffic`` what a run has to
    move (``Measurement.traffic``), ``quality`` what a model's answers are worth, ``workgroups`` how many its
    largest step has (0: not known).
    """

    case: int
    source: str
    language: str
    timer: str
    costs: Costs
    rotation: Rotation | None = None
    traffic: dict[str, int] = {}
    quality: Quality | None = None
    workgroups: int = 0


class CaseVerified(Event, frozen=True):
    """The result was compared with the reference."""

    case: int
    error: Error


class CaseCalibrated(Event, frozen=True):
    """How a case is sampled from now on; what was sampled of it in the same life before is forgotten.

    A visit has ``batches`` short batches of ``repeats`` back-to-back runs; there are at most ``rounds``
    visits.

    With a ``life``, samples of other lives stay beside those that follow: a baseline that meets its group in
    parts has some of each.
    """

    case: int
    repeats: int
    batches: int
    rounds: int
    life: int | None = None


class CaseSampled(Event, frozen=True):
    """One visit: the undisturbed ``seconds`` of a run, from short batches of ``repeats`` back-to-back runs.

    ``life`` numbers the worker's job within the run and ``round`` the visit within that, both from 0: samples
    of two cases are a pair where both agree. ``middle`` is the median of the short batches in seconds per
    run, ``disturbed`` the share of them that took over 1.2 times as long as the figure, ``cpu`` the
    processor's seconds of a run, None where nobody can tell. ``conditions`` are what sensors said by then.
    """

    case: int
    repeats: int
    seconds: float
    life: int = 0
    round: int = 0
    middle: float | None = None
    disturbed: float = 0.0
    cpu: float | None = None
    conditions: Conditions | None = None


class CaseParted(Event, frozen=True):
    """What each step of a run takes, of a case with more than one (``Measurement.parts``)."""

    case: int
    parts: tuple[Part, ...]


class CaseCompiled(Event, frozen=True):
    """What the engine's compiler made of a case (``Measurement.code``)."""

    case: int
    code: Summary


class CaseFinished(Event, frozen=True):
    """The last word on a case; ``place`` is where its text does not compile, if the compiler said."""

    case: int
    status: Status
    reason: str = ""
    stop: str = ""
    place: Place | None = None


class GroupFinished(Event, frozen=True):
    """Every case of the group has its last word; ``reason`` says why, of those that have none yet."""

    reason: str = ""


class PassStarted(Event, frozen=True):
    """A live run goes over its groups for the ``number``-th time, counting from 1."""

    number: int


class TargetGone(Event, frozen=True):
    """The target went away in the middle of its group; what is open is to be asked for again."""

    reason: str


class CandidateStarted(Event, frozen=True):
    """A step of trying parameters begins: whoever dies next died of these. ``step`` as for cases."""

    parameters: Values
    step: str


class CandidateFinished(Event, frozen=True):
    """The ``number``-th candidate of a tuning, counting from 1, out of ``space`` combinations."""

    number: int
    space: int
    candidate: Candidate


class TuningFinished(Event, frozen=True):
    """The last word of a tuning; ``reason`` says why there is no result."""

    tuning: Tuning | None
    reason: str = ""


class CeilingsStarted(Event, frozen=True):
    """The ceilings of a target are about to be measured; that takes some seconds."""

    target: str


class CeilingsMeasured(Event, frozen=True):
    """The ceilings of a target, measured just now or known from before."""

    target: str
    ceilings: Ceilings


class Log(Event, frozen=True):
    """A line for the log; ``level`` is debug, info, warning or error.

    ``time`` is ISO 8601 in UTC; empty for a line of this very moment.
    """

    level: str
    text: str
    time: str = ""


AnyEvent = (
    TargetsFound
    | CaseOpened
    | CaseStarted
    | CasePrepared
    | CaseVerified
    | CaseCalibrated
    | CaseSampled
    | CaseParted
    | CaseCompiled
    | CaseFinished
    | GroupFinished
    | PassStarted
    | TargetGone
    | CandidateStarted
    | CandidateFinished
    | TuningFinished
    | CeilingsStarted
    | CeilingsMeasured
    | Log
    | Waiting
)
