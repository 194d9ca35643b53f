"""Verification: is the result right, and what did the storage type cost?"""

import numpy as np

from app.core.errors import KernelscopeError
from app.core.measurement import NOT_FINITE, Error
from app.core.program import Layout
from app.core.shape import Shape
from app.core.variant import Variant
from app.core.workload import Operands, Workload
from app.engines import Kernel


class WrongResult(Exception):
    """A kernel does not do what its time is taken for; the text says how that shows."""


def compare(result: np.ndarray, truth: np.ndarray, stored: np.ndarray, tolerance: float) -> Error:
    """Judge ``result`` against ``truth`` (the original problem) and ``stored`` (the operands as stored).

    All three have the answer's shape; the references are float64. A result that is not finite, or has
    another shape, has no error in figures.
    """
    if result.shape != truth.shape or not np.isfinite(result).all():
        return Error(None, None, None, None, tolerance)
    off, worst = _deviation(result, truth)
    off_stored, worst_stored = (off, worst) if stored is truth else _deviation(result, stored)
    size = max(_norm(stored), _TINY)
    return Error(
        relative_l2=off / max(_norm(truth), _TINY),
        max_abs=worst,
        kernel_relative_l2=off_stored / size,
        kernel_worst=worst_stored / max(size / max(stored.size, 1) ** 0.5, _TINY),
        tolerance=tolerance,
    )


def _deviation(result: np.ndarray, exact: np.ndarray) -> tuple[float, float]:
    """The norm and the largest magnitude of ``result - exact``; one temporary, for results may be large."""
    off = np.subtract(result, exact, dtype=np.float64)
    return _norm(off), max(float(off.max(initial=0.0)), -float(off.min(initial=0.0)))


def magnitude(workload: Workload, operands: Operands) -> float:
    """The norm that the answer would have if no term of it had a sign: rounding errors grow with it."""
    return _norm(workload.reference(tuple(np.abs(operand) for operand in operands)))


def tolerance(
    workload: Workload, variant: Variant, shape: Shape, layout: Layout, stored: np.ndarray, magnitude: float
) -> float:
    """Within which relative error a result of ``variant`` is right.

    ``stored`` is the exact answer on the operands as stored, ``magnitude`` that of the original problem.
    """
    condition = magnitude / max(_norm(stored), _TINY)
    return workload.tolerance(variant.compute, variant.sums, shape, condition, layout.growth)


MOST_UNMOVED = 0.1
"""A fraction of the answer: so much of it may be the same for other operands, by chance."""


def check_follows(kernel: Kernel, layout: Layout) -> None:
    """See that the answer changes with the operands, which are back in place afterwards.

    Poison shows what a run does not write; this shows what it does not compute: an answer kept from an
    earlier run, skipped because it is there already, or written one run too late. Every bit of the smallest
    operand is inverted: all of its elements differ then, and stay within what their type can hold.

    Raises:
        WrongResult: more of the answer than chance allows is what it was before.
    """
    if not layout.buffers:
        return  # its operands are numbers in the text or the call: nothing to change
    name, operand = min(layout.buffers.items(), key=lambda item: item[1].nbytes)
    before = layout.decode(kernel.result())
    other = np.invert(np.ascontiguousarray(operand).view(np.uint8)).view(operand.dtype)
    kernel.load({name: other})
    try:
        kernel.time(1)
    except KernelscopeError:
        return  # a trap over a number out of its range: it did look at its operands
    finally:
        after = layout.decode(kernel.result())
        kernel.load({name: operand})
    unmoved = np.count_nonzero(before == after)
    if unmoved > MOST_UNMOVED * max(before.size, 1):
        raise WrongResult(f"{unmoved} of {before.size} results stayed the same when the operands changed")


def complaint(error: Error) -> str:
    """What is wrong with a result that is not acceptable, in one line."""
    if error.kernel_relative_l2 is None or error.kernel_worst is None:
        return f"the result is {NOT_FINITE}, or not all of it was written"
    return (
        f"relative error {error.kernel_relative_l2:.1e} (worst element {error.kernel_worst:.1e}) "
        f"exceeds the tolerance {error.tolerance:.0e}"
    )


def _norm(array: np.ndarray) -> float:
    return float(np.linalg.norm(array))


_TINY = 1e-300
