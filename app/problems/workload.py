"""A problem as a workload: operands of its own types, the answer by its reference, counts, tolerance."""

import string
from collections.abc import Callable
from math import lcm, prod
from pathlib import Path

import numpy as np

from app.core.errors import KernelscopeError
from app.core.kinds import NORMAL, check_kind
from app.core.operands import of_kind, without_zeros
from app.core.problem import Buffer, Problem
from app.core.shape import Shape, in_order, parse_shape
from app.core.workload import Operands, Workload, rounding
from app.problems.arrays import DTYPES, array_shape, sizes_of
from app.problems.expression import value, whole
from app.problems.reference import Answer, answerer

EXACT = 1e-12
"""The tolerance of whole numbers: none, but for the float64 that they are compared in."""

WHOLE = (0, 100)
"""Whole numbers are from here up to below there, unless the problem says otherwise."""

ODD = ((37, 1031), (33, 65, 70, 7), (33, 65, 17, 5, 7, 130))
"""Sides of two crooked shapes, for one, two and three sizes."""


def default_shapes(problem: Problem) -> tuple[Shape, ...]:
    """The shapes that run when nobody names any: the sizes' defaults side by side."""
    if problem.reference.stored and not problem.reference.python:
        return in_order(Shape(*one.sizes.values()) for one in problem.reference.stored)
    lists = [[one] if isinstance(one, int) else list(one) for one in problem.sizes.values()]
    longest = max(map(len, lists))
    columns = [one * longest if len(one) == 1 else one for one in lists]
    return in_order(Shape(*sides) for sides in zip(*columns, strict=True))


def crooked_shapes(problem: Problem) -> tuple[Shape, ...]:
    """Shapes that fit no tile: the problem's own, or odd ones that its kernels' multiples allow."""
    if problem.reference.stored:
        return in_order(Shape(*one.sizes.values()) for one in problem.reference.stored)
    if problem.crooked:
        return tuple(parse_shape(text, len(problem.sizes)) for text in problem.crooked)
    count = len(problem.sizes)
    if count <= len(ODD):
        sides = ODD[count - 1]
        found = [sides[i : i + count] for i in range(0, len(sides), count)]
    else:
        found = [tuple(3 + 2 * (i % 4) for i in range(count)), tuple(9 - 2 * (i % 4) for i in range(count))]
    steps = [lcm(*(kernel.multiple_of.get(name, 1) for kernel in problem.kernels)) for name in problem.sizes]
    fitted = [tuple(-(-a // s) * s for a, s in zip(one, steps, strict=True)) for one in found]
    return tuple(Shape(*sides) for sides in dict.fromkeys([*found, *fitted]))


def make_workload(problem: Problem, folder: Path | None = None) -> Workload:
    """The workload of ``problem``; ``folder`` is where the user opened it, None where nobody did.

    Operands are the problem's inputs, then for each size an array of that length that takes no memory, for
    layouts and references know a shape by them.
    """
    answer = _remembered(answerer(problem, folder))
    main = problem.inputs[0].dtype if problem.inputs else "f32"

    def operand_shapes(shape: Shape) -> tuple[tuple[int, ...], ...]:
        sizes = sizes_of(problem, shape)
        for one in (*problem.scratch, *problem.outputs):
            array_shape(one, sizes)
        return (*(array_shape(one, sizes) for one in problem.inputs), *((side,) for side in shape.sizes))

    def inputs(shape: Shape, seed: int, kind: str = NORMAL) -> Operands:
        check_kind(kind)
        sizes = sizes_of(problem, shape)
        random = np.random.default_rng(seed)
        stubs = tuple(np.broadcast_to(np.float32(0), (side,)) for side in shape.sizes)
        if answer.holds(sizes) or (problem.reference.stored and not problem.reference.python):
            return (*answer.stored(sizes), *stubs)
        return (*(_made(one, sizes, random, kind) for one in problem.inputs), *stubs)

    def reference(operands: Operands) -> np.ndarray:
        return answer.of(operands)

    def flops(shape: Shape) -> int:
        return round(value(problem.flops, sizes_of(problem, shape)))

    def size(shape: Shape, element: float) -> float:
        sizes = sizes_of(problem, shape)
        out = float(sum(DTYPES[o.dtype].itemsize * prod(array_shape(o, sizes)) for o in problem.outputs))
        read = sum(
            prod(array_shape(one, sizes)) * (element if one.dtype == main else DTYPES[one.dtype].itemsize)
            for one in problem.inputs
        )
        if problem.bytes is None:
            return out + read
        declared = float(value(problem.bytes, sizes))
        return min(out, declared) + max(0.0, declared - out) * element / DTYPES[main].itemsize

    def tolerance(
        compute: str, sums: str, shape: Shape, condition: float = 1.0, growth: float = 1.0
    ) -> float:
        sizes = sizes_of(problem, shape)
        if problem.tolerance.relative is not None:
            return max(problem.tolerance.relative, EXACT)
        if all(DTYPES[one.dtype].kind != "f" for one in problem.outputs):
            return EXACT
        terms = 1 if problem.tolerance.terms is None else whole(problem.tolerance.terms, sizes, 1)
        if problem.reference.einsum and problem.tolerance.terms is None:
            terms = contracted(problem, sizes)
        return rounding(compute, sums, terms, condition, growth)

    einsum = problem.reference.einsum
    return Workload(
        name=problem.name,
        title=problem.title or problem.name,
        dimensions=tuple(problem.sizes),
        operand_shapes=operand_shapes,
        inputs=inputs,
        reference=reference,
        native=_native(einsum, len(problem.inputs)) if einsum else None,
        flops=flops,
        bytes=size,
        tolerance=tolerance,
        magnitudes=None if einsum else lambda operands: np.abs(answer.of(operands)),
        default_shapes=default_shapes(problem),
        odd=crooked_shapes(problem),
    )


def contracted(problem: Problem, sizes: dict[str, int]) -> int:
    """How many products an einsum adds up for each element of its answer."""
    given, _, kept = problem.reference.einsum.replace(" ", "").partition("->")
    lengths: dict[str, int] = {}
    for letters, buffer in zip(given.split(","), problem.inputs, strict=True):
        lengths |= dict(zip(letters, array_shape(buffer, sizes), strict=True))
    return prod(length for letter, length in lengths.items() if letter not in kept)


def einsum_fault(problem: Problem) -> str:
    """What is wrong with the einsum of a problem, in a few words; empty where nothing is."""
    text = problem.reference.einsum.replace(" ", "")
    given, arrow, kept = text.partition("->")
    parts = given.split(",")
    letters = set(string.ascii_letters)
    if not arrow or not set(given + kept) <= letters | {","} or "," in kept:
        return f"einsum {text!r} is none: write letters for dimensions, as in ij,j->i"
    if len(parts) != len(problem.inputs) or len(problem.outputs) != 1:
        return (
            f"einsum {text!r} takes {len(parts)} inputs and gives one output; there are "
            f"{len(problem.inputs)} and {len(problem.outputs)}"
        )
    for part, buffer in zip((*parts, kept), (*problem.inputs, *problem.outputs), strict=True):
        if len(part) != (len(buffer.shape) or 1):
            return (
                f"einsum {text!r}: {buffer.name} has {len(buffer.shape) or 1} dimensions, and "
                f"{part!r} {len(part)}"
            )
    if not set(kept) <= set(given) or len(set(kept)) < len(kept):
        return f"einsum {text!r}: the answer's letters have to be the inputs', each once"
    return ""


def _native(einsum: str, count: int) -> Callable[[Operands], np.ndarray]:
    def native(operands: Operands) -> np.ndarray:
        arrays = (operand.astype(np.float32, copy=False) for operand in operands[:count])
        found: np.ndarray = np.einsum(einsum, *arrays, optimize=True)
        return found

    return native


class _remembered:  # noqa: N801
    """An answer is asked for twice in turn, for itself and for its magnitudes: the last one is kept."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._last: tuple[Operands, np.ndarray] | None = None
        self.stored, self.holds = answer.stored, answer.holds

    def of(self, operands: Operands) -> np.ndarray:
        last = self._last
        if (
            last
            and len(last[0]) == len(operands)
            and all(a is b for a, b in zip(last[0], operands, strict=True))
        ):
            return last[1]
        found = self._answer.of(operands)
        self._last = (operands, found)
        return found


def _made(buffer: Buffer, sizes: dict[str, int], random: np.random.Generator, kind: str) -> np.ndarray:
    shape, dtype = array_shape(buffer, sizes), DTYPES[buffer.dtype]
    if dtype.kind != "f":
        low = WHOLE[0] if buffer.low is None else whole(buffer.low, sizes, -(1 << 31))
        high = max(low + 1, WHOLE[1]) if buffer.high is None else whole(buffer.high, sizes, -(1 << 31))
        limits = np.iinfo(dtype)
        if not limits.min <= low < high <= limits.max + 1:
            raise KernelscopeError(f"{buffer.name}: no {buffer.dtype} lies between {low} and {high}")
        return random.integers(low, high, shape, dtype=dtype)
    if buffer.low is not None or buffer.high is not None:
        low_end = float(value(0 if buffer.low is None else buffer.low, sizes))
        high_end = float(value(1 if buffer.high is None else buffer.high, sizes))
        return random.uniform(low_end, high_end, shape).astype(dtype)
    array = random.standard_normal(shape, dtype=np.float32)
    without_zeros(array)
    of_kind(kind, random, array.reshape(-1, shape[-1]) if len(shape) > 2 else array)
    return array.astype(dtype, copy=False)
