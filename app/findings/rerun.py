"""The plan of a session, as far as it can run on other targets or with another catalogue of variants."""

from collections import Counter
from collections.abc import Collection, Iterable

from msgspec import structs

from app.core.edit import check_parameters
from app.core.errors import KernelscopeError
from app.core.plan import Case, Plan
from app.core.session import Session
from app.core.target import Target
from app.core.variant import Variant


def plan_here(
    session: Session, targets: Iterable[Target], variants: Collection[Variant], run_edited: bool = False
) -> tuple[Plan, Counter[str]]:
    """What of the session's plan can run, with the same parameters, and why how many cases cannot.

    Targets are known again by their ids; each case is there once. Texts that came with the session only run
    when ``run_edited``.
    """
    here = {target.id: target for target in targets}
    known = {(v.workload, v.name, v.runtime): v for v in variants}
    edits = tuple(edit for edit in session.plan.edits if (edit.workload, edit.like, edit.runtime) in known)
    own = {edit.key for edit in edits}
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
        elif key in own:
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
    return structs.replace(session.plan, cases=tuple(cases), edits=edits), left_out


def _unfit(case: Case, variant: Variant) -> str:
    """Why a text cannot be made with the parameters of ``case``, which are anybody's; empty where it can."""
    try:
        check_parameters(variant, {p.name: p.gpu for p in variant.parameters} | case.parameters)
    except KernelscopeError as error:
        return str(error)
    return ""
