"""One plan of what the machines of a fleet made of one request, and its parts again."""

from collections.abc import Iterable, Sequence
from itertools import count

from msgspec import Struct, structs

from app.catalog.request import Request
from app.core.ceilings import Ceilings
from app.core.plan import Plan
from app.core.session import Host
from app.core.target import Target, id_on
from app.fleet.protocol import About, Description, Part


class FleetPlan(Struct, frozen=True):
    """A plan whose targets are on ``machines``, the hosts by name, with what is known of their ceilings."""

    about: About
    plan: Plan
    targets: tuple[Target, ...] = ()
    machines: dict[str, Host] = {}
    ceilings: dict[str, Ceilings] = {}


class Chunk(Struct, frozen=True):
    """What is asked of a machine at a time: cases of the fleet's plan, and as the machine has them."""

    machine: str
    number: int
    indices: tuple[int, ...]
    plan: Plan


def targets_of(description: Description) -> tuple[Target, ...]:
    """The targets of a machine as its fleet knows them."""
    return tuple(target.on(description.machine) for found in description.found for target in found.targets)


def split(request: Request, found: Iterable[Target]) -> tuple[Request | None, dict[str, Request]]:
    """What of a request, whose targets are among ``found``, is for this machine, and what for each other."""
    found = tuple(found)
    if not any(target.machine for target in found):
        return request, {}
    by_machine: dict[str, list[str]] = {}
    for target in found:
        if request.targets is None or target.id in request.targets:
            by_machine.setdefault(target.machine, []).append(target.own_id)
    own = {name: structs.replace(request, targets=tuple(ids)) for name, ids in by_machine.items()}
    return own.pop("", None), own


def merged(parts: Sequence[Part]) -> FleetPlan:
    """One plan of all parts, at least one, machine by machine."""
    cases = [
        structs.replace(case, target=id_on(case.target, part.description.machine))
        for part in parts
        for case in part.plan.cases
    ]
    used = {case.target for case in cases}
    return FleetPlan(
        parts[0].about,
        structs.replace(parts[0].plan, cases=tuple(cases)),
        tuple(t for part in parts for t in targets_of(part.description) if t.id in used),
        {part.description.machine: part.description.host for part in parts},
        {
            id_on(id, part.description.machine): known
            for part in parts
            for id, known in part.description.ceilings.items()
            if id_on(id, part.description.machine) in used
        },
    )


def chunks(plan: Plan, targets: Sequence[Target]) -> list[Chunk]:
    """The groups of each machine in ``plan``, numbered there from 0; a live run is one of each machine.

    Cases on targets of no machine are left out.
    """
    on = {target.id: target for target in targets}
    found: list[list[int]] = []
    if plan.settings.rounds:
        by_machine: dict[str, list[int]] = {}
        for i, case in enumerate(plan.cases):
            by_machine.setdefault(on[case.target].machine, []).append(i)
        found = list(by_machine.values())
    else:
        found = plan.groups()
    numbers = {target.machine: count() for target in targets}
    return [
        Chunk(
            machine,
            next(numbers[machine]),
            tuple(indices),
            structs.replace(
                plan,
                cases=tuple(
                    structs.replace(plan.cases[i], target=on[plan.cases[i].target].own_id) for i in indices
                ),
            ),
        )
        for indices in found
        if (machine := on[plan.cases[indices[0]].target].machine)
    ]
