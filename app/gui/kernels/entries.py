"""What the lists of the kernels panel say of targets and variants. No Qt."""

from app.catalog.index import usual
from app.catalog.request import key, reasons, short
from app.core.edit import is_edit
from app.core.target import RUNTIMES, Target
from app.core.variant import Variant
from app.gui.parts.entry import Entry


def order(variant: Variant) -> tuple[int, int]:
    """What a first look needs comes first, then the user's own; what the web would not run comes last."""
    return list(RUNTIMES).index(variant.runtime), list(HEADINGS).index(_kind(variant))


def _heading(variant: Variant) -> str:
    return variant.runtime.about.title + HEADINGS[_kind(variant)]


def _kind(variant: Variant) -> str:
    if usual(variant):
        return "usual"
    if is_edit(variant):
        return "own"
    return "more" if variant.checked else "unchecked"


HEADINGS = {"usual": "", "own": ", yours", "more": ", more", "unchecked": ", unchecked: native only"}


def target_entry(target: Target, unusual: str = "") -> Entry:
    """The line of a target; one that is ``unusual`` says why, and is not ticked by itself."""
    about = (target.label, f"{target.backend} · {target.driver}", f"id: {target.id}", target.note)
    tip = "\n".join(filter(None, about))
    return Entry(target.id, target.label, target.kind, unusual, tip, default=not unusual)


def variant_entry(variant: Variant, targets: tuple[Target, ...], always: set[str], searching: bool) -> Entry:
    usable, why = reasons(variant, targets)
    own = [t for t in targets if t.runtime is variant.runtime]
    name = key(variant)
    note = "base line, always runs" if name in always and usable else variant.summary
    group, default = _heading(variant), usual(variant)
    if not own:
        tip = f"{variant.summary}\nNo ticked target runs {variant.runtime.about.title}"
        heading = group if searching else f"{group}: no such target ticked"
        return Entry(name, variant.name, note, "", tip, heading, False, default)
    reason = ""
    if why:
        first = short(why[0], variant, targets)
        reason = first if len(why) == 1 else f"{first}, +{len(why) - 1} more"
    tip = "\n".join((variant.summary, *why))
    return Entry(name, variant.name, note, reason, tip, group, usable, default)
