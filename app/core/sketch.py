"""Arrays with a shape and a type and no memory: what a layout takes up, known before anything is there."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Self

import numpy as np

Shape = tuple[int, ...]


class Sketch(np.ndarray):
    """One element repeated without end. What layouts do to operands keeps to shapes and types here.

    ``nbytes`` is what an array of that shape takes. Values mean nothing.
    """

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: str, *inputs: Any, out: Sequence[Any] | None = None, **kwargs: Any
    ) -> Any:
        if out and out[0] is not None:
            return out[0]
        ones = [np.ones((1,) * np.ndim(x), x.dtype) if isinstance(x, np.ndarray) else x for x in inputs]
        small = getattr(ufunc, method)(*ones, **kwargs)
        if method == "__call__":
            return sketch(np.broadcast_shapes(*map(np.shape, inputs)), small.dtype)
        axes = kwargs.get("axis", 0)
        gone = range(self.ndim) if axes is None else np.atleast_1d(axes) % self.ndim
        return sketch([size for i, size in enumerate(self.shape) if i not in gone], small.dtype)

    def __array_function__(
        self,
        func: Callable[..., Any],
        types: Iterable[type],
        args: Iterable[Any],
        kwargs: Any,
    ) -> Any:
        if func is not np.pad:
            return super().__array_function__(func, types, args, kwargs)
        array, width, *_ = args
        widths = np.broadcast_to(np.asarray(width), (array.ndim, 2)).sum(axis=1)
        return sketch([size + more for size, more in zip(array.shape, widths, strict=True)], array.dtype)

    def astype(self, dtype: Any, *args: Any, **kwargs: Any) -> Any:
        return sketch(self.shape, dtype)

    def view(self, dtype: Any = None, *args: Any) -> Any:  # type: ignore[override]
        last = self.shape[-1] * self.itemsize // np.dtype(dtype).itemsize
        return sketch((*self.shape[:-1], last), dtype)

    def copy(self, order: Any = "C") -> Self:
        return self


def sketch(shape: Iterable[int], dtype: Any = np.float32) -> Sketch:
    """An array of that shape and type that takes no memory."""
    one = np.ones((), dtype)
    return np.broadcast_to(one, tuple(int(size) for size in shape)).view(Sketch)
