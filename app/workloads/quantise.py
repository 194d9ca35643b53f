"""Storing floats in fewer bits, and padding them to whole words."""

import numpy as np
from msgspec import Struct


class Quantised(Struct, frozen=True):
    """Integers q with value = scale * (q - zero)."""

    values: np.ndarray
    scale: float
    zero: int

    def wide(self) -> np.ndarray:
        """The values as float64, shaped as they came."""
        values = self.values.astype(np.float64)
        values -= self.zero
        values *= self.scale
        return values


def quantise(array: np.ndarray, dtype: type[np.integer], zero: int, largest: int) -> Quantised:
    """Round ``array`` to integers of ``dtype`` within ``largest`` of ``zero``, one scale for the whole array.

    The scale maps the array's largest magnitude to ``largest`` (symmetric, per-tensor quantisation).
    """
    scale = max(float(array.max()), -float(array.min()), _SMALLEST) / largest
    values = array * np.float32(1 / scale)
    np.rint(values, out=values)
    values += zero
    return Quantised(values.astype(dtype), scale, zero)


class QuantisedRows(Struct, frozen=True):
    """Integers q (rows, columns) with a scale for each row: value = scale * (q - zero)."""

    values: np.ndarray
    scales: np.ndarray
    zero: int = 0

    def wide(self) -> np.ndarray:
        """The values as float64, shaped as they came."""
        values = self.values.astype(np.float64)
        values -= self.zero
        values *= self.scales[:, None].astype(np.float64)
        return values


def quantise_rows(matrix: np.ndarray, zero: int = 0, largest: int = 127) -> QuantisedRows:
    """As ``quantise`` to int8, each row with a float32 scale of its own: one for each channel or token."""
    peaks = np.abs(matrix).max(axis=1)
    scales = (np.maximum(peaks, np.float32(_SMALLEST)) / np.float32(largest)).astype(np.float32)
    values = np.rint(matrix / scales[:, None])
    values += zero
    return QuantisedRows(values.astype(np.int8), scales, zero)


_SMALLEST = 1e-30
"""Keeps the scale of an all-zero array finite."""


def pad_columns(array: np.ndarray, multiple: int) -> np.ndarray:
    """``array`` with its last axis zero-padded to a multiple; C-contiguous, unchanged when it fits."""
    missing = -array.shape[-1] % multiple
    if not missing:
        return contiguous(array)
    return np.pad(array, [(0, 0)] * (array.ndim - 1) + [(0, missing)])


def contiguous(array: np.ndarray) -> np.ndarray:
    """``array`` in C order; itself where it is, or where it is a sketch."""
    return array if array.flags.c_contiguous else array.copy(order="C")
