"""Operands on a device, in as many copies as runs take in turn.

Cold ones fill hundreds of megabytes, so kernels that read the same bytes share one set (``shares_operands``).
A kernel's own instances do not: what it changes to lie elsewhere in memory is what they are prepared for.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import wgpu

from app.core.program import Layout, Program
from app.engines.layouts import as_bytes, shares_operands

USAGE = wgpu.BufferUsage.STORAGE | wgpu.BufferUsage.COPY_SRC | wgpu.BufferUsage.COPY_DST


class Operands:
    """One set: a list of buffers, in binding order, for each copy; ``users`` are the texts that read it."""

    def __init__(self, device: Any, layout: Layout, copies: int) -> None:
        self._queue = device.queue
        self._layout = layout
        arrays = [as_bytes(array) for array in layout.buffers.values()]
        self.copies = [[_buffer(device, array) for array in arrays] for _ in range(copies)]
        self.users: list[tuple[str, bool]] = []
        self._turn = 0

    def holds(self, program: Program) -> bool:
        """Whether these are the operands of ``program``, byte by byte, in as many copies."""
        own, other = self._layout.buffers, program.layout.buffers
        if program.copies != len(self.copies) or list(own) != list(other):
            return False
        return all(_same(own[name], other[name]) for name in own)

    def turn(self) -> int:
        """The copy that the next run takes: that which nobody has read for longest."""
        turn, self._turn = self._turn, (self._turn + 1) % len(self.copies)
        return turn

    def load(self, buffers: Mapping[str, np.ndarray]) -> None:
        """Put arrays, by name, in the place of those of the same size in every copy."""
        for copy in self.copies:
            for name, buffer in zip(self._layout.buffers, copy, strict=True):
                if name in buffers:
                    self._queue.write_buffer(buffer, 0, padded(as_bytes(buffers[name])))

    def destroy(self) -> None:
        """Give the memory back."""
        for copy in self.copies:
            for buffer in copy:
                buffer.destroy()


class Pool:
    """The sets of one device."""

    def __init__(self, device: Any) -> None:
        self._device = device
        self._shared: list[Operands] = []

    def take(self, program: Program) -> Operands:
        """The operands of ``program``: those of another text where they may be shared."""
        if not shares_operands(program.layout, program.copies):
            return Operands(self._device, program.layout, program.copies)
        text = _text(program)
        alike = (one for one in self._shared if text not in one.users and one.holds(program))
        found = next(alike, None)
        if found is None:
            found = Operands(self._device, program.layout, program.copies)
            self._shared.append(found)
        found.users.append(text)
        return found

    def give_back(self, operands: Operands, program: Program) -> None:
        """One text less that reads them; the last one gives their memory back."""
        if operands.users:
            operands.users.remove(_text(program))
        if not operands.users:
            operands.destroy()
            self._shared = [one for one in self._shared if one is not operands]


def _text(program: Program) -> tuple[str, bool]:
    """What is compiled; without its checks a text is another kernel."""
    return program.source, program.checked


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    if one is other:
        return True
    return one.nbytes == other.nbytes and as_bytes(one).data == as_bytes(other).data


def padded(data: np.ndarray, multiple: int = 4) -> np.ndarray:
    """``data`` with zeros behind it to a whole number of ``multiple`` bytes, at least one."""
    size = -(-max(data.nbytes, multiple) // multiple) * multiple
    return data if size == data.nbytes else np.pad(data, (0, size - data.nbytes))


def _buffer(device: Any, data: np.ndarray) -> Any:
    return device.create_buffer_with_data(data=padded(data), usage=USAGE)
