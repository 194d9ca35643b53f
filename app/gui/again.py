"""One case once more: what to ask for, or why it cannot run here. No Qt."""

from app.catalog import variants
from app.core.rows import Row
from app.core.variant import fixed
from app.gui.controller import Controller
from app.gui.request import Request
from app.gui.source.choice import edit_in


def again(control: Controller, row: Row, seconds: float) -> Request | str:
    """A request for the case of ``row`` with the very same parameters, added to the session shown."""
    case = row.measurement.case
    target = next((target for target in control.targets if target.id == case.target), None)
    if target is None:
        return f"This machine has no {row.target.label}."
    known = tuple(v for v in variants() if v.workload == case.workload)
    own = control.own.edits(case.workload)
    edit = edit_in(control.session, row.variant)
    if edit and edit not in own:
        return f"The text of {edit.name} is not yours: read it in Source, press Edit there, and run that."
    if not edit and (row.variant.name, row.variant.runtime) not in {(v.name, v.runtime) for v in known}:
        return f"This version has no variant {row.variant.name}."
    return Request(
        targets=(target,),
        variants=(fixed(row.variant, case.parameters),),
        known=(*known, *control.own.variants(case.workload)),
        found=control.targets,
        shapes=(case.shape,),
        baseline=control.baseline,
        seconds=seconds,
        edits=own,
        added=True,
    )
