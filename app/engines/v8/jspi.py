"""Suspending a module by JavaScript Promise Integration: its import returns a promise, its export another."""

import time

from app.core.measurement import Costs
from app.core.program import Program
from app.engines.v8.context import Context
from app.engines.wasm.assemble import assemble
from app.engines.wasm.suspension import NumberKernel

LONGEST_SECONDS = 60.0

_ADD = "{kernelscope: {add: new WebAssembly.Suspending((a, b) => Promise.resolve(a + b))}}"


class JspiKernel(NumberKernel):
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
            self.costs = Costs(compiled - start, 0.0, self.time(1), module_bytes=len(binary))
        except BaseException:
            self.close()
            raise

    def time(self, repeats: int) -> float:
        start = time.perf_counter()
        promise = self._context.eval(f"go({repeats})")
        self._answer = float(promise.get(timeout=LONGEST_SECONDS))
        return time.perf_counter() - start

    def close(self) -> None:
        self._context.close()
