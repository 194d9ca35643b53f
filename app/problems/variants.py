"""The kernels of a problem as variants: texts with parameters written in, and how operands lie for each."""

import re
from collections.abc import Callable, Mapping
from math import prod
from typing import Any

import numpy as np

from app.core import problem as own
from app.core.directives import bare, needed
from app.core.errors import KernelscopeError, LimitError
from app.core.problem import Buffer, Kernel, Problem, named, steps_of
from app.core.program import OFFSETS, RESULT, Binding, Grid, Layout, Role, Slice, Step
from app.core.target import Runtime
from app.core.variant import Parameter, Parameters, Variant
from app.core.workload import Operands
from app.problems.arrays import DTYPES, array_shape
from app.problems.expression import Number, names, parse, value, whole
from app.problems.templates import render

ENGINES_OWN = frozenset({"opt_level", "threads", "base_gib"})
"""Parameters of a Wasm kernel that engines read, whatever the text says."""

ROLES = {"input": Role.ACTIVATIONS, "weights": Role.WEIGHTS, "state": Role.STATE}


def layout_name(kernel: Kernel) -> str:
    """What ties a variant, and an edit of it, to the kernel that it is made from."""
    return f"{kernel.runtime.value}/{named(kernel)}"


def make_variants(problem: Problem) -> tuple[Variant, ...]:
    """A variant for each kernel, in their order: the first of each runtime is the baseline there."""
    return tuple(_variant(problem, kernel) for kernel in problem.kernels)


def _variant(problem: Problem, kernel: Kernel) -> Variant:
    sizes = list(problem.sizes)
    parameters = [
        Parameter(name, one.default, one.default if one.cpu is None else one.cpu, one.choices)
        for name, one in kernel.parameters.items()
    ]
    # A text that writes out a size is another text at each shape.
    parameters += [
        Parameter(name, 1, 1, side=sizes.index(name))
        for name in sizes
        if name in written_sizes(problem, kernel)
    ]
    found = needed(kernel.text) if kernel.runtime is Runtime.WGSL and not kernel.template else ()
    storage = main_dtype(problem, kernel)
    compute = kernel.compute or ("f16" if storage == "f16" else "f32")
    return Variant(
        workload=problem.name,
        name=named(kernel),
        runtime=kernel.runtime,
        summary=kernel.summary or f"{kernel.file} of {problem.name}",
        template=kernel.file,
        layout=layout_name(kernel),
        storage=storage,
        compute=compute,
        sums=compute,
        techniques=kernel.techniques,
        requires=tuple(dict.fromkeys((*kernel.requires, *found))),
        parameters=tuple(parameters),
    )


def main_dtype(problem: Problem, kernel: Kernel) -> str:
    """The type that most of what it reads and gives is stored in: that of its first buffer."""
    first = (*problem.inputs, *problem.outputs)[0]
    return kernel.dtypes.get(first.name, first.dtype)


def written_sizes(problem: Problem, kernel: Kernel) -> frozenset[str]:
    """The sizes that a kernel's text writes out: those in its overrides, and all for a template."""
    if kernel.template:
        return frozenset(problem.sizes)
    return names(kernel.overrides.values()) & frozenset(problem.sizes)


def text_of(kernel: Kernel, parameters: Parameters) -> str:
    """The text with ``parameters`` written into its constants; the places of everything else stay.

    Raises:
        KernelscopeError: a constant is not there, or a template does not render.
    """
    text = render(kernel.text, kernel.file, parameters) if kernel.template else kernel.text
    numbers = {name: one for name, one in parameters.items() if not isinstance(one, str)}
    constants: dict[str, Number | str] = {
        name: one for name, one in parameters.items() if name in constants_of(kernel, text)
    }
    constants |= {name: value(formula, numbers) for name, formula in kernel.overrides.items()}
    for name, number in constants.items():
        text = _written(kernel, text, name, str(number))
    return text


_OVERRIDE = r"(\boverride\s+{name}\s*(?::\s*\w+\s*)?)(=[^;]*)?;"
_GLOBAL = (
    r"(\(\s*global\s+\${name}\s+(?:\(\s*export\s+\"[^\"]*\"\s*\)\s*)?\(?\s*(?:mut\s+)?\w+\s*\)?\s*"
    r"\(\s*\w+\.const\s+)[-+\w.]+(\s*\))"
)


def constants_of(kernel: Kernel, text: str) -> frozenset[str]:
    """The names that overrides and parameters may set in a text."""
    if kernel.runtime is Runtime.WGSL:
        return frozenset(re.findall(r"\boverride\s+(\w+)", bare(text)))
    if kernel.suffix == "wat":
        return frozenset(re.findall(r"\(\s*global\s+\$(\w+)", _without_comments(text)))
    return frozenset()


def _without_comments(text: str) -> str:
    return re.sub(r";;[^\n]*", lambda found: " " * len(found[0]), text)


def _written(kernel: Kernel, text: str, name: str, number: str) -> str:
    if kernel.runtime is Runtime.WGSL:
        found = re.search(_OVERRIDE.format(name=re.escape(name)), bare(text))
        if found is None:
            raise KernelscopeError(f"{kernel.file} has no override {name}: write  override {name}: u32 = 1;")
        return f"{text[: found.end(1)].rstrip()} = {number}{text[found.end() - 1 :]}"
    found = re.search(_GLOBAL.format(name=re.escape(name)), _without_comments(text))
    if found is None:
        raise KernelscopeError(
            f"{kernel.file} has no constant ${name}: write  (global ${name} i32 (i32.const 1))"
        )
    return text[: found.end(1)] + number + text[found.start(2) :]


def lay_out(problem: Problem, kernel: Kernel, operands: Operands, parameters: Parameters) -> Layout:
    """The operands as ``kernel`` reads them; of sketches, what they take up.

    Raises:
        LimitError: it takes none of these sizes.
    """
    inputs = problem.inputs
    sizes = dict(zip(problem.sizes, (one.shape[0] for one in operands[len(inputs) :]), strict=True))
    for name, multiple in kernel.multiple_of.items():
        if sizes[name] % multiple:
            raise LimitError(
                f"{named(kernel)} takes {name} in multiples of {multiple}, and it is {sizes[name]}"
            )
    numbers: dict[str, Number] = {name: one for name, one in parameters.items() if not isinstance(one, str)}
    values = {**numbers, **sizes}
    stored = {
        one.name: _stored(array, DTYPES[kernel.dtypes.get(one.name, one.dtype)])
        for one, array in zip(inputs, operands, strict=False)
    }
    places, dtype, length, decode = _result(problem, kernel, sizes)
    scratch = {one.name: _padded(_bytes(one, sizes)) for one in problem.scratch}
    scalars = {name: value(formula, values) for name, formula in problem.scalars.items()}

    def bind(name: str) -> Binding:
        return places.get(name, name)

    def step(one: own.Step) -> Step:
        reads = [b.name for b in inputs] if one.reads is None else list(one.reads)
        writes = (
            [b.name for b in (*problem.scratch, *problem.outputs)] if one.writes is None else list(one.writes)
        )
        given = list(scalars) if one.scalars is None else list(one.scalars)
        return Step(
            one.entry,
            tuple(map(bind, reads)),
            tuple(map(bind, writes)),
            {name: scalars[name] for name in given},
            _grid(one, values),
            name=one.name,
        )

    steps = steps_of(kernel)
    plain = kernel.runtime is Runtime.WASM and len(problem.outputs) == 1 and steps == (own.Step(entry="run"),)
    same = not any(kernel.dtypes.get(one.name, one.dtype) != one.dtype for one in inputs)
    return Layout(
        buffers={name: _words(array) for name, array in stored.items()},
        scalars=scalars,
        output=(dtype, length),
        stored=lambda: operands if same else _as_stored(operands, stored),
        scratch=scratch,
        decode=decode,
        steps=() if plain else tuple(map(step, steps)),
        roles={} if problem.bytes is not None else {one.name: ROLES[one.role] for one in inputs},
    )


def _as_stored(operands: Operands, stored: Mapping[str, np.ndarray]) -> Operands:
    arrays = tuple(
        array.astype(np.float32) if array.dtype == np.float16 else array for array in stored.values()
    )
    return (*arrays, *operands[len(arrays) :])


def _stored(array: np.ndarray, dtype: np.dtype) -> np.ndarray:
    return array if array.dtype == dtype else array.astype(dtype)


def _words(array: np.ndarray) -> np.ndarray:
    """Flat, and as many bytes as make whole 32-bit words: a binding has no others."""
    flat = array.reshape(-1)
    missing = -flat.nbytes % 4 // flat.itemsize
    return np.pad(flat, (0, missing)) if missing else flat


def _bytes(buffer: Buffer, sizes: dict[str, int]) -> int:
    return DTYPES[buffer.dtype].itemsize * prod(array_shape(buffer, sizes))


def _padded(size: int, to: int = 4) -> int:
    return -(-size // to) * to


Decode = Callable[[np.ndarray], np.ndarray]


def _result(
    problem: Problem, kernel: Kernel, sizes: dict[str, int]
) -> tuple[dict[str, Binding], np.dtype[Any], int, Decode]:
    """Where each output lies in the result, its type and length, and what makes the answer of it."""
    outputs = problem.outputs
    dtype = DTYPES[kernel.dtypes.get(outputs[0].name, outputs[0].dtype)]
    shapes = [array_shape(one, sizes) for one in outputs]
    counts = [prod(shape) for shape in shapes]
    if len(outputs) == 1:
        length = _padded(counts[0] * dtype.itemsize) // dtype.itemsize

        def only(raw: np.ndarray) -> np.ndarray:
            found: np.ndarray = _numbers(raw[: counts[0]].reshape(shapes[0]))
            return found

        return {outputs[0].name: RESULT}, dtype, length, only
    # A slice begins where every device can bind one.
    starts, at = [], 0
    for count in counts:
        starts.append(at)
        at += _padded(count * dtype.itemsize, OFFSETS)
    ends = [start // dtype.itemsize for start in starts]
    places: dict[str, Binding] = {
        one.name: Slice(RESULT, start, _padded(count * dtype.itemsize))
        for one, start, count in zip(outputs, starts, counts, strict=True)
    }

    def all_of_them(raw: np.ndarray) -> np.ndarray:
        return _numbers(np.concatenate([raw[s : s + n] for s, n in zip(ends, counts, strict=True)]))

    return places, dtype, at // dtype.itemsize, all_of_them


def _numbers(array: np.ndarray) -> np.ndarray:
    """Half floats in single precision: their sums of squares would overflow."""
    return array.astype(np.float32) if array.dtype == np.float16 else array


def _grid(step: own.Step, values: Mapping[str, Number]) -> Grid:
    x, y, z = (*(whole(one, values, 1) for one in step.grid), 1, 1, 1)[:3]
    return (x, y, z)


def used_names(problem: Problem, kernel: Kernel) -> frozenset[str]:
    """The names in all expressions of a kernel."""
    found = names(kernel.overrides.values())
    return found.union(
        *(parse(one).names for step in steps_of(kernel) for one in step.grid), names(problem.scalars.values())
    )
