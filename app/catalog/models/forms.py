"""How a tensor lies in a buffer: what one operator leaves and the next one takes, told by their layouts."""

from typing import NamedTuple

import numpy as np

from app.core.errors import KernelscopeError
from app.core.program import Layout
from app.core.sketch import Sketch


class Form(NamedTuple):
    """A tensor of ``dims``, its elements ``strides`` apart (counted in elements), in a buffer of ``size``."""

    dims: tuple[int, ...]
    strides: tuple[int, ...]
    dtype: np.dtype
    size: int

    @property
    def bytes(self) -> int:
        return self.size * self.dtype.itemsize

    def split(self, dims: tuple[int, ...]) -> "Form":
        """The same with its last dimension as several: tokens x hidden as tokens x heads x size.

        Raises:
            KernelscopeError: the dimensions are others.
        """
        if dims == self.dims:
            return self
        if len(dims) > len(self.dims) and np.prod(dims[-2:]) == self.dims[-1]:
            strides = (*self.strides[:-1], dims[-1] * self.strides[-1], self.strides[-1])
            return self._replace(dims=(*self.dims[:-1], *dims[-2:]), strides=strides).split(dims)
        raise KernelscopeError(f"a tensor of {self.dims} is none of {dims}")

    def view(self, raw: np.ndarray) -> np.ndarray:
        """The tensor in ``raw``, elements of the buffer."""
        strides = tuple(stride * raw.itemsize for stride in self.strides)
        return np.lib.stride_tricks.as_strided(raw, self.dims, strides, writeable=False)


def finer(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    """Those of two forms' dimensions of which there are more."""
    return one if len(one) >= len(other) else other


def of_operand(buffer: np.ndarray, operand: np.ndarray) -> Form | None:
    """How ``operand`` lies in ``buffer``: row by row, each padded or not. None where it is another way."""
    dims = operand.shape
    if buffer.dtype not in (np.float32, np.float16):
        return None
    if buffer.size == operand.size:
        padded = dims
    elif buffer.ndim == operand.ndim and all(a >= b for a, b in zip(buffer.shape, dims, strict=True)):
        padded = buffer.shape
    else:
        return None
    strides = tuple(int(np.prod(padded[i + 1 :], dtype=np.int64)) for i in range(len(dims)))
    found = Form(dims, strides, buffer.dtype, buffer.size)
    if isinstance(buffer, Sketch) or isinstance(operand, Sketch):
        return found
    flat = np.ascontiguousarray(buffer).reshape(-1)
    same = np.array_equal(found.view(flat), operand.astype(buffer.dtype, copy=False))
    return found if same else None


def of_result(layout: Layout) -> Form:
    """How the answer lies in a result, told by where each of its corners comes from.

    Raises:
        KernelscopeError: it is more than a matter of places.
    """
    dtype, length = layout.output
    at = layout.decode(np.arange(length, dtype=np.int64))
    origin = (0,) * at.ndim
    if at[origin] != 0:
        raise KernelscopeError("an operator's answer does not begin where its result does")
    strides = tuple(
        int(at[tuple(int(i == axis) for i in range(at.ndim))]) if at.shape[axis] > 1 else 0
        for axis in range(at.ndim)
    )
    last = sum(stride * (size - 1) for stride, size in zip(strides, at.shape, strict=True))
    if at[(-1,) * at.ndim] != last:
        raise KernelscopeError("an operator's answer does not lie row by row")
    return Form(at.shape, strides, dtype, length)
