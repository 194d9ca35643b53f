"""The contract of a WGSL text of the user's own: what lies at each binding, and how many workgroups run."""

import re

from app.core.directives import bare
from app.core.errors import KernelError
from app.core.program import Layout
from app.engines.layouts import binding_kinds

_BINDING = re.compile(
    r"(?=(?:@\s*\w+\s*\([^)]*\)\s*){2,}var)"
    r"(?P<attributes>(?:@\s*\w+\s*\([^)]*\)\s*)+)var\s*(?:<(?P<space>[^>]*)>)?\s*(?P<name>\w+)"
)
_ATTRIBUTE = re.compile(r"@\s*(\w+)\s*\(\s*(\d+)[iu]?\s*,?\s*\)")
_WORDS = {
    "read-only-storage": "an operand: var<storage, read>",
    "storage": "written: var<storage, read_write>",
    "uniform": "a uniform block: var<uniform>",
}


def places(layout: Layout) -> list[str]:
    """What lies at each binding, by name."""
    scalars = [f"a uniform block of {', '.join(layout.scalars)}"] if layout.scalars else []
    return [*layout.buffers, *layout.scratch, "the result", *scalars]


def contract(layout: Layout) -> str:
    """What a text has to reckon with, in one line."""
    runs = ", ".join(
        f"{' x '.join(map(str, grid))} workgroups of {name}" for name, grid in layout.passes.items()
    )
    there = ", ".join(f"{number} is {name}" for number, name in enumerate(places(layout)))
    return f"it runs {runs}; binding {there}"


def check_bindings(text: str, layout: Layout) -> None:
    """Refuse bindings that cannot hold what lies there; what cannot be told is left to the compiler.

    Raises:
        KernelError: with the number, what is there, and the place.
    """
    kinds, names, code = binding_kinds(layout), places(layout), bare(text)
    for found in _BINDING.finditer(code):
        numbers = {name: int(value) for name, value in _ATTRIBUTE.findall(found["attributes"])}
        if numbers.keys() != {"group", "binding"}:
            continue
        number = numbers["binding"]
        space = [word.strip() for word in (found["space"] or "handle").split(",")]
        if numbers["group"] or number >= len(kinds):
            what = f"there is no binding {number} of group {numbers['group']}"
        elif _fits(space, kinds[number]):
            continue
        else:
            there = f"binding {number} is {names[number]}, {_WORDS[kinds[number]]}"
            what = f"{there}, and not var<{', '.join(space)}>"
        before = code[: found.start()]
        column = found.start() - before.rfind("\n")
        raise KernelError(f"{found['name']}: {what}; {contract(layout)}", before.count("\n") + 1, column)


def _fits(space: list[str], kind: str) -> bool:
    if kind == "uniform":
        return space == ["uniform"]
    return space[0] == "storage" and (kind == "storage" or space[1:] in ([], ["read"]))
