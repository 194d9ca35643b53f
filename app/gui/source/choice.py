"""What the source panel is about, and which text that is. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.catalog.index import variants
from app.catalog.programs import source
from app.core.edit import Edit, is_edit
from app.core.errors import KernelscopeError
from app.core.measurement import Measurement
from app.core.session import Session
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.core.variant import Variant
from app.figures import units
from app.findings.rows import Row


@dataclass(frozen=True)
class Kernel:
    """A variant; with an ``edit`` its text is not the catalogue's: the user's (``mine``) or a session's."""

    variant: Variant
    edit: Edit | None = None
    mine: bool = False

    @property
    def language(self) -> str:
        """The language of the text."""
        return self.variant.runtime.about.language


@dataclass(frozen=True)
class TextChoice:
    """A case, as far as it is chosen; ``target`` and ``shape`` are None where there is none to choose."""

    kernel: Kernel
    target: Target | None
    shape: Shape | None
    parameters: dict[str, int | str]


@dataclass(frozen=True)
class Shown:
    """A text, and the measurement of the case that ran it; ``problem`` says why there is none."""

    text: str
    measurement: Measurement | None = None
    problem: str = ""


def offered(workload: str, own: Sequence[Kernel], session: Session | None) -> list[Kernel]:
    """What can be chosen, by runtime: the user's own, the catalogue's, and what only the session has."""
    found = [*own, *(Kernel(v) for v in variants() if v.workload == workload)]
    names = {(k.variant.name, k.variant.runtime) for k in found if not k.edit}
    texts = {(k.edit.key, k.edit.text) for k in own if k.edit}
    for variant in session.variants if session else ():
        if variant.workload != workload or (variant.name, variant.runtime) in names:
            continue
        edit = edit_in(session, variant)
        if edit is None and is_edit(variant):
            continue  # a text that the session knows the name of, but did not run
        if edit is None or (edit.key, edit.text) not in texts:
            found.append(Kernel(variant, edit))
    order = list(Runtime)
    return sorted(found, key=lambda kernel: order.index(kernel.variant.runtime))


def edit_in(session: Session | None, variant: Variant) -> Edit | None:
    """The text that a session brings for ``variant``."""
    key = (variant.workload, variant.name, variant.runtime)
    return next((edit for edit in session.plan.edits if edit.key == key), None) if session else None


def choice_of(row: Row, session: Session | None, own: Sequence[Kernel]) -> TextChoice:
    """The case of a row, with the text that ran: the user's if it is that still."""
    edit = edit_in(session, row.variant)
    mine = next((kernel for kernel in own if edit and kernel.edit and kernel.edit == edit), None)
    case = row.measurement.case
    return TextChoice(mine or Kernel(row.variant, edit), row.target, case.shape, case.parameters)


def shown(choice: TextChoice, session: Session | None) -> Shown:
    """The text that ran where this case ran, else the one that would."""
    kernel = choice.kernel
    measurement = _measured(choice, session)
    if kernel.edit:
        # What was measured was another text if this one has changed since.
        ran = session is not None and edit_in(session, kernel.variant)
        return Shown(kernel.edit.text, measurement if ran and ran.text == kernel.edit.text else None)
    if session and measurement and measurement.kernel in session.kernels:
        return Shown(session.kernels[measurement.kernel].text, measurement)
    try:
        return Shown(source(kernel.variant, choice.parameters), measurement)
    except KernelscopeError as error:
        return Shown("", measurement, str(error))


def _measured(choice: TextChoice, session: Session | None) -> Measurement | None:
    variant, target = choice.kernel.variant, choice.target
    if target is None or session is None:
        return None
    wanted = (target.id, variant.workload, variant.name, choice.shape, choice.parameters)
    for m in session.measurements:
        case = m.case
        if (case.target, case.workload, case.variant, case.shape, case.parameters) == wanted:
            return m
    return None


def words(choice: TextChoice, found: Shown, text: str) -> str:
    """What to say of the ``text`` on screen: where it comes from, and what a machine made of it."""
    if found.problem:
        return found.problem
    if text != found.text:
        found = Shown(text)
    parts = [_origin(choice, found), f"{len(text.splitlines())} lines"]
    costs = found.measurement.costs if found.measurement else None
    if costs:
        if costs.module_bytes:
            parts.append(f"module {units.bytes_(costs.module_bytes)}")
        if costs.code_bytes:
            parts.append(f"machine code {units.bytes_(costs.code_bytes)}")
        parts.append(f"compiled in {units.seconds(costs.compile_s)}")
        if costs.warm_up_s:
            parts.append(f"warmed up for {units.seconds(costs.warm_up_s)}")
    return "  ·  ".join(parts)


def _origin(choice: TextChoice, found: Shown) -> str:
    edit = choice.kernel.edit
    if edit and not choice.kernel.mine:
        return f"Came with the session, made from {edit.like}: read it before you run it"
    ran = found.measurement is not None and bool(found.measurement.kernel)
    where = "not measured yet"
    if found.measurement and choice.target:
        where = f"{'ran' if ran else 'did not run'} on {choice.target.label}"
    if edit:
        return f"Yours, made from {edit.like}; {where}"
    return f"The text that {where}" if ran else f"As it would run; {where}"
