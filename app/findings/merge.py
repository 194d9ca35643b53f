"""A run added to a session: new rows beside the old ones, none of which it changes."""

from collections.abc import Callable, Collection, Iterable

from msgspec import structs

from app.core.baseline import baseline_names, fixed_baseline
from app.core.measurement import Measurement, Status
from app.core.plan import Case, Plan
from app.core.session import Host, Session
from app.core.target import Target
from app.core.variant import Variant

Key = tuple[object, ...]

Outdated = Callable[[Case], bool]
"""Tells whether a case of a session ran a text that the run to be added has another one for."""


def takes_more(session: Session, host: Host, targets: Iterable[Target]) -> bool:
    """Whether a run here and now can be added to ``session``.

    It must have run on this very machine, drivers and versions included, or nothing compares; and not be a
    sweep, whose cases only their parameters tell apart.
    """
    here = {target.id: target for target in targets}
    same = session.host == host and all(t.id in here and same_target(here[t.id], t) for t in session.targets)
    return same and len(set(map(_key, session.plan.cases))) == len(session.plan.cases)


LEARNT = ("timer", "subgroup size", "cache")
"""Properties that are known once a target was opened, or its ceilings measured."""


def same_target(one: Target, other: Target) -> bool:
    """Whether they are one, whatever was learnt of it meanwhile."""
    return _who(one) == _who(other)


def _who(target: Target) -> Target:
    """``target`` without what is learnt of it by and by."""
    properties = {name: value for name, value in target.properties.items() if name not in LEARNT}
    return structs.replace(target, features=(), properties=properties)


def joined(before: Session, plan: Plan, asked: Collection[str] = ()) -> Plan:
    """The plan of ``before`` with the cases of ``plan`` in it, new ones behind those of their group.

    So a group stays together, and running the whole once more samples it in turn. An edit of the same name
    with another text takes the place of the old one, whose cases are left out. ``asked`` names the variants
    that the user asked for: where ``before`` has a result of one, its case is there ``again``. The others are
    there to be compared with, and are rows only where ``before`` has no result of them.
    """
    places = _places(before, plan, asked)
    new = {_key(case): case for case in places.values() if case}
    outdated = _outdated(before, plan)
    kept = [case for case in before.plan.cases if _key(case) in new or not outdated(case)]
    cases = [new.pop(_key(case), case) for case in kept]
    for case in new.values():
        behind = [i for i, other in enumerate(cases) if other.group == case.group]
        cases.insert(behind[-1] + 1 if behind else len(cases), case)
    edits = {edit.key: edit for edit in (*before.plan.edits, *plan.edits)}
    problems = {one.name: one for one in (*before.plan.problems, *plan.problems)}
    return structs.replace(
        before.plan, cases=tuple(cases), edits=tuple(edits.values()), problems=tuple(problems.values())
    )


def merge(before: Session, after: Session, plan: Plan, asked: Collection[str] = ()) -> Session:
    """``before`` with what ``after`` measured so far; ``plan`` is their joined one, ``asked`` as there.

    Measurements of different runs are told apart by ``Measurement.run``. What was known of a target and its
    variants stays as it was: rows are derived from it.
    """
    run = 1 + max((m.run for m in (*before.measurements, *before.bases)), default=0)
    outdated = _outdated(before, after.plan)
    places = _places(before, after.plan, asked)
    known = {_key(m.case): m for m in before.measurements if not outdated(m.case)}
    bases = [*before.bases, *_bases_left(before, outdated)]
    for measured in after.measurements:
        place = places[_key(measured.case)]
        m = structs.replace(measured, run=run, case=place or measured.case)
        # What is under way, or was stopped before it came to anything, says nothing.
        if place is None and m.status is not Status.CANCELLED:
            bases.append(m)
        elif place and (m.status is not Status.CANCELLED or _key(place) not in known):
            known[_key(place)] = m
    measurements = [known.get(_key(case)) or Measurement(case, Status.CANCELLED) for case in plan.cases]
    while measurements and _key(measurements[-1].case) not in known:
        measurements.pop()
    runs = {m.run for m in measurements}
    used = {m.case.target for m in before.measurements}
    return structs.replace(
        before,
        plan=plan,
        targets=tuple({t.id: t for t in (*before.targets, *after.targets)}.values()),
        variants=_variants(before, after, outdated),
        kernels=before.kernels | after.kernels,
        measurements=tuple(measurements),
        bases=tuple(base for base in bases if base.run in runs),
        ceilings=before.ceilings | {id: c for id, c in after.ceilings.items() if id not in used},
        log=(*before.log, *after.log),
    )


def _places(before: Session, plan: Plan, asked: Collection[str]) -> dict[Key, Case | None]:
    """The case under which each of ``plan`` is a row of the joined session; None for one that is none."""
    outdated = _outdated(before, plan)
    done = {
        _key(m.case) for m in before.measurements if m.status is not Status.CANCELLED and not outdated(m.case)
    }
    places: dict[Key, Case | None] = {}
    for case in plan.cases:
        if _key(case) not in done:
            places[_key(case)] = case
        elif case.variant not in asked:
            places[_key(case)] = None
        else:
            times = [
                c.again for c in before.plan.cases if (*c.group, c.variant) == (*case.group, case.variant)
            ]
            places[_key(case)] = structs.replace(case, again=1 + max(times))
    return places


def _outdated(before: Session, plan: Plan) -> Outdated:
    texts = {edit.key: edit.text for edit in plan.edits}
    old = {edit.key for edit in before.plan.edits if texts.get(edit.key, edit.text) != edit.text}
    runtimes = {target.id: target.runtime for target in before.targets}
    return lambda case: (case.workload, case.variant, runtimes[case.target]) in old


def _bases_left(before: Session, outdated: Outdated) -> list[Measurement]:
    """What ran an old text and was the baseline of rows that stay."""
    fixed = fixed_baseline(before.targets, before.plan.baseline)
    names = {name for _, _, name in baseline_names(before.variants, before.plan.baseline)}
    names = {fixed[1]} if fixed else names
    return [m for m in before.measurements if m.case.variant in names and outdated(m.case)]


def _variants(before: Session, after: Session, outdated: Outdated) -> tuple[Variant, ...]:
    """All variants, each as it was where a row stays that has it."""
    runtimes = {target.id: target.runtime for target in before.targets}
    stay = {
        (case.workload, case.variant, runtimes[case.target])
        for case in before.plan.cases
        if not outdated(case)
    }
    known = {(v.workload, v.name, v.runtime): v for v in before.variants}
    known |= {key: v for v in after.variants if (key := (v.workload, v.name, v.runtime)) not in stay}
    return tuple(known.values())


def _key(case: Case) -> Key:
    return (*case.group, case.variant, case.again)
