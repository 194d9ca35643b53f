"""Runs that are added to the session on screen: a case once more, or a text beside its original. No Qt."""

from typing import TYPE_CHECKING

from app.catalog.index import variants
from app.catalog.request import Request
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

STEP_SECONDS = 20.0
"""How long one step of it may take before its worker counts as hung."""


def added(
    control: "Controller", target: Target, asked: Variant, beside: tuple[Variant, ...], shape: Shape
) -> Request:
    """A request for a variant ``beside`` others, with their own parameters, measured as the session was."""
    settings = control.session.plan.settings if control.session else Settings()
    return Request(
        targets=(target.id,),
        variants=(*beside, asked),
        shapes=(shape,),
        baseline=control.baseline,
        settings=Settings(
            seconds=min(settings.seconds, LONGEST_SECONDS),
            step_seconds=STEP_SECONDS,
            cold=settings.cold,
            operands=settings.operands,
            instances=settings.instances,
        ),
        edits=control.own.edits(asked.workload),
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
