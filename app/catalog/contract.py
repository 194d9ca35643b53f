"""The contract of a kernel: what it is given, what it has to write, and how much of it runs, in a few lines.

It is read from the layout itself, so it holds for every variant of the catalogue and of a problem alike.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations, product
from math import prod

import numpy as np

from app.catalog.index import lay_out
from app.core.errors import KernelscopeError
from app.core.problem import steps_of
from app.core.program import RESULT, Binding, Grid, Layout, Role, Slice, Step, whose
from app.core.shape import Shape
from app.core.sketch import sketch
from app.core.target import Runtime
from app.core.variant import Parameters, Variant
from app.figures import units
from app.problems import registry
from app.workloads import workloads

READ, WRITTEN, UNIFORM = "var<storage, read>", "var<storage, read_write>", "var<uniform>"
RUN = "run"
"""The export that is called where a layout declares no steps."""

MEMORY = (
    "it does the runs itself, in a loop",
    "the host fills what is read; the module writes scratch and result, all of the result in every run",
    "from 0 on lie the module's own data and stack, where it has any: operands lie behind its first "
    "pages then",
)


def contract_lines(variant: Variant, parameters: Parameters, shape: Shape) -> list[str]:
    """What a text in the place of ``variant`` has to reckon with, with the bytes at ``shape``.

    Raises:
        KernelscopeError: it takes no such shape.
    """
    if variant.runtime.about.peer:
        raise KernelscopeError(f"{variant.name} is a library's own answer: no text stands in its place")
    workload = workloads()[variant.workload]
    layout = laid_out(variant, parameters, shape)
    sizes = ", ".join(f"{name} = {side}" for name, side in zip(workload.dimensions, shape.sizes, strict=True))
    kind = "wgsl" if variant.runtime is Runtime.WGSL else "wasm"
    lines = [f"{variant.workload} {kind}/{variant.name} at {sizes}:"]
    if parameters:
        lines[0] = f"{lines[0][:-1]}; " + ", ".join(f"{n} = {v}" for n, v in parameters.items()) + ":"
    if variant.requires:
        lines.append(f"  needs {', '.join(variant.requires)}")
    titles = _titles(layout, variant.workload)
    if variant.runtime is Runtime.WASM:
        return [*lines, *_wasm(layout, variant, titles), *(f"  {line}" for line in MEMORY)]
    grids = _formulas(variant, parameters, shape, layout)
    for step, grid in zip(layout.run, grids, strict=True):
        lines.append(f"  {step.entry} runs in {grid} workgroups; group 0 has")
        lines += _wgsl(layout, step, titles)
    return lines


def laid_out(variant: Variant, parameters: Parameters, shape: Shape) -> Layout:
    """The layout at ``shape``, of operands without memory."""
    operands = tuple(map(sketch, workloads()[variant.workload].operand_shapes(shape)))
    sides = {p.name: shape.sizes[p.side] for p in variant.parameters if p.side >= 0}
    return lay_out(variant, operands, {**parameters, **sides})


def _titles(layout: Layout, workload: str) -> dict[int, str]:
    """What the result is called from each of its bytes on that a binding begins with."""
    opened = registry.find(workload)
    names = [one.name for one in opened.problem.outputs] if opened else []
    bindings = [one for step in layout.run for one in step.bindings if whose(one) == RESULT]
    starts = sorted({one.offset if isinstance(one, Slice) else 0 for one in bindings})
    return {start: f"the result {name}" for start, name in zip(starts, names, strict=False)}


def _what(layout: Layout, binding: Binding, titles: Mapping[int, str]) -> str:
    """``a, weights: f32, 4 MiB``."""
    name = whose(binding)
    if name == RESULT:
        dtype, size = layout.output[0].name, layout.output_bytes
    elif name in layout.scratch:
        return f"{name}, scratch of its own: {units.bytes_(layout.scratch[name])}"
    else:
        dtype, size = layout.buffers[name].dtype.name, layout.buffers[name].nbytes
    if isinstance(binding, Slice):
        size = binding.size
    role = layout.roles.get(name) if name != RESULT else None
    about = f", {role.value}" if isinstance(role, Role) else ""
    if name == RESULT:
        name = titles.get(binding.offset if isinstance(binding, Slice) else 0, "the result")
    return f"{name}{about}: {dtype}, {units.bytes_(size)}"


def scalar_type(value: int | float) -> str:
    """The type of a scalar on both sides."""
    return "f32" if isinstance(value, float) else "u32" if value >= 0 else "i32"


def _wgsl(layout: Layout, step: Step, titles: Mapping[int, str]) -> list[str]:
    kinds = [READ] * len(step.reads) + [WRITTEN] * len(step.writes)
    lines = [
        f"    @binding({number}) {kind}  {_what(layout, binding, titles)}"
        for number, (kind, binding) in enumerate(zip(kinds, step.bindings, strict=True))
    ]
    if step.scalars:
        fields = ", ".join(f"{name}: {scalar_type(value)}" for name, value in step.scalars.items())
        lines.append(
            f"    @binding({len(step.bindings)}) {UNIFORM}  "
            f"a struct of {4 * len(step.scalars)} bytes: {fields}"
        )
    return lines


def signature(step: Step, entry: str, whole: str = "i32", threads: bool = False) -> str:
    """``run(runs: i32, x: i32, result: i32, n: i32, a: f32)``; ``whole`` is the type of whole numbers."""
    given = [f"runs: {whole}", *(f"{whose(one)}: {whole}" for one in step.bindings)]
    given += [f"{name}: {'f32' if isinstance(one, float) else whole}" for name, one in step.scalars.items()]
    given += [f"{name}: {whole}" for name in ("thread", "threads") if threads]
    return f"{entry}({', '.join(given)})"


def _wasm(layout: Layout, variant: Variant, titles: Mapping[int, str]) -> list[str]:
    threads, whole = "threads" in variant.requires, "i64" if "memory64" in variant.requires else "i32"
    lines = [
        "  it imports a shared memory as kernelscope.memory, and nothing else; threads meet in its "
        "first 64 bytes"
        if threads
        else "  it exports its memory as memory, and imports nothing"
    ]
    for step in layout.run:
        entry = step.entry if layout.steps else RUN
        lines.append(f"  it exports {signature(step, entry, whole, threads)}")
        lines += [
            f"    an address  {_what(layout, one, titles)}, {'read' if one in step.reads else 'written'}"
            for one in step.bindings
        ]
    return lines


def _formulas(variant: Variant, parameters: Parameters, shape: Shape, layout: Layout) -> list[str]:
    """The workgroups of each step: as the problem writes them, else as found by trying sizes."""
    if opened := registry.find(variant.workload):
        steps = steps_of(opened.kernel(variant))
        return [" x ".join(map(str, (*one.grid, 1, 1, 1)[:3])) for one in steps]
    dimensions = workloads()[variant.workload].dimensions
    tried: list[tuple[dict[str, int], list[Grid]]] = []
    for sizes in tries(shape):
        try:
            found = laid_out(variant, parameters, Shape(*sizes))
        except (KernelscopeError, ValueError, ArithmeticError):
            continue
        grids = [step.grid for step in found.run]
        if len(grids) == len(layout.run):
            tried.append((dict(zip(dimensions, sizes, strict=True)), grids))
    here = [step.grid for step in layout.run]
    made = []
    for i, grid in enumerate(here):
        axes = [fitted([(sizes, grids[i][axis]) for sizes, grids in tried]) for axis in range(3)]
        if all(axes):
            made.append(" x ".join(str(axis) for axis in axes))
        else:
            made.append(f"{' x '.join(map(str, grid))} (at this size)")
    return made


def tries(shape: Shape) -> list[tuple[int, ...]]:
    """Sizes around ``shape``, of which no two dimensions are alike, and some that fit no tile."""
    random = np.random.default_rng(7)
    found = [shape.sizes]
    for step in (1, 1, 32, 32, 256, 256):
        for _ in range(4):
            scales = 2.0 ** random.uniform(-3, 1.5, len(shape.sizes))
            found.append(
                tuple(
                    max(1, int(s * x) // step * step or step)
                    for s, x in zip(shape.sizes, scales, strict=True)
                )
            )
    return found


def fitted(known: Sequence[tuple[Mapping[str, int], int]]) -> str:
    """A formula that gives all the numbers; nothing where none of the usual ones does."""
    values = [number for _, number in known]
    if len(known) < 4:
        return ""
    if len(set(values)) == 1:
        return str(values[0])
    names = list(known[0][0])
    cap = max(values)
    caps = [0, cap] if values.count(cap) > 1 else [0]
    products = [names_ for count in range(1, len(names) + 1) for names_ in combinations(names, count)]
    for limit in caps:
        free = [(sizes, number) for sizes, number in known if not limit or number < limit]
        for term in products if free else ():
            sizes, number = max(free, key=lambda one: one[1])
            whole = prod(sizes[name] for name in term)
            for divisor in sorted(
                {-(-whole // max(1, number)) + d for d in (-1, 0, 1)} | _round(whole / number)
            ):
                if divisor > 0 and all(_at(one, term, divisor, limit) == n for one, n in known):
                    return _written(term, divisor, limit)
    return _padded(known, products)


PADS = (1, 2, 4, 8, 16, 32, 64)
"""What sides are rounded up to in memory."""


def _padded(known: Sequence[tuple[Mapping[str, int], int]], products: Sequence[tuple[str, ...]]) -> str:
    """A product of sizes, each rounded up to a multiple, times a number or through one."""
    for term in products:
        for pads in product(PADS, repeat=len(term)):
            wholes = [
                prod(-(-sizes[n] // p) * p for n, p in zip(term, pads, strict=True)) for sizes, _ in known
            ]
            ratios = {Fraction(number, whole) for (_, number), whole in zip(known, wholes, strict=True)}
            if len(ratios) == 1:
                (ratio,) = ratios
                sides = [f"ceildiv({n}, {p}) * {p}" if p > 1 else n for n, p in zip(term, pads, strict=True)]
                factor = [str(ratio.numerator)] if ratio.numerator > 1 else []
                divided = f" // {ratio.denominator}" if ratio.denominator > 1 else ""
                return " * ".join([*factor, *sides]) + divided
    return ""


def _round(ratio: float) -> set[int]:
    """Divisors near ``ratio`` that tiles have: powers of two and three times these."""
    return {n for i in range(14) for n in (1 << i, 3 << i, 5 << i) if ratio <= n * 1.5 and n <= ratio * 1.5}


def _at(sizes: Mapping[str, int], term: Sequence[str], divisor: int, limit: int) -> int:
    found = -(-prod(sizes[name] for name in term) // divisor)
    return min(found, limit) if limit else found


def _written(term: Sequence[str], divisor: int, limit: int) -> str:
    product = " * ".join(term)
    text = f"ceildiv({product}, {divisor})" if divisor > 1 else product
    return f"min({text}, {limit})" if limit else text
