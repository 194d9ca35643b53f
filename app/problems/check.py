"""What is wrong with a problem: one line for each fault, with where it stands and what to do."""

import re
from collections.abc import Iterable, Iterator

import msgspec
from msgspec import structs

from app.core.edit import LARGEST_VALUE, LONGEST_TEXT, check_name
from app.core.errors import KernelscopeError
from app.core.problem import FORMAT, SUFFIXES, Formula, Kernel, Problem, Step, named, steps_of
from app.core.shape import LARGEST_DIMENSION, parse_shape
from app.core.target import Runtime
from app.problems.arrays import DTYPES
from app.problems.at_shapes import of_shapes
from app.problems.expression import FUNCTIONS, parse
from app.problems.variants import ENGINES_OWN, constants_of, used_names
from app.problems.workload import einsum_fault

MOST_SIZES, MOST_BUFFERS, MOST_KERNELS, MOST_STEPS, MOST_SHAPES = 8, 32, 64, 32, 32
LONGEST_TITLE = 200
LARGEST_HEAD = 128 << 10
PROBLEM_NAME = re.compile(r"[a-z][a-z0-9_.-]{0,39}", flags=re.ASCII)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}", flags=re.ASCII)
_FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]{0,99}", flags=re.ASCII)
NO_BINDING = "result"
"""What engines call the result: no input may be called so."""


def faults(problem: Problem, taken: Iterable[str] = ()) -> list[str]:
    """Every fault of ``problem``; ``taken`` are names of workloads that it must not have."""
    if too_much := [*_of_length(problem)]:
        return too_much
    found = [*_of_head(problem, frozenset(taken)), *_of_buffers(problem), *_of_reference(problem)]
    found += [fault for i, kernel in enumerate(problem.kernels) for fault in _of_kernel(problem, kernel, i)]
    return found or list(of_shapes(problem))


def _of_length(problem: Problem) -> Iterator[str]:
    """All that is said, texts apart, is bounded, whoever wrote it."""
    bare = structs.replace(
        problem,
        kernels=tuple(structs.replace(kernel, text="") for kernel in problem.kernels),
        reference=structs.replace(problem.reference, text=""),
    )
    if len(msgspec.json.encode(bare)) > LARGEST_HEAD:
        yield f"it says more than {LARGEST_HEAD >> 10} KiB, texts apart"
    if len(problem.crooked) > MOST_SHAPES or len(problem.scalars) > MOST_BUFFERS:
        yield f"crooked has more than {MOST_SHAPES} shapes, or there are more than {MOST_BUFFERS} scalars"


def _of_head(problem: Problem, taken: frozenset[str]) -> Iterator[str]:
    if problem.format != FORMAT:
        yield f"format = {problem.format}: this version reads {FORMAT}"
    if not PROBLEM_NAME.fullmatch(problem.name):
        yield (
            f"name = {problem.name[:40]!r}: use up to 40 small letters, digits and . _ -, and begin "
            "with a letter"
        )
    elif problem.name in taken:
        yield f"name = {problem.name!r}: a workload of Kernelscope has that name, use another"
    if len(problem.title) > LONGEST_TITLE:
        yield f"title has more than {LONGEST_TITLE} characters"
    if not 1 <= len(problem.sizes) <= MOST_SIZES:
        yield f"[sizes] has {len(problem.sizes)} names: 1 to {MOST_SIZES} can be"
    yield from _of_names("[sizes]", problem.sizes)
    lists = {name: 1 if isinstance(one, int) else len(one) for name, one in problem.sizes.items()}
    for name, one in problem.sizes.items():
        values = [one] if isinstance(one, int) else one
        if not values or not all(1 <= v <= LARGEST_DIMENSION for v in values) or len(values) > MOST_SHAPES:
            yield f"[sizes] {name}: give 1 to {MOST_SHAPES} whole numbers from 1 to {LARGEST_DIMENSION}"
    longest = max(lists.values(), default=1)
    if odd := [name for name, count in lists.items() if count not in (1, longest)]:
        yield f"[sizes] {odd[0]} has {lists[odd[0]]} values, others {longest}: they are taken side by side"
    for text in problem.crooked:
        try:
            parse_shape(text, len(problem.sizes))
        except KernelscopeError as error:
            yield f"crooked: {error}"
    yield from _of_formula("flops", problem.flops, problem.sizes)
    yield from _of_formula("bytes", problem.bytes, problem.sizes)
    yield from _of_formula("[tolerance] terms", problem.tolerance.terms, problem.sizes)
    relative = problem.tolerance.relative
    if relative is not None and not 0 <= relative <= 0.5:
        yield f"[tolerance] relative = {relative:g}: it may be from 0 to 0.5"
    yield from _of_names("[scalars]", problem.scalars)
    known = {*problem.sizes, *(name for kernel in problem.kernels for name in kernel.parameters)}
    for name, formula in problem.scalars.items():
        yield from _of_formula(f"[scalars] {name}", formula, known)


def _of_names(where: str, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        if not _NAME.fullmatch(name) or name in FUNCTIONS:
            yield f"{where} {name[:40]!r} is no name: use up to 40 letters, digits and _"


def _of_formula(where: str, formula: Formula | None, known: Iterable[str]) -> Iterator[str]:
    if formula is None:
        return
    try:
        unknown = sorted(parse(formula).names - set(known))
    except KernelscopeError as error:
        yield f"{where}: {error}"
        return
    if unknown:
        yield (
            f"{where} = {str(formula)!r}: there is no {unknown[0]!r}; there are: {', '.join(known) or 'none'}"
        )


def _of_buffers(problem: Problem) -> Iterator[str]:
    names = [one.name for one in problem.buffers]
    if len(names) > MOST_BUFFERS:
        yield f"[[buffers]]: there are {len(names)}, and {MOST_BUFFERS} can be"
    yield from _of_names("[[buffers]]", names)
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            yield f"[[buffers]] {name}: two have that name"
        if name in problem.sizes or name in problem.scalars:
            yield (
                f"[[buffers]] {name}: a size or scalar has that name too, and reference.py could "
                "not tell them apart"
            )
    if not problem.outputs:
        yield '[[buffers]]: none has role = "output", so nothing could be checked'
    if len({one.dtype for one in problem.outputs}) > 1:
        yield "[[buffers]]: outputs of several types lie in one result: give all the same dtype"
    for one in problem.buffers:
        if one.name == NO_BINDING and one.role != "output":
            yield f"[[buffers]] {one.name}: only an output can have that name"
        if len(one.shape) > MOST_SIZES:
            yield f"[[buffers]] {one.name}: a shape has at most {MOST_SIZES} dimensions"
        for side in one.shape:
            yield from _of_formula(f"[[buffers]] {one.name}, shape", side, problem.sizes)
        if one.role in ("scratch", "output") and (one.low is not None or one.high is not None):
            yield f"[[buffers]] {one.name}: low and high are for inputs; nobody fills a {one.role}"
        for end in (one.low, one.high):
            yield from _of_formula(f"[[buffers]] {one.name}, low or high", end, problem.sizes)


def _of_reference(problem: Problem) -> Iterator[str]:
    reference = problem.reference
    ways = (reference.python or reference.stored, reference.einsum)
    if sum(map(bool, ways)) != 1:
        yield "[reference]: give one of python = FILE, einsum = EXPRESSION and stored = [{ file, sizes }]"
        return
    if reference.einsum and (fault := einsum_fault(problem)):
        yield f"[reference] {fault}"
    if len(reference.text) > LONGEST_TEXT:
        yield f"[reference] {reference.python} has more than {LONGEST_TEXT} characters"
    for one in reference.stored:
        if list(one.sizes) != list(problem.sizes):
            yield f"[reference] {one.file}: sizes has to name {', '.join(problem.sizes)}, in this order"
        if not all(1 <= size <= LARGEST_DIMENSION for size in one.sizes.values()):
            yield f"[reference] {one.file}: a size lies between 1 and {LARGEST_DIMENSION}"
    for file in filter(None, (reference.python, *(one.file for one in reference.stored))):
        yield from _of_file("[reference]", file)


def _of_file(where: str, file: str) -> Iterator[str]:
    if not _FILE.fullmatch(file):
        yield (
            f"{where} file {file[:60]!r}: name a file in the problem's own folder, of letters, "
            "digits and . _ + -"
        )


def _of_kernel(problem: Problem, kernel: Kernel, index: int) -> Iterator[str]:
    where = f"[[kernels]] {kernel.file[:60]}"
    if index >= MOST_KERNELS:
        yield f"{where}: there are more than {MOST_KERNELS} kernels"
        return
    yield from _of_file("[[kernels]]", kernel.file)
    if kernel.suffix not in SUFFIXES or (kernel.template and kernel.suffix == "wasm"):
        yield f"{where}: a kernel ends in .wgsl, .wat or .wasm (or .wgsl.jinja, .wat.jinja)"
        return
    others = [
        named(one)
        for one in problem.kernels[:index]
        if one.suffix in SUFFIXES and one.runtime is kernel.runtime
    ]
    try:
        check_name(named(kernel), others)
    except KernelscopeError as error:
        yield f"{where}: {error}"
    if kernel.steps and (kernel.entry or kernel.grid):
        yield f"{where}: entry and grid belong into its steps, where it has some"
    steps = steps_of(kernel)
    if len(steps) > MOST_STEPS:
        yield f"{where}: it has {len(steps)} steps, and {MOST_STEPS} can be"
    yield from _of_names(f"{where}, parameter", kernel.parameters)
    known = {*problem.sizes, *kernel.parameters}
    for step in steps:
        yield from _of_step(problem, kernel, step, f"{where}, step {step.entry}", known)
    yield from _of_parameters(problem, kernel, where)
    yield from _of_fields(problem, kernel, where, known)
    if len(kernel.text) > LONGEST_TEXT:
        yield f"{where}: its text has more than {LONGEST_TEXT} characters"


def _of_fields(problem: Problem, kernel: Kernel, where: str, known: set[str]) -> Iterator[str]:
    """Overrides, types and multiples."""
    for name, formula in kernel.overrides.items():
        yield from _of_formula(f"{where}, override {name}", formula, known)
        if kernel.text and not kernel.template and name not in constants_of(kernel, kernel.text):
            yield f"{where}: its text has no constant {name!r} to override"
    for name, dtype in kernel.dtypes.items():
        if name not in {one.name for one in (*problem.inputs, *problem.outputs)}:
            yield f"{where}, dtypes: there is no input or output {name!r}"
        elif (DTYPES[dtype].kind == "f") != (DTYPES[problem.buffer(name).dtype].kind == "f"):
            yield (
                f"{where}, dtypes: {name} holds {problem.buffer(name).dtype}, which {dtype} cannot stand for"
            )
    for name, step_of in kernel.multiple_of.items():
        if name not in problem.sizes or not 1 <= step_of <= LARGEST_VALUE:
            yield (
                f"{where}, multiple_of: {name} = {step_of} names no size, or is not from 1 to {LARGEST_VALUE}"
            )


def _of_step(problem: Problem, kernel: Kernel, step: Step, where: str, known: set[str]) -> Iterator[str]:
    names = {one.name for one in problem.buffers}
    for name in (*(step.reads or ()), *(step.writes or ())):
        if name not in names:
            yield f"{where}: there is no buffer {name!r}; there are: {', '.join(sorted(names))}"
    inputs = {one.name for one in problem.inputs}
    if wrong := [name for name in step.writes or () if name in inputs]:
        yield (
            f"{where}: it writes {wrong[0]}, an input: the next run would find another; write a "
            "scratch or an output"
        )
    if both := set(step.reads or ()) & set(step.writes or ()):
        yield f"{where}: {min(both)} is read and written: name it in writes alone, which can be read too"
    for name in step.scalars or ():
        if name not in problem.scalars:
            yield f"{where}: there is no scalar {name!r}; there are: {', '.join(problem.scalars) or 'none'}"
    for side in step.grid:
        yield from _of_formula(f"{where}, grid", side, sorted(known))
    if kernel.runtime is Runtime.WGSL and not 1 <= len(step.grid) <= 3:
        yield f'{where}: say how many workgroups run, as grid = ["ceildiv(n, 64)"], with 1 to 3 numbers'
    if kernel.runtime is Runtime.WASM and step.grid:
        yield f"{where}: grid is for WGSL; a Wasm export does all of the work"
    entry = (
        rf"\bfn\s+{re.escape(step.entry)}\b"
        if kernel.runtime is Runtime.WGSL
        else rf'"{re.escape(step.entry)}"'
    )
    if kernel.text and not kernel.template and kernel.suffix != "wasm" and not re.search(entry, kernel.text):
        kind = "function" if kernel.runtime is Runtime.WGSL else "export"
        yield f"{where}: its text has no {kind} {step.entry!r}"


def _of_parameters(problem: Problem, kernel: Kernel, where: str) -> Iterator[str]:
    there = constants_of(kernel, kernel.text)
    used = (
        used_names(problem, kernel) | there | (ENGINES_OWN if kernel.runtime is Runtime.WASM else frozenset())
    )
    for name, one in kernel.parameters.items():
        if name in problem.sizes:
            yield f"{where}, parameter {name}: a size has that name"
        if kernel.text and not kernel.template and name not in used:
            yield f"{where}, parameter {name}: neither its text (override {name}) nor a grid uses it"
        for choice in (one.default, *(() if one.cpu is None else (one.cpu,)), *one.choices):
            words = name == "opt_level" and isinstance(choice, str)
            if not words and (isinstance(choice, str) or not 1 <= choice <= LARGEST_VALUE):
                yield f"{where}, parameter {name}: {choice!r} is no whole number from 1 to {LARGEST_VALUE}"
