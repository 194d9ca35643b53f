"""Running modules in wasmtime: compile, fill the memory through a NumPy view, call, time."""

import ctypes
import time
from itertools import accumulate

import numpy as np
import wasmtime
from wasmtime import _ffi as ffi

from app.core.errors import KernelError, KernelscopeError, LimitError
from app.core.measurement import Costs
from app.core.program import Layout, Program
from app.engines.wasmtime.compile import compile_text, engine_for

PAGE = 65536
ALIGNMENT = 64
"""Buffers start on cache lines, so that no 16-byte load crosses one."""


class WasmKernel:
    """One instance with its operands in memory."""

    timer = "wall clock over a batch, loop inside Wasm"

    def __init__(self, program: Program) -> None:
        self._layout = program.layout
        engine = engine_for(program.parameters)
        self._store = wasmtime.Store(engine)
        start = time.perf_counter()
        module = compile_text(engine, program.source)
        instance = wasmtime.Instance(self._store, module, [])
        compiled = time.perf_counter()
        exports = instance.exports(self._store)
        memory, run = exports.get("memory"), exports.get("run")
        if not isinstance(memory, wasmtime.Memory) or not isinstance(run, wasmtime.Func):
            raise KernelError("the module must export a memory 'memory' and a function 'run'")
        self._memory = memory
        pointers = self._fill(program.layout)
        uploaded = time.perf_counter()
        self._call = _Call(self._store, run, [*pointers, *program.layout.scalars.values()])
        self._result_pointer = pointers[-1]
        self.costs = Costs(compiled - start, uploaded - compiled, self.time(1))

    def _fill(self, layout: Layout) -> list[int]:
        """Copy the buffers in, each on its own cache line; pointers to them and, last, to the result."""
        dtype, length = layout.output
        sizes = [buffer.nbytes for buffer in layout.buffers.values()] + [dtype.itemsize * length]
        strides = [-(-size // ALIGNMENT) * ALIGNMENT for size in sizes]
        pointers = list(accumulate(strides, initial=ALIGNMENT))
        pages = -(-pointers.pop() // PAGE)
        missing = pages - self._memory.size(self._store)
        if pages > PAGE:
            raise LimitError(f"needs {pages} pages of memory; 32-bit WebAssembly has at most {PAGE} (4 GiB)")
        if missing > 0:
            try:
                self._memory.grow(self._store, missing)
            except wasmtime.WasmtimeError as error:
                raise LimitError(f"no memory for {pages * PAGE >> 20} MiB of operands: {error}") from error
        for pointer, buffer in zip(pointers, layout.buffers.values(), strict=False):
            self._view(pointer, buffer.nbytes)[:] = np.ascontiguousarray(buffer).reshape(-1).view(np.uint8)
        return pointers

    def _view(self, pointer: int, size: int) -> np.ndarray:
        """A zero-copy view; taken anew each time, because growing may move the memory."""
        base = ctypes.addressof(self._memory.data_ptr(self._store).contents)
        return np.ctypeslib.as_array((ctypes.c_uint8 * size).from_address(base + pointer))

    def _output(self) -> np.ndarray:
        dtype, length = self._layout.output
        return self._view(self._result_pointer, dtype.itemsize * length).view(dtype)

    def time(self, repeats: int) -> float:
        return self._call(repeats)

    def poison(self) -> None:
        self._output().view(np.uint8)[:] = 0xFF

    def result(self) -> np.ndarray:
        return self._output().copy()

    def close(self) -> None:
        self._store.close()


class _Call:
    """``run`` through the unchecked call path: about 1 us, where a checked call costs 65.

    The arguments' types are checked once, here, against the function's own type.
    """

    def __init__(self, store: wasmtime.Store, func: wasmtime.Func, arguments: list[int | float]) -> None:
        types = [str(param) for param in func.type(store).params]
        expected = ["i32"] + ["f32" if isinstance(value, float) else "i32" for value in arguments]
        if types != expected:
            raise KernelError(
                f"'run' takes ({', '.join(types)}), but the layout gives ({', '.join(expected)})"
            )
        self._raw = (ffi.wasmtime_val_raw_t * len(expected))()
        for slot, value in zip(list(self._raw)[1:], arguments, strict=True):
            if isinstance(value, float):
                slot.f32 = value
            else:
                slot.i32 = value
        self._store, self._func = store, func
        self._context = store._context()

    def __call__(self, repeats: int) -> float:
        self._raw[0].i32 = repeats
        trap = ctypes.POINTER(ffi.wasm_trap_t)()
        start = time.perf_counter()
        error = ffi.wasmtime_func_call_unchecked(
            self._context, ctypes.byref(self._func._func), self._raw, len(self._raw), ctypes.byref(trap)
        )
        seconds = time.perf_counter() - start
        if error:
            raise KernelscopeError(f"wasmtime: {wasmtime.WasmtimeError._from_ptr(error)}")
        if trap:
            raise KernelscopeError(f"trap: {wasmtime.Trap._from_ptr(trap).message}")
        return seconds


class WasmDevice:
    """The one device of wasmtime: this CPU."""

    def prepare(self, program: Program) -> WasmKernel:
        return WasmKernel(program)
