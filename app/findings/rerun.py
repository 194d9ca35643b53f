"""The plan of a session, as far as it can run on other targets or with another catalogue of variants."""

from collections import Counter
from collections.abc import Collection, Iterable

from msgspec import structs

from app.core.baseline import baseline_names, fixed_baseline
from app.core.edit import check_parameters
from app.core.errors import KernelscopeError
from app.core.measurement import Status
from app.core.plan import Case, Plan
from app.core.session import Session
from app.core.target import Target
from app.core.variant import Variant


def plan_here(
    session: Session,
    targets: Iterable[Target],
    variants: Collection[Variant],
    run_edited: bool = False,
    opened: Collection[str] = (),
) -> tuple[Plan, Counter[str]]:
    """What of the session's plan can run, with the same parameters, and why how many cases cannot.

    Targets are known again by their ids; each case is there once. Texts that came with the session, and
    kernels of its problems that are not among those ``opened`` by the user, only run when ``run_edited``.
    """
    here = {target.id: target for target in targets}
    known = {(v.workload, v.name, v.runtime): v for v in variants}
    edits = tuple(edit for edit in session.plan.edits if (edit.workload, edit.like, edit.runtime) in known)
    own = {edit.key for edit in edits}
    foreign = {problem.name for problem in session.plan.problems} - set(opened)
    cases = []
    left_out: Counter[str] = Counter()
    for case in session.plan.cases:
        if case.again:
            continue  # one time is enough
        target = here.get(case.target)
        if target is None:
            left_out[f"there is no target {case.target} on this machine"] += 1
        elif (key := (case.workload, case.variant, target.runtime)) in own and run_edited:
            cases.append(case)
        elif key in own or (case.workload in foreign and not run_edited):
            left_out[
                "its text came with the session: it runs only once somebody has read it and says so"
            ] += 1
        elif key not in known:
            left_out[f"this version has no {case.workload} variant {case.variant}"] += 1
        elif wrong := _unfit(case, known[key]):
            left_out[wrong] += 1
        else:
            cases.append(case)
    edits = edits if run_edited else ()
    used = {case.workload for case in cases}
    problems = tuple(problem for problem in session.plan.problems if problem.name in used)
    return structs.replace(session.plan, cases=tuple(cases), edits=edits, problems=problems), left_out


def missing(session: Session) -> tuple[Case, ...]:
    """The cases of the session's plan that were stopped before they came to anything, or never begun."""
    done = {_key(m.case) for m in session.measurements if m.status is not Status.CANCELLED}
    return tuple(case for case in session.plan.cases if _key(case) not in done)


def _key(case: Case) -> tuple[object, ...]:
    return (*case.group, case.variant, case.again, *sorted(case.parameters.items()))


def rest_of(session: Session) -> Plan:
    """The plan of what is missing, with the baselines that it is compared with, which run once more."""
    rest = missing(session)
    left = set(map(_key, rest))
    fixed = fixed_baseline(session.targets, session.plan.baseline)
    names = {name for *_, name in baseline_names(session.variants, session.plan.baseline)}
    groups = {case.group for case in rest}
    sizes = {(case.workload, case.shape) for case in rest}

    def needed(case: Case) -> bool:
        if case.again:
            return False
        if fixed:
            return case.variant == fixed[1] and (case.workload, case.shape) in sizes
        return case.variant in names and case.group in groups

    cases = tuple(case for case in session.plan.cases if _key(case) in left or needed(case))
    return structs.replace(session.plan, cases=cases)


def _unfit(case: Case, variant: Variant) -> str:
    """Why a text cannot be made with the parameters of ``case``, which are anybody's; empty where it can."""
    try:
        check_parameters(variant, {p.name: p.gpu for p in variant.parameters} | case.parameters)
    except KernelscopeError as error:
        return str(error)
    return ""
