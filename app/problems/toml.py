"""Problems as the text of a ``problem.toml``."""

import json
from collections.abc import Iterator, Mapping

from app.core.problem import Buffer, Kernel, Problem, Step


def written(problem: Problem, remarks: Mapping[str, str] | None = None) -> str:
    """The text that decodes to ``problem``; ``remarks`` stand behind tables and buffers' shapes, by name."""
    notes = remarks or {}
    lines = [f"{name} = {_value(getattr(problem, name))}" for name in ("name", "title", "flops")]
    if problem.bytes is not None:
        lines.append(f"bytes = {_value(problem.bytes)}")
    if problem.crooked:
        lines.append(f"crooked = {_value(problem.crooked)}")
    lines += ["", f"[sizes]{_note(notes, 'sizes')}"]
    lines += [f"{name} = {_value(size)}" for name, size in problem.sizes.items()]
    for buffer in problem.buffers:
        lines += ["", *_buffer(buffer, notes)]
    if problem.scalars:
        lines += ["", f"[scalars]{_note(notes, 'scalars')}"]
        lines += [f"{name} = {_value(one)}" for name, one in problem.scalars.items()]
    lines += ["", f"[reference]{_note(notes, 'reference')}", *_reference(problem), ""]
    if problem.tolerance.relative is not None or problem.tolerance.terms is not None:
        which = "terms" if problem.tolerance.relative is None else "relative"
        lines += ["[tolerance]", f"{which} = {_value(getattr(problem.tolerance, which))}", ""]
    for kernel in problem.kernels:
        lines += [*_kernel(kernel, notes), ""]
    return "\n".join(lines)


def _note(notes: Mapping[str, str], name: str) -> str:
    return f"  # {notes[name]}" if name in notes else ""


def _value(value: object) -> str:
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{name} = {_value(one)}' for name, one in value.items())} }}"
    return repr(value)


def _buffer(buffer: Buffer, notes: Mapping[str, str]) -> Iterator[str]:
    yield "[[buffers]]"
    for name in ("name", "role", "dtype", "shape"):
        note = _note(notes, buffer.name) if name == "shape" else ""
        yield f"{name} = {_value(getattr(buffer, name))}{note}"
    for name in ("low", "high"):
        if (end := getattr(buffer, name)) is not None:
            yield f"{name} = {_value(end)}"


def _reference(problem: Problem) -> Iterator[str]:
    reference = problem.reference
    if reference.python:
        yield f"python = {_value(reference.python)}"
    if reference.einsum:
        yield f"einsum = {_value(reference.einsum)}"
    if reference.stored:
        yield "stored = ["
        for one in reference.stored:
            yield f"  {{ file = {_value(one.file)}, sizes = {_value(one.sizes)} }},"
        yield "]"


def _kernel(kernel: Kernel, notes: Mapping[str, str]) -> Iterator[str]:
    yield f"[[kernels]]{_note(notes, 'kernels')}"
    yield f"file = {_value(kernel.file)}"
    for name in ("name", "summary", "entry", "grid", "compute", "requires", "techniques"):
        if value := getattr(kernel, name):
            yield f"{name} = {_value(value)}"
    for name in ("overrides", "dtypes", "multiple_of"):
        if value := getattr(kernel, name):
            yield f"{name} = {_value(dict(value))}"
    for name, parameter in kernel.parameters.items():
        yield f"\n[kernels.parameters.{name}]"
        yield f"default = {_value(parameter.default)}"
        if parameter.choices:
            yield f"choices = {_value(parameter.choices)}"
    for step in kernel.steps:
        yield from _step(step)


def _step(step: Step) -> Iterator[str]:
    yield "\n[[kernels.steps]]"
    for name in ("entry", "name", "reads", "writes", "scalars", "grid"):
        value = getattr(step, name)
        if (value is not None and value not in ("", ())) or (value == () and name in ("reads", "scalars")):
            yield f"{name} = {_value(value)}"
