"""What a kernel's text tells of its problem: bindings, uniform fields, entry points, exports. A draft of one.

A draft is a beginning: what no text tells (how long a buffer is, what is right) stands there to be filled in.
"""

import re
from collections.abc import Iterator

from msgspec import Struct, structs

from app.core.directives import bare
from app.core.errors import KernelscopeError
from app.core.problem import Buffer, DType, Formula, Kernel, Parameter, Problem, Reference, Step
from app.core.target import Runtime
from app.problems.pasted import EXPORTED, HEAD, kernel_in

FILL_IN = "how many elements it has"
GUESSED = "guessed from the text: see that it is so"
REFERENCE = '''"""The right answer: whatever NumPy says in double precision."""


def reference(inputs):
    """``inputs`` has {names} by name: arrays as float64 (or int64), scalars and sizes as numbers."""
    raise NotImplementedError("write what the kernel computes, and return {{{outputs}}}")
'''

_VARIABLE = re.compile(
    r"(?P<attributes>(?:@\s*\w+\s*\([^)]*\)\s*)+)var\s*<(?P<space>[^>]*)>\s*(?P<name>\w+)\s*:\s*(?P<type>[^;]+);"
)
_ATTRIBUTE = re.compile(r"@\s*(\w+)\s*\(\s*(\d+)[iu]?\s*,?\s*\)")
_STRUCT = re.compile(r"\bstruct\s+(\w+)\s*\{([^}]*)\}")
_SIZE = re.compile(r"@\s*workgroup_size\s*\(([^)]*)\)")
_OVERRIDE = re.compile(r"\boverride\s+(\w+)\s*(?::\s*\w+\s*)?=\s*(\d+)[iu]?\s*;")
_PARAM = re.compile(r"\(\s*param\b([^()]*)\)")
_TYPES: dict[str, DType] = {"f32": "f32", "f16": "f16", "i32": "i32", "u32": "u32"}
_COUNTS = re.compile(
    r"^(?:n|m|k|len|length|count|size|rows?|cols?|columns?|width|height|depth|.*_(?:len|size|count))$"
)
DEFAULT_SIZE = 1024


class Draft(Struct, frozen=True):
    """A problem as far as a text tells it, with what is to be filled in, and its files."""

    problem: Problem
    remarks: dict[str, str]
    files: dict[str, str]


def draft(text: str, name: str) -> Draft:
    """A problem called ``name`` for the kernel that ``text`` is, or has in it.

    Raises:
        KernelscopeError: there is none that could be recognised.
    """
    found = kernel_in(text)
    if found is None:
        raise KernelscopeError(
            "no kernel is recognised there: WGSL has an @compute function, WAT a (module …) with an export"
        )
    runtime, kernel = found
    return _of_wgsl(kernel, name) if runtime is Runtime.WGSL else _of_wat(kernel, name)


class Variable(Struct, frozen=True):
    """A binding of group 0: its number, address space, name and type, without blanks."""

    binding: int
    space: str
    name: str
    type: str


def variables_of(text: str) -> list[Variable]:
    """The bindings of group 0 in the order of their numbers."""
    return sorted(_variables(bare(text)), key=lambda one: one.binding)


def fields_of(text: str) -> list[tuple[str, str]]:
    """The fields of its uniform blocks with their types."""
    code = bare(text)
    structures = {found[1]: found[2] for found in _STRUCT.finditer(code)}
    blocks = [one for one in variables_of(text) if one.space == "uniform"]
    return [field for one in blocks for field in _fields(one, structures)]


def renumbered(text: str, rendered: str) -> str:
    """A template with its bindings in the order in which kernels get them, by what it is ``rendered``."""
    return _renumbered(text, bare(text), variables_of(rendered))


def _variables(code: str) -> Iterator[Variable]:
    for found in _VARIABLE.finditer(code):
        numbers = {name: int(value) for name, value in _ATTRIBUTE.findall(found["attributes"])}
        if numbers.get("group", 0) == 0 and "binding" in numbers:
            space = re.sub(r"\s+", "", found["space"])
            yield Variable(numbers["binding"], space, found["name"], re.sub(r"\s+", "", found["type"]))


def _dtype(type: str) -> DType:
    found = re.search(r"(?:^|[<(])(?:atomic<)?(f32|f16|i32|u32)\b", type)
    short = re.search(r"vec[234]([fhiu])\b", type)
    if found:
        return _TYPES[found[1]]
    return {"f": "f32", "h": "f16", "i": "i32", "u": "u32"}[short[1]] if short else "f32"  # type: ignore[return-value]


def _of_wgsl(text: str, name: str) -> Draft:
    code = bare(text)
    structures = {found[1]: found[2] for found in _STRUCT.finditer(code)}
    variables = sorted(_variables(code), key=lambda one: one.binding)
    if not variables:
        raise KernelscopeError(
            "its bindings are not recognised: write @group(0) @binding(0) var<storage, read> x: …"
        )
    if len([one for one in variables if one.space == "uniform"]) > 1:
        raise KernelscopeError(
            "it has several uniform blocks, and a kernel here gets one: put their fields together"
        )
    text = _renumbered(text, code, variables)
    fields = [field for one in variables if one.space == "uniform" for field in _fields(one, structures)]
    sizes = [field for field, type in fields if type in ("u32", "i32")] or ["n"]
    scalars: dict[str, Formula] = {field: field if type in ("u32", "i32") else 1.0 for field, type in fields}
    storage = [one for one in variables if one.space != "uniform"]
    written = [one for one in storage if "read_write" in one.space]
    buffers = tuple(_buffer(one, written, structures, sizes) for one in storage)
    overrides = {found[1]: Parameter(default=int(found[2])) for found in _OVERRIDE.finditer(code)}
    steps = tuple(_steps(code, storage, written, sizes, overrides))
    used = {word for step in steps for side in step.grid for word in re.findall(r"[A-Za-z_]\w*", str(side))}
    one = steps[0]
    kernel = Kernel(
        file="kernel.wgsl",
        entry=one.entry if len(steps) == 1 else "",
        grid=one.grid if len(steps) == 1 else (),
        steps=steps if len(steps) > 1 else (),
        parameters={n: p for n, p in overrides.items() if n in used or p},
    )
    return _draft(name, sizes, buffers, scalars, kernel, text)


def _place(one: Variable, last: str) -> tuple[int, int]:
    """What is read comes first, then what is written, the output last of it, then the uniform block."""
    kind = (
        3 if one.space == "uniform" else 0 if "read_write" not in one.space else 2 if one.name == last else 1
    )
    return kind, one.binding


def _renumbered(text: str, code: str, variables: list[Variable]) -> str:
    """The text with its bindings in the order in which kernels get them here; nothing else is touched."""
    last = [one.name for one in variables if "read_write" in one.space][-1:]
    order = sorted(variables, key=lambda one: _place(one, "".join(last)))
    numbers = {one.name: number for number, one in enumerate(order)}
    for found in reversed(list(_VARIABLE.finditer(code))):
        place = re.search(r"@\s*binding\s*\(\s*(\d+)[iu]?\s*,?\s*\)", found["attributes"])
        if place and found["name"] in numbers:
            start = found.start("attributes") + place.start(1)
            text = f"{text[:start]}{numbers[found['name']]}{text[start + len(place[1]) :]}"
    return text


def _fields(variable: Variable, structures: dict[str, str]) -> Iterator[tuple[str, str]]:
    body = structures.get(variable.type)
    if body is None:
        yield variable.name, variable.type
        return
    for found in re.finditer(r"(?:^|[,;{\s])(\w+)\s*:\s*([\w<>]+)", body):
        yield found[1], found[2]


def _buffer(one: Variable, written: list[Variable], structures: dict[str, str], sizes: list[str]) -> Buffer:
    type = one.type
    if type in structures and (inner := re.search(r"array\s*<\s*([^,>]+(?:<[^>]*>)?)", structures[type])):
        type = f"array<{inner[1]}>"
    role = "input" if one not in written else "output" if one is written[-1] else "scratch"
    dtype: DType = _dtype(type)
    return Buffer(name=_free(one.name, sizes), role=role, dtype=dtype, shape=(sizes[0],))  # type: ignore[arg-type]


def _free(name: str, taken: list[str]) -> str:
    """No buffer is called as a size is, nor ``result`` unless it is one."""
    return f"{name}_" if name in taken or name == "result" else name


def _steps(
    code: str,
    storage: list[Variable],
    written: list[Variable],
    sizes: list[str],
    overrides: dict[str, Parameter],
) -> Iterator[Step]:
    for found in HEAD.finditer(code):
        if not re.search(r"@\s*compute\b", found["head"]):
            continue
        given = _SIZE.search(found["head"])
        sides = [
            side.strip().rstrip("iu") for side in (given[1] if given else "1").split(",") if side.strip()
        ]
        grid: list[Formula] = []
        for i, side in enumerate(sides):
            size = sizes[-1 - i] if len(sides) > 1 and i < len(sizes) else sizes[0] if i == 0 else "1"
            known = side.isdigit() or side in overrides
            grid.append(f"ceildiv({size}, {side})" if known and side != "1" else size)
        yield Step(entry=found["name"], grid=tuple(grid))


def _of_wat(text: str, name: str) -> Draft:
    code = re.sub(r";;[^\n]*", "", text)
    found = EXPORTED.search(code)
    assert found
    parameters: list[tuple[str, str]] = []
    for one in _PARAM.findall(found[2]):
        words = one.split()
        named = words[0].startswith("$") if words else False
        kinds = words[1:] if named else words
        parameters += [
            (words[0][1:] if named else f"p{len(parameters) + i}", kind) for i, kind in enumerate(kinds)
        ]
    taken = parameters[1:]
    counts = [n for n, kind in taken if kind in ("i32", "i64") and _COUNTS.match(n.lower())]
    addresses = [n for n, kind in taken if kind in ("i32", "i64") and n not in counts]
    if not addresses:
        raise KernelscopeError(
            "its export takes no address: write (param $runs i32) (param $x i32) … (param $n i32)"
        )
    sizes = counts or ["n"]
    scalars: dict[str, Formula] = {n: n if n in counts else 1.0 for n, _ in taken if n not in addresses}
    buffers = tuple(
        Buffer(name=_free(n, sizes), role="output" if n == addresses[-1] else "input", shape=(sizes[0],))
        for n in addresses
    )
    kernel = Kernel(file="kernel.wat", entry="" if found[1] == "run" else found[1])
    return _draft(name, sizes, buffers, scalars, kernel, text)


def _draft(
    name: str,
    sizes: list[str],
    buffers: tuple[Buffer, ...],
    scalars: dict[str, Formula],
    kernel: Kernel,
    text: str,
) -> Draft:
    problem = Problem(
        name=name,
        title=f"drafted from {kernel.file}",
        sizes=dict.fromkeys(sizes, DEFAULT_SIZE),
        buffers=buffers,
        scalars=scalars,
        reference=Reference(python="reference.py"),
        kernels=(kernel,),
    )
    remarks = {one.name: FILL_IN for one in buffers} | {
        "sizes": GUESSED,
        "kernels": GUESSED,
        "scalars": GUESSED,
    }
    names = ", ".join([*(one.name for one in problem.inputs), *scalars])
    outputs = ", ".join(f"'{one.name}': …" for one in problem.outputs)
    reference = REFERENCE.format(names=names, outputs=outputs)
    return Draft(problem, remarks, {kernel.file: text, "reference.py": reference})


def with_kernel(problem: Problem, kernel: Kernel) -> Problem:
    """``problem`` with one kernel more."""
    return structs.replace(problem, kernels=(*problem.kernels, kernel))
