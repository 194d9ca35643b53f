"""Runs that are added to the session on screen: a case once more, or a text beside its original. No Qt."""

from typing import TYPE_CHECKING

from app.catalog.request import Request
from app.catalog.variants import variants
from app.core.plan import Settings
from app.core.shape import Shape
from app.core.target import Target
from app.core.variant import Variant, fixed
from app.findings.rows import Row
from app.gui.source.choice import edit_in

if TYPE_CHECKING:
    from app.gui.state.controller import Controller

LONGEST_SECONDS = 2.0
"""Seconds of a case at most, however long those of the session had: somebody waits for it."""


def added(
    control: "Controller", target: Target, asked: Variant, beside: tuple[Variant, ...], shape: Shape
) -> Request:
    """A request for a variant ``beside`` others, with their own parameters, measured as the session was."""
    workload = asked.workload
    settings = control.session.plan.settings if control.session else Settings()
    known = tuple(variant for variant in variants() if variant.workload == workload)
    return Request(
        targets=(target,),
        variants=(*beside, asked),
        known=(*known, *control.own.variants(workload)),
        found=control.targets,
        shapes=(shape,),
        baseline=control.baseline,
        seconds=min(settings.seconds, LONGEST_SECONDS),
        edits=control.own.edits(workload),
        cold=settings.cold,
        operands=settings.operands,
        instances=settings.instances,
        added=(asked.name,),
    )


def again(control: "Controller", row: Row) -> Request | str:
    """A request for the case of ``row`` with the very same parameters, or why it cannot run here."""
    case = row.measurement.case
    target = next((target for target in control.targets if target.id == case.target), None)
    if target is None:
        return f"This machine has no {row.target.label}."
    edit = edit_in(control.session, row.variant)
    if edit and edit not in control.own.edits(case.workload):
        return f"The text of {edit.name} is not yours: read it in Source, press Edit there, and run that."
    names = {(v.workload, v.name, v.runtime) for v in variants()}
    if not edit and (case.workload, row.variant.name, row.variant.runtime) not in names:
        return f"This version has no variant {row.variant.name}."
    return added(control, target, fixed(row.variant, case.parameters), (), case.shape)
