"""Suspending a module on a stack of its own: wasmtime's fibers, by a C API that wasmtime-py does not wrap.

The module imports ``add``, which answers a promise: the stack of the module is set aside until the host,
here, has kept it, and polls again.
"""

import ctypes
import time
from typing import Any

import wasmtime
from wasmtime import _ffi as ffi

from app.core.errors import KernelError, KernelscopeError
from app.core.measurement import Costs
from app.core.program import Program
from app.engines.wasm.suspension import NumberKernel
from app.engines.wasmtime.compile import compile_text, configuration_for, engine_for

_NO_FINALIZER = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(0)


class FiberKernel(NumberKernel):
    """promiseFib on a fiber; every addition suspends it once."""

    def __init__(self, program: Program) -> None:
        configuration = configuration_for(program.parameters)
        compiled = compile_text(configuration, program.source)
        engine = engine_for(configuration)
        self.timer = "wall clock over a batch, resumed by Python"
        self._n = int(program.layout.scalars["n"])
        self._store = wasmtime.Store(engine)
        self._linker = wasmtime.Linker(engine)
        self._kept = False
        self._result: Any = None
        self._sum = 0
        # ctypes keeps no reference of its own to a callback that C holds.
        self._promise = ffi.wasmtime_func_async_callback_t(self._add)
        self._ready = ffi.wasmtime_func_async_continuation_callback_t(self._keep)
        self._trap = ctypes.POINTER(ffi.wasm_trap_t)()
        self._error = ctypes.POINTER(ffi.wasmtime_error_t)()
        self._fib = self._instantiate(compiled.module)
        self.costs = Costs(
            compiled.seconds, 0.0, self.time(1), module_bytes=compiled.size, code_bytes=compiled.code
        )

    def _add(self, env, caller, args, count, results, result_count, trap, continuation) -> None:  # type: ignore[no-untyped-def]
        self._result, self._sum, self._kept = results, args[0].of.i32 + args[1].of.i32, False
        continuation[0].callback = self._ready
        continuation[0].env = None
        continuation[0].finalizer = _NO_FINALIZER

    def _keep(self, env: object) -> bool:
        """Polled by wasmtime: False leaves the fiber suspended."""
        if self._kept and self._result is not None:
            self._result[0].kind = 0
            self._result[0].of.i32 = self._sum
        return self._kept

    def _instantiate(self, module: wasmtime.Module) -> wasmtime.Func:
        i32 = wasmtime.ValType.i32
        kind = wasmtime.FuncType([i32(), i32()], [i32()])
        words = (b"kernelscope", len(b"kernelscope"), b"add", len(b"add"))
        error = ffi.wasmtime_linker_define_async_func(
            self._linker.ptr(), *words, kind.ptr(), self._promise, None, _NO_FINALIZER
        )
        if error:
            raise KernelError(str(wasmtime.WasmtimeError._from_ptr(error)))
        instance = ffi.wasmtime_instance_t()
        self._finish(
            ffi.wasmtime_linker_instantiate_async(
                self._linker.ptr(),
                self._store._context(),
                module.ptr(),
                ctypes.byref(instance),
                ctypes.byref(self._trap),
                ctypes.byref(self._error),
            )
        )
        fib = wasmtime.Instance._from_raw(instance).exports(self._store)["fib"]
        assert isinstance(fib, wasmtime.Func)
        return fib

    def _finish(self, future: object) -> None:
        """Poll until the call has ended, keeping every promise in between."""
        while not ffi.wasmtime_call_future_poll(future):
            self._kept = True
        ffi.wasmtime_call_future_delete(future)
        if self._error:
            raise KernelscopeError(f"wasmtime: {wasmtime.WasmtimeError._from_ptr(self._error)}")
        if self._trap:
            raise KernelscopeError(f"trap: {wasmtime.Trap._from_ptr(self._trap).message}")

    def time(self, repeats: int) -> float:
        arguments: Any = (ffi.wasmtime_val_t * 1)()
        results: Any = (ffi.wasmtime_val_t * 1)()
        start = time.perf_counter()
        for _ in range(repeats):
            arguments[0].kind, arguments[0].of.i32 = 0, self._n
            self._finish(
                ffi.wasmtime_func_call_async(
                    self._store._context(),
                    ctypes.byref(self._fib._func),
                    arguments,
                    1,
                    results,
                    1,
                    ctypes.byref(self._trap),
                    ctypes.byref(self._error),
                )
            )
            self._answer = float(results[0].of.i32)
        return time.perf_counter() - start

    def close(self) -> None:
        self._store.close()
