"""A kernel of one's own, made from a variant, as the folder of a problem: what it was given is written out.

The operands and exact answers are stored as arrays, at the shape where it ran and at crooked ones; lengths,
scalars and workgroups become formulas where the sizes explain them.
"""

import io
import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from msgspec import structs

from app.catalog.contract import fitted, laid_out, tries
from app.catalog.index import find, lay_out
from app.catalog.programs import source
from app.core.edit import Edit
from app.core.errors import KernelscopeError
from app.core.problem import Buffer, Formula, Kernel, Problem, Reference, Step, Stored, Tolerance
from app.core.program import RESULT, Layout, whose
from app.core.program import Step as Ran
from app.core.shape import Shape
from app.core.target import Runtime
from app.core.variant import Variant
from app.measure.crooked import crooked_shapes
from app.measure.verify import magnitudes, tolerance
from app.problems import registry
from app.problems.arrays import DTYPES
from app.problems.registry import Opened
from app.problems.toml import written
from app.workloads import workloads

Files = dict[str, str | bytes]
OUTPUT = "output"
MOST_BYTES = 256 << 20
SEED = 1


def edit_as_problem(edit: Edit, name: str, shape: Shape) -> Files:
    """The files of a problem in which the text of ``edit`` stands beside the one it was made from.

    Raises:
        KernelscopeError: its operands or result cannot be written out as plain arrays.
    """
    if opened := registry.find(edit.workload):
        return _one_more(opened, edit, name)
    variant = find(edit.workload, edit.like, edit.runtime)
    own_sides = any(parameter.side >= 0 for parameter in variant.parameters)
    workload = workloads()[edit.workload]
    shapes = [shape] if own_sides else list(dict.fromkeys([*crooked_shapes(workload), shape]))
    stored = {}
    for one in shapes:
        try:
            stored[one] = _stored(variant, edit, one)
        except KernelscopeError:
            if one == shape:
                raise  # elsewhere rows may end in padding, of which no array says what is right
    names = [_plain(dimension) for dimension in workload.dimensions]
    files: Files = {}
    for one, (arrays, _) in stored.items():
        data = io.BytesIO()
        kept = {_named(n, names): array for n, array in arrays.items()}
        np.savez(data, allow_pickle=False, **kept)
        files[f"{one}.npz"] = data.getvalue()
    suffix = edit.runtime.about.suffix
    original = source(variant, edit.parameters)
    texts = {_file(variant.name, suffix): original, _file(edit.name, suffix): edit.text}
    problem = _problem(variant, edit, name, names, stored, shape)
    remarks = {
        "reference": f"what {edit.workload} gave its kernels, and the exact answers, stored",
        "kernels": f"{edit.workload} {edit.like}, and what was made from it",
    }
    return {"problem.toml": written(problem, remarks), **texts, **files}


def _one_more(opened: Opened, edit: Edit, name: str) -> Files:
    """A copy of the problem's folder with one kernel more."""
    if opened.folder is None:
        raise KernelscopeError(f"{edit.workload} came with a session: open its folder first")
    like = next(
        one
        for one, v in zip(opened.problem.kernels, opened.variants, strict=True)
        if v.name == edit.like and v.runtime is edit.runtime
    )
    file = _file(edit.name, edit.runtime.about.suffix)
    mine = structs.replace(
        like, file=file, name=edit.name, summary=f"{edit.like}, edited", parameters={}, overrides={}
    )
    problem = structs.replace(opened.problem, name=name, kernels=(*opened.problem.kernels, mine))
    if like.parameters:
        grids = tuple(
            structs.replace(s, grid=tuple(_with(g, edit.parameters) for g in s.grid)) for s in like.steps
        )
        grid = tuple(_with(side, edit.parameters) for side in like.grid)
        problem = structs.replace(
            problem, kernels=(*problem.kernels[:-1], structs.replace(mine, steps=grids, grid=grid))
        )
    reference = problem.reference
    named = [one.file for one in opened.problem.kernels] + [one.file for one in reference.stored]
    named += [reference.python] if reference.python else []
    copies: Files = {one: (opened.folder / one).read_bytes() for one in dict.fromkeys(named)}
    return {"problem.toml": written(problem), **copies, file: edit.text}


def _with(formula: Formula, values: Mapping[str, int | str]) -> Formula:
    """A formula with the values of parameters written in."""
    return re.sub(r"[A-Za-z_]\w*", lambda found: str(values.get(found[0], found[0])), str(formula))


def _stored(variant: Variant, edit: Edit, shape: Shape) -> tuple[dict[str, np.ndarray], float]:
    """Operands as laid out and the exact result by name, and the tolerance there."""
    workload = workloads()[edit.workload]
    operands = workload.inputs(shape, SEED)
    layout = lay_out(variant, operands, edit.parameters)
    if layout.operand_bytes + 2 * layout.output_bytes > MOST_BYTES:
        raise KernelscopeError(
            f"at {shape} its arrays would take over {MOST_BYTES >> 20} MiB: choose a smaller size"
        )
    exact = workload.reference(layout.stored())
    dtype, length = layout.output
    places = layout.decode(np.arange(length)).reshape(-1).astype(np.int64)
    if len(np.unique(places)) != length or dtype.name not in {one.name for one in DTYPES.values()}:
        raise KernelscopeError(f"the result of {variant.name} is no plain array: it cannot be stored as one")
    raw = np.empty(length)
    raw[places] = exact.reshape(-1)
    within = tolerance(workload, variant, shape, layout, exact, magnitudes(workload, operands))
    return {**{n: b.reshape(-1) for n, b in layout.buffers.items()}, RESULT: raw}, within


def _problem(
    variant: Variant,
    edit: Edit,
    name: str,
    names: Sequence[str],
    stored: Mapping[Shape, tuple[dict[str, np.ndarray], float]],
    shape: Shape,
) -> Problem:
    known = list(stored) if len(stored) == 1 else [Shape(*sides) for sides in tries(shape)] + list(stored)
    layouts = []
    for one in dict.fromkeys(known):
        try:
            layouts.append(
                (dict(zip(names, one.sizes, strict=True)), laid_out(variant, edit.parameters, one))
            )
        except (KernelscopeError, ValueError, ArithmeticError):
            continue
    here = laid_out(variant, edit.parameters, shape)

    def formula(of: Callable[[Layout], int | float], what: str) -> Formula:
        found = [(sizes, of(layout)) for sizes, layout in layouts]
        if len({number for _, number in found}) == 1:
            return found[0][1]
        text = fitted([(sizes, int(number)) for sizes, number in found])
        if not text:
            raise KernelscopeError(f"{what} of {variant.name} follows from no simple formula of its sizes")
        return text

    inverse = {dtype.name: one for one, dtype in DTYPES.items()}
    roles = {
        n: "weights" if n in here.roles and here.roles[n].value == "weights" else "input"
        for n in here.buffers
    }
    buffers = [
        Buffer(
            name=_named(n, names),
            role=roles[n],  # type: ignore[arg-type]
            dtype=inverse[array.dtype.name],  # type: ignore[arg-type]
            shape=(formula(lambda one, n=n: one.buffers[n].size, f"the length of {n}"),),  # type: ignore[misc]
        )
        for n, array in here.buffers.items()
    ]
    buffers += [
        Buffer(
            name=_named(n, names),
            role="scratch",
            shape=(formula(lambda one, n=n: -(-one.scratch[n] // 4), f"the length of {n}"),),  # type: ignore[misc]
        )
        for n in here.scratch
    ]
    length = formula(lambda one: one.output[1], "the length of the result")
    buffers.append(Buffer(name=OUTPUT, role="output", dtype=inverse[here.output[0].name], shape=(length,)))  # type: ignore[arg-type]
    steps = [_step(i, step, names, formula, edit.runtime is Runtime.WGSL) for i, step in enumerate(here.run)]
    scalars = {
        n: formula(lambda one, i=i, n=n: one.run[i].scalars[n], f"the scalar {n}")  # type: ignore[misc]
        for i, step in enumerate(here.run)
        for n in step.scalars
    }
    scalars = {
        n: float(v) if isinstance(here.run[0].scalars.get(n), float) else v for n, v in scalars.items()
    }
    suffix = edit.runtime.about.suffix
    plain = len(steps) == 1
    kernels = tuple(
        Kernel(
            file=_file(one, suffix),
            name=one,
            summary=about,
            entry=steps[0].entry if plain and edit.runtime is Runtime.WGSL else "",
            grid=steps[0].grid if plain else (),
            steps=() if plain else tuple(steps),
            compute="f16" if variant.compute == "f16" else "",
            requires=variant.requires,
        )
        for one, about in ((edit.like, variant.summary), (edit.name, f"{edit.like}, edited"))
    )
    return Problem(
        name=name,
        title=workloads()[edit.workload].title,
        flops=workloads()[edit.workload].flops(shape)
        if len(stored) == 1
        else _flops(variant.workload, known, names),
        sizes={n: tuple(one.sizes[i] for one in stored) for i, n in enumerate(names)},
        buffers=tuple(buffers),
        scalars=scalars,
        reference=Reference(
            stored=tuple(
                Stored(file=f"{one}.npz", sizes=dict(zip(names, one.sizes, strict=True))) for one in stored
            )
        ),
        tolerance=Tolerance(relative=float(f"{max(within for _, within in stored.values()):.2g}")),
        kernels=kernels,
    )


def _flops(workload: str, shapes: Sequence[Shape], names: Sequence[str]) -> Formula:
    """The operations as a product of sizes with a factor; 0 where they are none."""
    count = workloads()[workload].flops
    one = Shape(*[1] * len(names))
    try:
        factor = count(one)
        if all(
            count(shape) == factor * int(np.prod([int(s) for s in shape.sizes], dtype=object))
            for shape in shapes
        ):
            return " * ".join([str(factor), *names])
    except (KernelscopeError, ValueError, ArithmeticError):
        pass
    return 0


def _step(
    index: int,
    step: Ran,
    names: Sequence[str],
    formula: Callable[[Callable[[Layout], int | float], str], Formula],
    wgsl: bool,
) -> Step:
    def called(name: str) -> str:
        return OUTPUT if name == RESULT else _named(name, names)

    grid: tuple[Formula, ...] = ()
    if wgsl:
        grid = tuple(
            formula(lambda one, axis=axis: one.run[index].grid[axis], "the number of workgroups")  # type: ignore[misc]
            for axis in range(3)
        )
    return Step(
        entry=step.entry,
        name=step.name,
        reads=tuple(called(whose(one)) for one in step.reads),
        writes=tuple(called(whose(one)) for one in step.writes),
        scalars=tuple(step.scalars),
        grid=grid,
    )


def _named(name: str, sizes: Sequence[str]) -> str:
    if name == RESULT:
        return OUTPUT
    plain = _plain(name)
    return f"{plain}_in" if plain in sizes or plain == OUTPUT else plain


def _plain(name: str) -> str:
    return re.sub(r"\W+", "_", name)


def _file(name: str, suffix: str) -> str:
    return f"{name.lstrip('.+-_')}.{suffix}"
