"""Running modules in wasmtime: compile, fill the memory through a NumPy view, call, time."""

import ctypes
import time

import numpy as np
import wasmtime
from wasmtime import _ffi as ffi

from app.core.errors import KernelError, KernelscopeError, LimitError
from app.core.measurement import Costs
from app.core.program import Program
from app.engines.wasm.memory import PAGE, fill, output, place
from app.engines.wasmtime.compile import compile_text, configuration_for, engine_for


class WasmKernel:
    """One instance with its operands in memory."""

    timer = "wall clock over a batch, loop inside Wasm"

    def __init__(self, program: Program) -> None:
        self._layout = program.layout
        configuration = configuration_for(program.parameters)
        self._store = wasmtime.Store(engine_for(configuration))
        compiled = compile_text(configuration, program.source)
        instance = wasmtime.Instance(self._store, compiled.module, [])
        start = time.perf_counter()
        exports = instance.exports(self._store)
        memory, run = exports.get("memory"), exports.get("run")
        if not isinstance(memory, wasmtime.Memory) or not isinstance(run, wasmtime.Func):
            raise KernelError("the module must export a memory 'memory' and a function 'run'")
        self._memory = memory
        self._places = place(program.layout, memory.type(self._store).is_64)
        self._grow(self._places.pages)
        fill(self._view(), program.layout, self._places)
        uploaded = time.perf_counter()
        self._call = _Call(self._store, run, [*self._places.pointers, *program.layout.scalars.values()])
        self.costs = Costs(compiled.seconds, uploaded - start, self.time(1))

    def _grow(self, pages: int) -> None:
        missing = pages - self._memory.size(self._store)
        if missing > 0:
            try:
                self._memory.grow(self._store, missing)
            except wasmtime.WasmtimeError as error:
                raise LimitError(f"no memory for {pages * PAGE >> 20} MiB of operands: {error}") from error

    def _view(self) -> np.ndarray:
        """The memory without a copy; taken anew each time, because growing may move it."""
        base = ctypes.addressof(self._memory.data_ptr(self._store).contents)
        return np.ctypeslib.as_array((ctypes.c_uint8 * self._memory.data_len(self._store)).from_address(base))

    def _output(self) -> np.ndarray:
        return output(self._view(), self._layout, self._places)

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
        # Addresses and counts are as wide as the memory's: all i32, or all i64.
        count = types[0] if types and types[0] == "i64" else "i32"
        expected = [count] + ["f32" if isinstance(value, float) else count for value in arguments]
        if types != expected:
            raise KernelError(
                f"'run' takes ({', '.join(types)}), but the layout gives ({', '.join(expected)})"
            )
        self._raw = (ffi.wasmtime_val_raw_t * len(expected))()
        self._count = count
        for slot, value in zip(list(self._raw)[1:], arguments, strict=True):
            setattr(slot, "f32" if isinstance(value, float) else count, value)
        self._store, self._func = store, func
        self._context = store._context()

    def __call__(self, repeats: int) -> float:
        setattr(self._raw[0], self._count, repeats)
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
