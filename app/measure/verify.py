"""Verification: is the result right, and what did the storage type cost?"""

import numpy as np

from app.core.measurement import Error


def compare(result: np.ndarray, truth: np.ndarray, stored: np.ndarray, tolerance: float) -> Error:
    """Judge ``result`` against ``truth`` (the original problem) and ``stored`` (the operands as stored).

    All three have the answer's shape; the references are float64. A result that is not finite, or has
    another shape, is infinitely wrong.
    """
    if result.shape != truth.shape or not np.isfinite(result).all():
        return Error(_NEVER, _NEVER, _NEVER, _NEVER, tolerance)
    wide = result.astype(np.float64)
    off, off_stored = wide - truth, wide - stored
    rms = max(float(np.sqrt(np.mean(stored**2))), _TINY)
    return Error(
        relative_l2=_norm(off) / max(_norm(truth), _TINY),
        max_abs=float(np.max(np.abs(off), initial=0.0)),
        kernel_relative_l2=_norm(off_stored) / max(_norm(stored), _TINY),
        kernel_worst=float(np.max(np.abs(off_stored), initial=0.0)) / rms,
        tolerance=tolerance,
    )


def complaint(error: Error) -> str:
    """What is wrong with a result that is not acceptable, in one line."""
    if error.kernel_relative_l2 >= _NEVER:
        return "the result is not finite, or not all of it was written"
    return (
        f"relative error {error.kernel_relative_l2:.1e} (worst element {error.kernel_worst:.1e}) "
        f"exceeds the tolerance {error.tolerance:.0e}"
    )


def _norm(array: np.ndarray) -> float:
    return float(np.linalg.norm(array))


_TINY = 1e-300
_NEVER = 1e300
"""Stands for an infinite error: JSON has no infinity."""
