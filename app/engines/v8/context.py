"""A JavaScript context of its own for each module, with the errors of V8 as ours."""

from collections.abc import Callable
from contextlib import closing
from functools import cache, cached_property
from types import TracebackType
from typing import Any, Self

import numpy as np
from py_mini_racer import JSEvalException, JSOOMException, MiniRacer

from app.core.errors import KernelError, KernelscopeError, LimitError
from app.engines.v8.clock import Clock, clock_of, threads
from app.engines.wasm.places import THROWN, words_of_trap


class Trapped(KernelscopeError):
    """A trap; ``told`` is what V8 says of it, with the places of the calls."""

    def __init__(self, told: str) -> None:
        super().__init__(f"trap: {words_of_trap(told)}")
        self.told = told


class Context:
    """An isolate with one module; closing it gives everything back, the linear memory too."""

    def __init__(self) -> None:
        self._before = threads()
        self._racer = MiniRacer()

    @cached_property
    def clock(self) -> Clock:
        """The clock that tells the time of what is evaluated."""
        return clock_of(self._racer.eval, self._before)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def eval(self, text: str) -> Any:
        """The value of ``text``.

        Raises:
            KernelError: a module does not compile or link.
            LimitError: there is not enough memory.
            Trapped: a trap.
            KernelscopeError: anything else that JavaScript throws.
        """
        try:
            return self._racer.eval(text)
        except JSOOMException as error:
            raise LimitError(f"V8: {error}") from error
        except JSEvalException as error:
            raise _ours(str(error)) from error

    def instantiate(
        self, binary: bytes, imports: str = "{}", compiled: Callable[[], None] = lambda: None
    ) -> None:
        """Compile ``binary``; its exports are ``e`` in what is evaluated next.

        ``compiled`` hears when a function that starts by itself may run.
        """
        self._compile(binary)
        compiled()
        self.eval(f"globalThis.e = new WebAssembly.Instance(m, {imports}).exports; 0")

    def around(self, binary: bytes, name: str) -> str:
        """Compile ``binary``, which imports exports of ``e`` from ``name``; an expression for its exports."""
        self._compile(binary)
        return f"new WebAssembly.Instance(m, {{{name}: e}}).exports"

    def _compile(self, binary: bytes) -> None:
        buffer = self.eval(f"globalThis.bytes = new ArrayBuffer({len(binary)}); bytes")
        buffer[:] = binary
        self.eval("globalThis.m = new WebAssembly.Module(bytes); 0")

    def memory(self) -> np.ndarray:
        """The exported memory's bytes, without a copy; growing detaches it."""
        return np.frombuffer(self.eval("e.memory.buffer"), np.uint8)

    def close(self) -> None:
        self._racer.close()


@cache
def v8_version() -> str:
    """V8's own version, such as 14.4.258.23."""
    with closing(MiniRacer()) as racer:
        return str(racer.v8_version)


def _ours(text: str) -> KernelscopeError:
    """V8's message without its place in a text that nobody wrote, as the error that fits."""
    if any(words in text for words in ("RuntimeError: ", "Maximum call stack", THROWN)):
        return Trapped(text)
    for kind, ours in (
        ("CompileError: ", KernelError),
        ("LinkError: ", KernelError),
        ("TypeError: ", KernelError),
        ("RangeError: ", LimitError),
    ):
        if kind in text:
            message = text.split(kind, 1)[1].splitlines()[0]
            return ours(f"V8: {message}")
    return KernelscopeError(f"V8: {text.strip().splitlines()[0]}")
