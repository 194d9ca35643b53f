"""Faults of a problem that only show at a shape: an expression that is not whole, or divides by 0."""

from collections.abc import Iterator

from app.core.errors import KernelscopeError, LimitError
from app.core.problem import Problem
from app.core.shape import Shape
from app.core.sketch import sketch
from app.core.workload import Workload
from app.problems.expression import value
from app.problems.variants import lay_out, make_variants
from app.problems.workload import crooked_shapes, default_shapes, make_workload


def of_shapes(problem: Problem) -> Iterator[str]:
    """What only shows at a shape: an expression that is not whole, or divides by 0."""
    try:
        workload = make_workload(problem)
        for shape in (*default_shapes(problem), *crooked_shapes(problem)):
            yield from _at(problem, shape, workload)
    except KernelscopeError as error:
        yield str(error)


def _at(problem: Problem, shape: Shape, workload: Workload) -> Iterator[str]:
    sides = workload.operand_shapes(shape)
    for one in (workload.flops(shape), workload.bytes(shape, 4.0)):
        if one < 0:
            yield f"at {shape} flops or bytes are below 0"
    for name, formula in problem.scalars.items():
        numbers = {
            n: p.default
            for k in problem.kernels
            for n, p in k.parameters.items()
            if isinstance(p.default, int)
        }
        found = value(formula, {**numbers, **dict(zip(problem.sizes, shape.sizes, strict=True))})
        if isinstance(found, int) and not -(1 << 31) <= found < 1 << 32:
            yield f"[scalars] {name} is {found} at {shape}, beyond 32 bits"
    for kernel, variant in zip(problem.kernels, make_variants(problem), strict=True):
        parameters = {p.name: p.gpu if p.side < 0 else shape.sizes[p.side] for p in variant.parameters}
        try:
            lay_out(problem, kernel, tuple(map(sketch, sides)), parameters)
        except LimitError:
            continue
        except KernelscopeError as error:
            yield f"[[kernels]] {kernel.file}: {error}"


def wrong_at(workload: Workload, shape: Shape) -> str:
    """What is wrong with a problem's formulas at ``shape``: whoever derives figures relies on them."""
    try:
        workload.operand_shapes(shape)
        if workload.flops(shape) < 0 or not workload.bytes(shape, 4.0) > 0:
            return "its operations or bytes are below 0"
    except KernelscopeError as error:
        return str(error)
    return ""
