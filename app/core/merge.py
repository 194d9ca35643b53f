"""A run added to a session: what it measured takes the place of what was known of the same cases."""

from collections.abc import Callable, Iterable

from msgspec import structs

from app.core.measurement import Measurement, Status
from app.core.plan import Case, Plan
from app.core.session import Host, Session
from app.core.target import Target

Key = tuple[object, ...]


def takes_more(session: Session, host: Host, targets: Iterable[Target]) -> bool:
    """Whether a run here and now can be added to ``session``.

    It must have run on this very machine, drivers and versions included, or nothing compares; and not be a
    sweep, whose cases only their parameters tell apart.
    """
    here = {target.id: target for target in targets}
    same = session.host == host and all(here.get(target.id) == target for target in session.targets)
    return same and len(set(map(_key, session.plan.cases))) == len(session.plan.cases)


def joined(before: Session, plan: Plan) -> Plan:
    """The plan of ``before`` with the cases of ``plan`` in it, new ones behind those of their group.

    So a group stays together, and running the whole once more samples it in turn. An edit of the same name
    with another text takes the place of the old one, whose cases are left out.
    """
    new = {_key(case): case for case in plan.cases}
    outdated = _outdated(before, plan)
    kept = [case for case in before.plan.cases if _key(case) in new or not outdated(case)]
    cases = [new.pop(_key(case), case) for case in kept]
    for case in new.values():
        places = [i for i, other in enumerate(cases) if other.group == case.group]
        cases.insert(places[-1] + 1 if places else len(cases), case)
    edits = {edit.key: edit for edit in (*before.plan.edits, *plan.edits)}
    return structs.replace(before.plan, cases=tuple(cases), edits=tuple(edits.values()))


def merge(before: Session, after: Session, plan: Plan) -> Session:
    """``before`` with what ``after`` measured so far; ``plan`` is their joined one.

    Measurements of different runs are told apart by ``Measurement.run``.
    """
    run = 1 + max((m.run for m in before.measurements), default=0)
    outdated = _outdated(before, plan)
    known = {_key(m.case): m for m in before.measurements if not outdated(m.case)}
    for m in after.measurements:
        # What is under way, or was stopped before it came to anything, takes no result away.
        if m.status is not Status.CANCELLED or _key(m.case) not in known:
            known[_key(m.case)] = structs.replace(m, run=run)
    measurements = [known.get(_key(case)) or Measurement(case, Status.CANCELLED) for case in plan.cases]
    while measurements and _key(measurements[-1].case) not in known:
        measurements.pop()
    targets = {t.id: t for t in (*before.targets, *after.targets)}
    variants = {(v.workload, v.name, v.runtime): v for v in (*before.variants, *after.variants)}
    return structs.replace(
        before,
        plan=plan,
        targets=tuple(targets.values()),
        variants=tuple(variants.values()),
        kernels=before.kernels | after.kernels,
        measurements=tuple(measurements),
        ceilings=before.ceilings | after.ceilings,
        log=(*before.log, *after.log),
    )


def _outdated(before: Session, plan: Plan) -> Callable[[Case], bool]:
    """Tells whether a case of ``before`` ran a text that ``plan`` has another one for."""
    texts = {edit.key: edit.text for edit in plan.edits}
    old = {edit.key for edit in before.plan.edits if texts.get(edit.key, edit.text) != edit.text}
    runtimes = {target.id: target.runtime for target in before.targets}
    return lambda case: (case.workload, case.variant, runtimes[case.target]) in old


def _key(case: Case) -> Key:
    return (*case.group, case.variant)
