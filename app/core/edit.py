"""Edits: kernel texts of the user's own, run as variants beside the one that they were made from."""

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct, structs

from app.core.errors import KernelscopeError, UsageError
from app.core.target import Runtime
from app.core.variant import Variant, fixed

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,39}", flags=re.ASCII)
LONGEST_TEXT = 1 << 20
"""Characters; the longest kernel of the catalogue has 22,000."""


class Edit(Struct, frozen=True, kw_only=True):
    """A text that runs in the place of variant ``like`` and is called ``name`` in plan, table and chart.

    It gets the operands, layout, requirements and tolerance that ``like`` has with ``parameters``; the text
    was written for these, so they are not tuned. Texts that come with a session are anybody's: they are shown
    to the user before they run.
    """

    workload: str
    runtime: Runtime
    name: str
    like: str
    text: str
    parameters: dict[str, int | str] = {}

    @property
    def key(self) -> tuple[str, str, Runtime]:
        """What variants are found by: workload, name and runtime."""
        return (self.workload, self.name, self.runtime)


def edited(edit: Edit, like: Variant) -> Variant:
    """``like`` with the edit's name and fixed parameters; always with the checks that the web has.

    Raises:
        KernelscopeError: its name, its text or its parameters are none that ``like`` could have.
    """
    check_name(edit.name, ())
    if not edit.text.strip():
        raise KernelscopeError(f"{edit.name}: the kernel's text is empty")
    if len(edit.text) > LONGEST_TEXT:
        raise KernelscopeError(f"{edit.name}: a kernel's text has at most {LONGEST_TEXT} characters")
    check_parameters(like, edit.parameters)
    own = fixed(like, edit.parameters)
    summary = f"{like.name}, edited"
    return structs.replace(own, name=edit.name, summary=summary, template="", quick=False, checked=True)


def is_edit(variant: Variant) -> bool:
    """Whether the text of ``variant`` is not the catalogue's."""
    return not variant.template and not variant.runtime.about.peer


def beside(edit: Edit, like: Variant) -> tuple[Variant, Variant]:
    """What runs so that an edit can be judged: its original with the same parameters, and itself.

    Raises:
        KernelscopeError: as ``edited``.
    """
    mine = edited(edit, like)
    return fixed(like, edit.parameters), mine


def check_name(name: str, taken: Iterable[str]) -> None:
    """Refuse a name that lists and options could not carry, or that another variant has.

    Raises:
        KernelscopeError: saying what a name may be.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} is no name for a variant: use up to 40 letters, digits and . _ + -, such as f32+mine"
        )
    if name.lower() in {other.lower() for other in taken}:  # as file systems may see it
        raise KernelscopeError(f"there is a variant {name} already: give yours another name")


def check_parameters(variant: Variant, values: Mapping[str, int | str]) -> None:
    """Refuse what a template of ``variant`` cannot be rendered with.

    Raises:
        KernelscopeError: a parameter is missing or unknown, or has a value that it cannot have.
    """
    known = {parameter.name: parameter for parameter in variant.parameters}
    for name in (*values, *known):
        if name not in known or name not in values:
            problem = "no parameter" if name not in known else "no value for parameter"
            there = ", ".join(known) or "none"
            raise KernelscopeError(f"{variant.name} has {problem} {name!r}; there are: {there}")
    for name, value in values.items():
        parameter = known[name]
        if isinstance(parameter.gpu, str):
            words = dict.fromkeys(str(word) for word in (*parameter.choices, parameter.gpu, parameter.cpu))
            if value not in words:
                raise UsageError(f"{name}={value}: the value must be one of {', '.join(words)}")
        elif isinstance(value, str) or not 1 <= value <= LARGEST_VALUE:
            raise UsageError(f"{name}={value}: the value must be a whole number from 1 to {LARGEST_VALUE}")


LARGEST_VALUE = 4096
"""The largest value of a tunable figure: no tile, workgroup or grid is larger."""
