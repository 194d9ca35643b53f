"""Running modules in V8: compile, fill the memory through a NumPy view, wait for the optimiser, time."""

import time
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np

from app.core.errors import KernelError, LimitError
from app.core.measurement import Costs
from app.core.program import FIRST_RUN, Program
from app.core.variant import Operation
from app.engines import Kernel
from app.engines.v8.clock import overhead
from app.engines.v8.context import Context, Trapped
from app.engines.v8.jspi import JspiKernel
from app.engines.wasm.assemble import assemble
from app.engines.wasm.calls import MODULE, Called, around, called
from app.engines.wasm.memory import PAGE, fill, operand, output, place
from app.engines.wasm.module import check_imports, facts
from app.engines.wasm.places import located, trapped
from app.engines.wasm.transfer import TransferKernel

WARM_SECONDS = 0.1
"""TurboFan works in the background: it gets at least this long ..."""

LONGEST_WARM_SECONDS = 2.0
"""... and at most this long, while calls still become faster."""

STEADY_CALLS = 4

MOST_REPEATS = 1 << 20

_SHORTEST = 1e-9


CALL_JITTER = 15e-6
"""Seconds: a call costs V8's thread 28 us while calls follow each other, and 54 us where it had slept."""


class V8Kernel:
    """One instance with its operands in memory."""

    call_jitter = CALL_JITTER

    def __init__(self, program: Program, warm: bool = True) -> None:
        self._layout = program.layout
        self._context = Context()
        clock = self._context.clock
        self.timer, self._read, self.one_thread = clock.name, clock.read, clock.thread > 0
        self.cpu = clock.read if clock.thread else time.process_time
        try:
            self._prepare(program, warm)
        except BaseException:
            self.close()
            raise

    def _prepare(self, program: Program, warm: bool) -> None:
        context, layout = self._context, program.layout
        wide = "memory64" in program.requires
        start = time.perf_counter()
        self._source, binary = program.source, assemble(program.source)
        found = facts(binary)
        check_imports(found)
        try:
            context.instantiate(binary, compiled=lambda: program.started(FIRST_RUN))
        except Trapped as trap:
            raise trapped(trap.told, program.source, binary) from trap
        except KernelError as error:
            raise located(error, program.source, binary) from error
        compiled = time.perf_counter()
        run = "true" if layout.steps else "typeof e.run === 'function'"
        if context.eval(f"e.memory instanceof WebAssembly.Memory && {run}") is not True:
            raise KernelError("the module must export a memory 'memory' and a function 'run'")
        base = max(int(program.parameters.get("base_gib", 0)) << 30, found.own)
        self._places = place(layout, wide, base, program.copies)
        self._grow(self._places.pages, "n" if wide else "")
        self._memory = context.memory()
        self.load(layout.buffers)
        uploaded = time.perf_counter()
        self._calls = called(program, self._places)
        self._wide = wide
        for call in self._calls:
            self._check(call)
        context.eval(f"globalThis.go = {self._function(self._calls)}; 0")
        self._overhead = overhead()
        first = self.time(1)
        self.costs = Costs(
            compiled - start, uploaded - compiled, first, self._warm() if warm else 0.0, len(binary)
        )

    def _check(self, call: Called) -> None:
        """Refuse an export that is none, or takes another number of arguments."""
        if self._context.eval(f"typeof e.{call.entry} === 'function'") is not True:
            raise KernelError(f"the module must export a function {call.entry!r}")
        if (takes := self._context.eval(f"e.{call.entry}.length")) != len(call.arguments) + 1:
            gives = len(call.arguments) + 1
            raise KernelError(f"{call.entry!r} takes {takes} arguments, but the layout gives {gives}")

    def _function(self, calls: Sequence[Called]) -> str:
        """JavaScript of a function that makes all ``calls`` so often; several by a module around them."""
        count = "BigInt(repeats)" if self._wide else "repeats"
        if len(calls) == 1 and self._places.copies == 1:
            whole = "n" if self._wide else ""
            words = (repr(value) + whole * isinstance(value, int) for value in calls[0].arguments)
            return f"repeats => {{ e.{calls[0].entry}({', '.join((count, *words))}) }}"
        text = around(calls, self._places, "i64" if self._wide else "i32")
        module = self._context.around(assemble(text), MODULE)
        return f"(run => repeats => {{ run({count}) }})({module}.run)"

    def _grow(self, pages: int, suffix: str) -> None:
        missing = pages - int(self._context.eval("e.memory.buffer.byteLength")) // PAGE
        if missing > 0:
            try:
                self._context.eval(f"e.memory.grow({missing}{suffix}); 0")
            except LimitError as error:
                raise LimitError(f"no memory for {pages * PAGE >> 20} MiB of operands: {error}") from error

    def _warm(self) -> float:
        """Call until calls become no faster, while V8 replaces Liftoff's code; the seconds it took."""
        start = time.perf_counter()
        repeats, steady, best = 1, 0, float("inf")
        while (elapsed := time.perf_counter() - start) < LONGEST_WARM_SECONDS:
            if steady >= STEADY_CALLS and elapsed > WARM_SECONDS:
                break
            seconds = self.time(repeats)
            steady = steady + 1 if seconds / repeats > 0.95 * best else 0
            best = min(best, seconds / repeats)
            if seconds < WARM_SECONDS / 20 and repeats < MOST_REPEATS:
                repeats *= 2
        return time.perf_counter() - start

    def time(self, repeats: int) -> float:
        return self._timed("go", repeats)

    def parts(self, repeats: int) -> tuple[float, ...]:
        """Seconds of ``repeats`` calls of each step, one step after the other."""
        return tuple(self._timed(f"({self._function([call])})", repeats) for call in self._calls)

    def _timed(self, function: str, repeats: int) -> float:
        self._context.clock.bring_here()
        start = self._read()
        try:
            self._context.eval(f"{function}({repeats})")
        except Trapped as trap:
            raise trapped(trap.told, self._source, assemble(self._source)) from trap
        return max(self._read() - start - self._overhead, _SHORTEST)

    def load(self, buffers: Mapping[str, np.ndarray]) -> None:
        fill(self._memory, self._layout, self._places, buffers)

    def poison(self) -> None:
        output(self._memory, self._layout, self._places).view(np.uint8)[:] = 0xFF

    def result(self) -> np.ndarray:
        return output(self._memory, self._layout, self._places).copy()

    def operand(self) -> np.ndarray:
        """The bytes of the first buffer in the module's memory: a view."""
        return operand(self._memory, self._layout, self._places)

    def close(self) -> None:
        self._memory = np.empty(0, np.uint8)
        self._context.close()


class V8Device:
    """The one device of V8: this CPU."""

    def prepare(self, program: Program) -> Kernel:
        if program.operation is Operation.JSPI:
            return JspiKernel(program)
        if program.operation:
            return TransferKernel(program, partial(V8Kernel, warm=False))
        return V8Kernel(program)
