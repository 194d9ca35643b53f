"""The two kinds of memory a program may run on: an instance's own, or one that several instances share."""

import ctypes
from functools import cache

import numpy as np
import wasmtime
from wasmtime import _ffi as ffi

from app.core.errors import LimitError
from app.engines.wasm.memory import PAGE, PAGES_32
from app.system import address_limit


class OwnMemory:
    """The memory that an instance exports."""

    def __init__(self, store: wasmtime.Store, memory: wasmtime.Memory) -> None:
        self._store, self._memory = store, memory
        self.is_64 = memory.type(store).is_64

    def grow(self, pages: int) -> None:
        """Have at least so many pages.

        Raises:
            LimitError: there are not as many.
        """
        missing = pages - self._memory.size(self._store)
        if missing > 0:
            try:
                self._memory.grow(self._store, missing)
            except wasmtime.WasmtimeError as error:
                raise LimitError(f"no memory for {pages * PAGE >> 20} MiB of operands: {error}") from error

    def view(self) -> np.ndarray:
        """The memory's bytes without a copy; taken anew each time, because growing may move it."""
        address = ctypes.addressof(self._memory.data_ptr(self._store).contents)
        return _bytes_at(address, self._memory.data_len(self._store))


class Shared(wasmtime.SharedMemory):
    """wasmtime-py 50 hands its C library a pointer to the pointer in these two places."""

    def size(self) -> int:
        return int(ffi.wasmtime_sharedmemory_size(self.ptr()))

    def _as_extern(self) -> ffi.wasmtime_extern_t:
        union = ffi.wasmtime_extern_union(sharedmemory=self.ptr())
        return ffi.wasmtime_extern_t(ffi.WASMTIME_EXTERN_SHAREDMEMORY, union)


class SharedPages:
    """A memory for several instances; it reserves 4 GiB of addresses and grows in place."""

    is_64 = False

    def __init__(self, engine: wasmtime.Engine) -> None:
        self.memory = Shared(engine, wasmtime.MemoryType(wasmtime.Limits(1, PAGES_32), shared=True))

    def grow(self, pages: int) -> None:
        """Have at least so many pages.

        Raises:
            LimitError: there are not as many.
        """
        missing = pages - self.memory.size()
        if missing > 0:
            try:
                self.memory.grow(missing)
            except wasmtime.WasmtimeError as error:
                raise LimitError(f"no shared memory for {pages * PAGE >> 20} MiB: {error}") from error

    def view(self) -> np.ndarray:
        """The memory's bytes without a copy."""
        address = ctypes.addressof(self.memory.data_ptr().contents)
        return _bytes_at(address, self.memory.data_len())


def _bytes_at(address: int, size: int) -> np.ndarray:
    return np.ctypeslib.as_array((ctypes.c_uint8 * size).from_address(address))


_TWO = """(module (import "kernelscope" "memory" (memory 1 65536 shared))
  (func (export "run") (result i32) (i32.atomic.rmw.add (i32.const 8) (i32.const 1))))"""


@cache
def why_no_sharing() -> str:
    """Why instances cannot share a memory here, found by trying; empty when they can."""
    config = wasmtime.Config()
    config.shared_memory = True
    engine = wasmtime.Engine(config)
    try:
        shared = SharedPages(engine)
        shared.grow(3)
        if shared.memory.size() != 3 or len(shared.view()) != 3 * PAGE:
            return "a shared memory tells a wrong size"
        shared.view()[8] = 40
        module = wasmtime.Module(engine, bytes(wasmtime.wat2wasm(_TWO)))
        for _ in range(2):
            store = wasmtime.Store(engine)
            run = wasmtime.Instance(store, module, [shared.memory]).exports(store)["run"]
            assert isinstance(run, wasmtime.Func)
            run(store)
        return "" if shared.view()[8] == 42 else "two instances did not see one memory"
    except (wasmtime.WasmtimeError, wasmtime.Trap, TypeError) as error:
        return no_addresses(error) if "mmap" in str(error) else str(error).strip().splitlines()[0]


def no_addresses(error: Exception) -> str:
    """What to say where wasmtime could not reserve the addresses of a memory, and why if that is known."""
    words = f"no memory can be reserved: {str(error).strip().splitlines()[0]}"
    return "; ".join(filter(None, (words, address_limit())))
