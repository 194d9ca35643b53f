"""What is timed instead of a run: bytes into a module's memory, out of it, or seen in place; and calls."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol

import numpy as np

from app.core.errors import KernelscopeError
from app.core.program import Program
from app.core.variant import Operation
from app.engines import Kernel
from app.engines.layouts import as_bytes


class Instance(Kernel, Protocol):
    """A kernel whose memory the host can see."""

    def operand(self) -> np.ndarray:
        """The bytes of the first buffer inside the module's memory: a view."""
        ...


class TransferKernel:
    """The operation of ``program``, on an instance that ``make`` prepares."""

    timer = "wall clock over a batch"

    def __init__(self, program: Program, make: Callable[[Program], Instance]) -> None:
        self._program, self._make, self._instance = program, make, make(program)
        self._dtype = program.layout.output[0]
        self._data = _bytes(program)
        self._copy = np.empty_like(self._data)
        self._seen = self._data[:0]
        operations = {
            Operation.UPLOAD: self._upload,
            Operation.DOWNLOAD: self._download,
            Operation.MAP: self._map,
            Operation.FIRST_TOUCH: self._first_touch,
            Operation.DISPATCH: self._dispatch,
        }
        self._operation = program.operation
        if self._operation not in operations:
            raise KernelscopeError(f"no operation {str(self._operation)!r} on this engine")
        self._run = operations[self._operation]
        self.costs = self._instance.costs

    def _upload(self) -> None:
        self._instance.operand()[:] = self._data

    def _download(self) -> None:
        np.copyto(self._copy, self._instance.operand())
        self._seen = self._copy

    def _map(self) -> None:
        self._seen = self._instance.operand()

    def _first_touch(self) -> None:
        self._seen = self._data[:0]
        self._instance.close()
        self._instance = self._make(self._program)

    def _dispatch(self) -> None:
        self._instance.time(1)

    def time(self, repeats: int) -> float:
        start = time.perf_counter()
        for _ in range(repeats):
            self._run()
        return time.perf_counter() - start

    def load(self, buffers: Mapping[str, np.ndarray]) -> None:
        layout = self._program.layout
        self._program = replace(self._program, layout=replace(layout, buffers={**layout.buffers, **buffers}))
        self._data = _bytes(self._program)
        self._instance.load(buffers)

    def poison(self) -> None:
        self._seen = self._data[:0]
        if self._operation is Operation.DISPATCH:
            self._instance.poison()
        elif self._operation in (Operation.UPLOAD, Operation.FIRST_TOUCH):
            self._instance.operand()[:] = 0xFF

    def result(self) -> np.ndarray:
        if self._operation is Operation.DISPATCH:
            return self._instance.result()
        if self._operation in (Operation.UPLOAD, Operation.FIRST_TOUCH):
            return self._instance.operand().view(self._dtype).copy()
        return self._seen.view(self._dtype).copy()

    def close(self) -> None:
        self._seen = self._data[:0]
        self._instance.close()


def _bytes(program: Program) -> np.ndarray:
    (source,) = program.layout.buffers.values()
    return as_bytes(source)
