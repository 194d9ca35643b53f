"""What goes between client and machines: JSON of frozen types, decoded strictly; dask only carries it."""

from typing import TypeVar

import msgspec
from msgspec import Struct

from app.core.ceilings import Ceilings
from app.core.errors import KernelscopeError
from app.core.events import AnyEvent, TargetsFound
from app.core.plan import Plan
from app.core.session import Host
from app.fleet.agreement import Agreement

METRIC = "kernelscope"
"""What a worker's heartbeat calls our part of it."""

MEASURE = "measure"
"""The dask resource of which every machine has one: so it measures for one at a time."""


def own_resource(machine: str) -> str:
    """The dask resource that only this machine has: work that asks for it follows a restarted worker."""
    return f"machine {machine}"


class Queued(Struct, frozen=True):
    """A run that has work at a machine: its id, whose it is, and how many groups wait or are measured."""

    run: str
    who: str
    groups: int


class State(Struct, frozen=True):
    """What a machine tells of itself with each heartbeat.

    ``targets`` are ids, ``running`` the run that is measured, ``queue`` every run that has work there in the
    order in which it comes; ``held`` says who else measures on the machine, outside the fleet.
    """

    agreement: Agreement
    targets: tuple[str, ...] = ()
    edits: bool = False
    running: str = ""
    queue: tuple[Queued, ...] = ()
    held: str = ""


class Description(Struct, frozen=True):
    """A machine with its targets, by the ids that it has for them, and what is known of their ceilings."""

    machine: str
    host: Host
    found: tuple[TargetsFound, ...]
    ceilings: dict[str, Ceilings] = {}


class About(Struct, frozen=True):
    """A run as its machines know it: id, who asked for it and when (ISO 8601, UTC)."""

    run: str
    who: str
    created: str


class Part(Struct, frozen=True):
    """What a machine does of a run: the plan, by its own ids, with its own tunings."""

    about: About
    plan: Plan
    description: Description


class Kept(Struct, frozen=True):
    """A run that a machine remembers: of ``groups`` so many are ``done``, which no one measures again."""

    about: About
    groups: int
    done: int
    cases: int


class Job(Struct, frozen=True):
    """One group of a part, or all of a live one, by its number there; with ``ceilings`` where unknown."""

    about: About
    number: int
    plan: Plan
    agreement: Agreement
    ceilings: bool = True


class Batch(Struct, frozen=True):
    """Events of a job, in order. ``attempt`` tells one go at it from another, ``last`` ends it."""

    machine: str
    number: int
    attempt: str
    events: tuple[AnyEvent, ...] = ()
    last: bool = False


T = TypeVar("T")
encode = msgspec.json.Encoder().encode


def decode(data: bytes | str, of: type[T]) -> T:
    """One of the types above from its JSON.

    Raises:
        KernelscopeError: it is none.
    """
    try:
        return msgspec.json.decode(data, type=of)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise KernelscopeError(f"a {of.__name__} of the fleet cannot be read: {error}") from error
