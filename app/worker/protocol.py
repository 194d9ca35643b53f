"""Lines on the pipes: commands to a worker, events from it, one JSON object each."""

import msgspec
from msgspec import Struct

from app.core.edit import Edit
from app.core.events import AnyEvent
from app.core.plan import Case, Settings
from app.core.problem import Problem
from app.core.target import Target
from app.core.tuning import Candidate, TuneSettings

LONGEST_LINE = 16 << 20
"""Bytes; a longer line is no event of ours."""


class Command(Struct, frozen=True, tag=True):
    """Base of all commands."""


class FindTargets(Command, frozen=True):
    """Answer with one TargetsFound."""


class Measure(Command, frozen=True):
    """Measure one group; see ``app.measure.group.measure_group``.

    ``problems`` are those of the user's own, ``folders`` where he opened those that he opened himself.
    """

    target: Target
    cases: tuple[tuple[int, Case], ...]
    baseline: int | None
    settings: Settings
    edits: tuple[Edit, ...] = ()
    life: int = 0
    cache: int = 0
    problems: tuple[Problem, ...] = ()
    folders: dict[str, str] = {}


class Tune(Command, frozen=True):
    """Tune one case, whose parameters are the defaults; see ``app.measure.tune.tune``."""

    target: Target
    case: Case
    settings: TuneSettings
    tried: tuple[Candidate, ...] = ()
    problems: tuple[Problem, ...] = ()
    folders: dict[str, str] = {}


class Stop(Command, frozen=True):
    """Give up the Measure or Tune sent last, as soon as the batch under way is over."""


AnyCommand = FindTargets | Measure | Tune | Stop

_encoder = msgspec.json.Encoder()
_commands: msgspec.json.Decoder[AnyCommand] = msgspec.json.Decoder(AnyCommand)
_events: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)


def encode(message: AnyCommand | AnyEvent) -> bytes:
    """``message`` as one line, newline included."""
    return _encoder.encode(message) + b"\n"


def decode_command(line: bytes) -> AnyCommand:
    """The command on ``line``. Raises msgspec.DecodeError."""
    return _commands.decode(line)


def decode_event(line: bytes) -> AnyEvent:
    """The event on ``line``. Raises msgspec.DecodeError (or its ValidationError)."""
    return _events.decode(line)
