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


def compare(
    result: np.ndarray,
    truth: np.ndarray,
    stored: np.ndarray,
    tolerance: float,
    weights: np.ndarray | None = None,
) -> Error:
    """Judge ``result`` against ``truth`` (the original problem) and ``stored`` (the operands as stored).

    All have the answer's shape; the references are float64. Where there are ``weights``, an element may be
    off by as many times more, as in a row of large operands. A result that is not finite, or has another
    shape, has no error in figures.
    """
    if result.shape != truth.shape or not np.isfinite(result).all():
        return Error(None, None, None, None, tolerance)
    off, worst = _deviation(result, truth)
    if stored is truth and weights is None:
        off_stored, worst_stored = off, worst
    else:
        off_stored, worst_stored = _deviation(result, stored, weights)
    size = max(_norm(stored), _TINY)
    return Error(
        relative_l2=off / max(_norm(truth), _TINY),
        max_abs=worst,
        kernel_relative_l2=off_stored / size,
        kernel_worst=worst_stored / max(size / max(stored.size, 1) ** 0.5, _TINY),
        tolerance=tolerance,
    )


def _deviation(
    result: np.ndarray, exact: np.ndarray, weights: np.ndarray | None = None
) -> tuple[float, float]:
    """The norm and the largest magnitude of ``result - exact``; one temporary, for results may be large."""
    off = np.subtract(result, exact, dtype=np.float64)
    norm = _norm(off)
    if weights is not None:
        off /= weights
    return norm, max(float(off.max(initial=0.0)), -float(off.min(initial=0.0)))


def magnitudes(workload: Workload, operands: Operands) -> np.ndarray:
    """What rounding errors grow with, float64: mostly the answer if no term had a sign, as ``|A| |x|``."""
    if workload.magnitudes:
        return workload.magnitudes(operands)
    sizes: np.ndarray = workload.reference(tuple(np.abs(operand) for operand in operands))
    return sizes


def weighed(magnitudes: np.ndarray) -> np.ndarray:
    """How many times more than a usual element each may be off, at least once."""
    usual = _norm(magnitudes) / max(magnitudes.size, 1) ** 0.5
    weights: np.ndarray = np.maximum(1.0, magnitudes / max(usual, _TINY))
    return weights


def tolerance(
    workload: Workload,
    variant: Variant,
    shape: Shape,
    layout: Layout,
    stored: np.ndarray,
    magnitudes: np.ndarray,
) -> float:
    """Within which relative error a result of ``variant`` is right.

    ``stored`` is the exact answer on the operands as stored, ``magnitudes`` those of the original problem.
    """
    condition = _norm(magnitudes) / max(_norm(stored), _TINY)
    return workload.tolerance(variant.compute, variant.sums, shape, condition, layout.growth)


MOST_UNMOVED = 0.1
"""A fraction of the answer: so much of it may be the same for other operands, by chance."""


CHANCE = 2.0
"""Whole numbers may be the same this many times as often as two of the answer's are."""


def most_unmoved(before: np.ndarray) -> float:
    """The fraction of an answer, ``before`` without its zeros, that other operands may leave as it is.

    Small counts agree by chance: as often as two elements of the answer do.
    """
    if not before.size or (before != np.rint(before)).any():
        return MOST_UNMOVED
    _, counts = np.unique(before, return_counts=True)
    alike = float(np.square(counts / before.size).sum())
    return max(MOST_UNMOVED, min(1 - MOST_UNMOVED, CHANCE * alike))


def check_follows(kernel: Kernel, layout: Layout) -> None:
    """See that the answer changes with the operands; they, and the answer to them, are back afterwards.

    Poison shows what a run does not write; this shows what it does not compute: an answer kept from an
    earlier run, skipped because it is there already, or written one run too late. Every bit of the smallest
    operand is inverted: all of its elements differ then, and stay within what their type can hold. An honest
    answer may hide that one behind larger ones: then the next is inverted, until enough followed any. A zero
    says nothing: what is negative becomes one where a layer cuts it off.

    Raises:
        WrongResult: more of the answer than chance allows is what it was before, whatever changed.
    """
    before = layout.decode(kernel.result())
    unmoved = before != 0
    most = most_unmoved(before[unmoved]) * np.count_nonzero(unmoved)
    # None where its operands are numbers in the text or the call; an empty one has nothing to change.
    changed = sorted((one for one in layout.buffers.items() if one[1].nbytes), key=lambda one: one[1].nbytes)
    for name, operand in changed:
        after = _after(kernel, layout, name, operand)
        if after is None:
            return  # a trap over a number out of its range: it did look at its operands
        unmoved &= before == after
        if np.count_nonzero(unmoved) <= most:
            return
    if changed:
        raise WrongResult(
            f"{np.count_nonzero(unmoved)} of {before.size} results stayed the same when the operands changed"
        )


def _after(kernel: Kernel, layout: Layout, name: str, operand: np.ndarray) -> np.ndarray | None:
    """The answer while every bit of an operand is inverted; None where that traps."""
    other = np.invert(np.ascontiguousarray(operand).view(np.uint8)).view(operand.dtype)
    kernel.load({name: other})
    try:
        kernel.time(1)
        return layout.decode(kernel.result())
    except KernelscopeError:
        return None
    finally:
        kernel.load({name: operand})
        kernel.time(1)


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
