"""Suspending a module by JavaScript Promise Integration: its import returns a promise, its export another."""

import time
from collections.abc import Mapping

import numpy as np

from app.core.measurement import Costs
from app.core.program import Program
from app.engines.v8.context import Context
from app.engines.wasm.assemble import assemble

LONGEST_SECONDS = 60.0

_ADD = "{kernelscope: {add: new WebAssembly.Suspending((a, b) => Promise.resolve(a + b))}}"


class JspiKernel:
    """promiseFib, whose every addition awaits a promise; the loop over runs is JavaScript's."""

    timer = "wall clock over a batch, loop inside JavaScript"

    def __init__(self, program: Program) -> None:
        self._context = Context()
        try:
            start = time.perf_counter()
            binary = assemble(program.source)
            self._context.instantiate(binary, _ADD)
            n = int(program.layout.scalars["n"])
            self._context.eval(
                "globalThis.fib = WebAssembly.promising(e.fib); globalThis.go = async repeats => "
                f"{{ let sum; for (let i = 0; i < repeats; i++) sum = await fib({n}); return sum }}; 0"
            )
            compiled = time.perf_counter()
            self._answer = float("nan")
            self.costs = Costs(compiled - start, 0.0, self.time(1), module_bytes=len(binary))
        except BaseException:
            self.close()
            raise

    def time(self, repeats: int) -> float:
        start = time.perf_counter()
        promise = self._context.eval(f"go({repeats})")
        self._answer = float(promise.get(timeout=LONGEST_SECONDS))
        return time.perf_counter() - start

    def load(self, buffers: Mapping[str, np.ndarray]) -> None:
        """Nothing: its operand is a number."""

    def poison(self) -> None:
        self._answer = float("nan")

    def result(self) -> np.ndarray:
        return np.array([self._answer], np.float32)

    def close(self) -> None:
        self._context.close()
