"""Calling ``run`` from Python as cheaply as it goes."""

import ctypes
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import wasmtime
from wasmtime import _ffi as ffi

from app.core.errors import KernelError, KernelscopeError


class Trapped(KernelscopeError):
    """A trap as wasmtime tells it, in many lines."""


class Call:
    """``run``, or an export of another ``name``, through the unchecked call path.

    That takes about 1 us, where a checked call takes 65.

    The arguments' types are checked once, here, against the function's own type.
    """

    def __init__(
        self,
        store: wasmtime.Store,
        run: wasmtime.Func,
        arguments: Sequence[int | float],
        name: str = "run",
    ) -> None:
        types = [str(param) for param in run.type(store).params]
        # Addresses and counts are as wide as the memory's: all i32, or all i64.
        self._count = types[0] if types and types[0] == "i64" else "i32"
        expected = [self._count] + ["f32" if isinstance(value, float) else self._count for value in arguments]
        if types != expected:
            raise KernelError(
                f"{name!r} takes ({', '.join(types)}), but the layout gives ({', '.join(expected)})"
            )
        self._raw = (ffi.wasmtime_val_raw_t * len(expected))()
        for slot, value in zip(list(self._raw)[1:], arguments, strict=True):
            setattr(slot, "f32" if isinstance(value, float) else self._count, value)
        self._store, self._run = store, run
        self._context = store._context()

    def __call__(self, repeats: int) -> float:
        """Seconds that ``repeats`` runs took.

        Raises:
            Trapped: a trap.
        """
        setattr(self._raw[0], self._count, repeats)
        trap = ctypes.POINTER(ffi.wasm_trap_t)()
        start = time.perf_counter()
        error = ffi.wasmtime_func_call_unchecked(
            self._context, ctypes.byref(self._run._func), self._raw, len(self._raw), ctypes.byref(trap)
        )
        seconds = time.perf_counter() - start
        if error:
            raise KernelscopeError(f"wasmtime: {wasmtime.WasmtimeError._from_ptr(error)}")
        if trap:
            raise Trapped(wasmtime.Trap._from_ptr(trap).message)
        return seconds


class Team:
    """Several calls at once, each on a thread of its own; Python's lock is free while they run."""

    def __init__(self, calls: Sequence[Call]) -> None:
        self._first, *self._others = calls
        self._pool = ThreadPoolExecutor(len(self._others)) if self._others else None

    def __call__(self, repeats: int) -> float:
        """Seconds until the last has ended.

        Raises:
            KernelscopeError: a trap in any of them.
        """
        if self._pool is None:
            return self._first(repeats)
        start = time.perf_counter()
        errors: list[KernelscopeError] = []
        running = [self._pool.submit(_try, call, repeats, errors) for call in self._others]
        _try(self._first, repeats, errors)
        for other in running:
            other.result()
        seconds = time.perf_counter() - start
        if errors:
            raise errors[0]  # the later ones only waited for a thread that had trapped
        return seconds

    def close(self) -> None:
        """End the threads."""
        if self._pool is not None:
            self._pool.shutdown()


def _try(call: Call, repeats: int, errors: list[KernelscopeError]) -> None:
    try:
        call(repeats)
    except KernelscopeError as error:
        errors.append(error)
