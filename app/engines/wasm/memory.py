"""The places of a program's operands and its result in a linear memory."""

from collections.abc import Mapping
from itertools import accumulate

import numpy as np
from msgspec import Struct

from app.core.errors import LimitError
from app.core.program import Layout
from app.engines.layouts import as_bytes

PAGE = 65536

MODULE, NAME = "kernelscope", "memory"
"""What a program that runs on several threads imports."""

ALIGNMENT = 64
"""Buffers start on cache lines, so that no 16-byte load crosses one."""

PAGES_32 = 65536
"""What 32-bit addresses reach: 4 GiB."""


class Places(Struct, frozen=True):
    """A pointer for each buffer, each scratch and, last, the result; and the pages that hold them all.

    Those of the buffers are of the first of ``copies``, each ``stride`` bytes behind the one before it.
    """

    pointers: tuple[int, ...]
    pages: int
    copies: int = 1
    stride: int = 0


def place(layout: Layout, memory64: bool, base: int = 0, copies: int = 1) -> Places:
    """Buffers one after the other from ``base`` on, ``copies`` times over, then scratch, then the result.

    The first line is left free: threads meet there.

    Raises:
        LimitError: 32-bit addresses do not reach that far.
    """
    dtype, length = layout.output
    buffers = [buffer.nbytes for buffer in layout.buffers.values()]
    sizes = [*buffers, *layout.scratch.values(), dtype.itemsize * length]
    strides = [-(-size // ALIGNMENT) * ALIGNMENT for size in sizes]
    stride = sum(strides[: len(buffers)])
    first = list(accumulate(strides[: len(buffers)], initial=base + ALIGNMENT))[:-1]
    *others, end = accumulate(strides[len(buffers) :], initial=base + ALIGNMENT + copies * stride)
    # One line more: a kernel may load a whole vector of which it uses the first lanes.
    pages = -(-(end + ALIGNMENT) // PAGE)
    if pages > PAGES_32 and not memory64:
        raise LimitError(f"needs {pages} pages of memory; 32-bit WebAssembly has at most {PAGES_32} (4 GiB)")
    return Places((*first, *others), pages, copies, stride)


def fill(memory: np.ndarray, layout: Layout, places: Places, buffers: Mapping[str, np.ndarray]) -> None:
    """Copy those of the layout's ``buffers`` into ``memory``, a view of its bytes, at every copy's place."""
    for pointer, name in zip(places.pointers, layout.buffers, strict=False):
        if name in buffers:
            data = as_bytes(buffers[name])
            for copy in range(places.copies):
                start = pointer + copy * places.stride
                memory[start : start + data.nbytes] = data


def operand(memory: np.ndarray, layout: Layout, places: Places) -> np.ndarray:
    """The bytes of the first buffer within ``memory``: a view, not a copy."""
    first = next(iter(layout.buffers.values()))
    return memory[places.pointers[0] : places.pointers[0] + first.nbytes]


def output(memory: np.ndarray, layout: Layout, places: Places) -> np.ndarray:
    """The result within ``memory``: a view, not a copy."""
    dtype, length = layout.output
    start = places.pointers[-1]
    view: np.ndarray = memory[start : start + dtype.itemsize * length].view(dtype)
    return view
