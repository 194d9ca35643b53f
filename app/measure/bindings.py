"""The contract of a text of the user's own in one line: bindings and workgroups, or exports and arguments."""

import re

from app.catalog.contract import signature
from app.core.directives import bare
from app.core.errors import KernelError
from app.core.program import RESULT, Layout, Step, whose
from app.core.target import Runtime
from app.engines.layouts import binding_kinds
from app.engines.wasm.calls import RUN

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


def places(step: Step) -> list[str]:
    """What lies at each binding of ``step``, by name."""
    scalars = [f"a uniform block of {', '.join(step.scalars)}"] if step.scalars else []
    names = ["the result" if (name := whose(one)) == RESULT else name for one in step.bindings]
    return [*names, *scalars]


def contract(layout: Layout, runtime: Runtime = Runtime.WGSL) -> str:
    """What a text has to reckon with, in one line."""
    if runtime is Runtime.WASM:
        exports = (signature(step, step.entry if layout.steps else RUN) for step in layout.run)
        return f"it exports memory and {'; '.join(exports)}"
    found: dict[str, list[str]] = {}
    for step in layout.run:
        there = ", ".join(f"{number} is {name}" for number, name in enumerate(places(step)))
        found.setdefault(there, []).append(f"{' x '.join(map(str, step.grid))} workgroups of {step.entry}")
    each = (f"it runs {', '.join(runs)}; binding {there}" for there, runs in found.items())
    return "; ".join(each)


_ABOUT_IT = re.compile(r"export|argument|import|entry ?point|binding|bind group|buffer size", re.IGNORECASE)


def quoted(error: str, layout: Layout, runtime: Runtime) -> str:
    """The contract, to stand behind an error that is about what it says; nothing behind others."""
    told = contract(layout, runtime)
    return f"; {told}" if _ABOUT_IT.search(error) and told not in error else ""


def check_bindings(text: str, layout: Layout) -> None:
    """Refuse bindings that cannot hold what lies there; what cannot be told is left to the compiler.

    Raises:
        KernelError: with the number, what is there, and the place.
    """
    code = bare(text)
    there: dict[int, list[tuple[str, str]]] = {}
    for step in layout.run:
        for number, bound in enumerate(zip(binding_kinds(step), places(step), strict=True)):
            there.setdefault(number, []).append(bound)
    for found in _BINDING.finditer(code):
        numbers = {name: int(value) for name, value in _ATTRIBUTE.findall(found["attributes"])}
        if numbers.keys() != {"group", "binding"}:
            continue
        number = numbers["binding"]
        space = [word.strip() for word in (found["space"] or "handle").split(",")]
        if numbers["group"] or number not in there:
            what = f"there is no binding {number} of group {numbers['group']}"
        elif any(_fits(space, kind) for kind, _ in there[number]):
            continue
        else:
            kind, name = there[number][0]
            what = f"binding {number} is {name}, {_WORDS[kind]}, and not var<{', '.join(space)}>"
        before = code[: found.start()]
        column = found.start() - before.rfind("\n")
        raise KernelError(f"{found['name']}: {what}; {contract(layout)}", before.count("\n") + 1, column)


def _fits(space: list[str], kind: str) -> bool:
    if kind == "uniform":
        return space == ["uniform"]
    return space[0] == "storage" and (kind == "storage" or space[1:] in ([], ["read"]))
