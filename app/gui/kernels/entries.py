"""What the pop-overs of the question say of targets and variants. No Qt."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache

from app.catalog.index import UNCHECKED, usual, variants
from app.catalog.request import key, reasons, short
from app.core.edit import is_edit
from app.core.target import RUNTIMES, Target
from app.core.variant import Variant
from app.fleet.machines import Seen
from app.gui.parts.entry import Entry


def order(variant: Variant) -> tuple[int, int]:
    """Runtime by runtime: the catalogue's own, then the user's; what the web would not run comes last."""
    return list(RUNTIMES).index(variant.runtime), list(HEADINGS).index(_kind(variant))


def _heading(variant: Variant) -> str:
    return variant.runtime.about.title + HEADINGS[_kind(variant)]


def _kind(variant: Variant) -> str:
    if is_edit(variant):
        return "own"
    return "catalogue" if variant.checked else "unchecked"


HEADINGS = {"catalogue": "", "own": ", yours", "unchecked": ", unchecked: native only"}

ARITHMETIC = "dot4"
"""A technique that says what the products are of: in names it belongs to the type."""


@cache
def _techniques() -> frozenset[str]:
    return frozenset(name for variant in variants() for name in variant.techniques) - {ARITHMETIC}


def crossing(variant: Variant) -> tuple[str, str]:
    """The technique and the type that a variant's name is made of: ``tile + shared`` and ``f16``."""
    if is_edit(variant):
        return "", variant.name
    first, *more = variant.name.removesuffix(f"+{UNCHECKED}").split("+")
    type_, dash, last = first.rpartition("-")
    if dash and last in _techniques():
        first, more = type_, [last, *more]
    return " + ".join(more), first


def target_entry(target: Target, unusual: str = "") -> Entry:
    """The line of a target; one that is ``unusual`` says why, and is not ticked by itself."""
    about = (target.label, f"{target.backend} · {target.driver}", f"id: {target.id}", target.note)
    tip = "\n".join(filter(None, about))
    return Entry(target.id, target.label, target.kind, unusual, tip, default=not unusual)


THIS_MACHINE = "This machine"


def target_entries(
    targets: Iterable[Target], machines: Iterable[Seen], unusual: Mapping[str, str]
) -> list[Entry]:
    """The lines of all targets; with a fleet below their machines, which say what they are doing."""
    own = list(targets)
    fleet = list(machines)
    if not fleet:
        return [target_entry(target, unusual.get(target.id, "")) for target in own]
    found = [_machine_entry("", THIS_MACHINE, "")]
    found += [target_entry(target, unusual.get(target.id, "")) for target in own if not target.machine]
    for one in fleet:
        found.append(_machine_entry(one.name, one.name, one.words))
        for target in own:
            if target.machine == one.name:
                entry = target_entry(target, unusual.get(target.id, ""))
                words = entry.reason if one.there else one.words
                found.append(replace(entry, enabled=one.there, reason=words))
    return found


def _machine_entry(name: str, text: str, state: str) -> Entry:
    return Entry(f"machine {name}", text, state, tip=state, enabled=False, default=False, heading=True)


def variant_entry(variant: Variant, targets: tuple[Target, ...], always: set[str], searching: bool) -> Entry:
    """The cell of a variant; where no ticked target runs its runtime, its group says so."""
    usable, why = reasons(variant, targets)
    own = [t for t in targets if t.runtime is variant.runtime]
    name = key(variant)
    row, column = crossing(variant)
    note = "baseline, always runs" if name in always and usable else variant.summary
    group, default = _heading(variant), usual(variant)
    if not own:
        tip = f"{variant.summary}\nNo ticked target runs {variant.runtime.about.title}"
        heading = group if searching else f"{group}: no such target ticked"
        return Entry(name, variant.name, note, "", tip, heading, False, default, row, column)
    reason = ""
    if why:
        first = short(why[0], variant, targets)
        reason = first if len(why) == 1 else f"{first}, +{len(why) - 1} more"
    tip = "\n".join((variant.summary, *why))
    return Entry(name, variant.name, note, reason, tip, group, usable, default, row, column)
