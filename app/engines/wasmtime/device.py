"""Running modules in wasmtime: compile, fill the memory through a NumPy view, call, time."""

import time
from collections.abc import Mapping

import numpy as np
import wasmtime

from app.core.errors import KernelError, LimitError, UnsupportedError
from app.core.measurement import Costs
from app.core.program import FIRST_RUN, Program
from app.core.variant import Operation
from app.engines import Kernel
from app.engines.wasm.assemble import assemble
from app.engines.wasm.calls import RUN, Called, around, called
from app.engines.wasm.memory import MODULE, NAME, fill, operand, output, place
from app.engines.wasm.module import check_imports, facts
from app.engines.wasm.places import trapped
from app.engines.wasm.transfer import TransferKernel
from app.engines.wasmtime.call import Call, Team, Trapped
from app.engines.wasmtime.compile import Configuration, compile_text, configuration_for, engine_for
from app.engines.wasmtime.fibers import FiberKernel
from app.engines.wasmtime.memories import OwnMemory, SharedPages, no_addresses, why_no_sharing

EXPORTS = "the module must export a memory 'memory' and a function 'run'"


class WasmKernel:
    """A program with its operands in memory: one instance, or one per thread over a shared memory."""

    timer = "wall clock over a batch, loop inside Wasm"

    def __init__(self, program: Program) -> None:
        self._layout = layout = program.layout
        configuration = configuration_for(program.parameters)
        engine = engine_for(configuration)
        threads = int(program.parameters.get("threads", 1))
        self._stores = [wasmtime.Store(engine) for _ in range(threads)]
        compiled = compile_text(configuration, program.source)
        self._source = program.source
        found = facts(assemble(program.source))
        check_imports(found, (MODULE, NAME) if configuration.shared_memory else None)
        shared = self._shared_memory(engine) if configuration.shared_memory else None
        imports = [shared.memory] if shared else []
        program.started(FIRST_RUN)
        try:
            instances = [
                wasmtime.Instance(store, compiled.module, imports).exports(store) for store in self._stores
            ]
        except wasmtime.Trap as trap:
            raise trapped(trap.message, program.source, assemble(program.source)) from trap
        except wasmtime.WasmtimeError as error:
            if "wasm backtrace" in str(error):
                raise trapped(str(error), program.source, assemble(program.source)) from error
            if "mmap" in str(error):
                raise LimitError(no_addresses(error)) from error
            raise KernelError(f"the module does not link: {error}") from error
        start = time.perf_counter()
        self._memory = shared or self._own_memory(instances[0].get("memory"))
        base = max(int(program.parameters.get("base_gib", 0)) << 30, found.own)
        self._places = place(layout, self._memory.is_64, base, program.copies)
        self._memory.grow(self._places.pages)
        self.load(layout.buffers)
        uploaded = time.perf_counter() - start
        self._calls = called(program, self._places)
        self._threads = threads if shared else 0
        self._exports = [
            {call.entry: self._function(exports, call.entry) for call in self._calls} for exports in instances
        ]
        self._team = self._whole(configuration)
        self.one_thread = threads == 1
        self.cpu = time.thread_time if self.one_thread else time.process_time
        self.costs = Costs(
            compiled.seconds, uploaded, self.time(1), module_bytes=compiled.size, code_bytes=compiled.code
        )

    @staticmethod
    def _function(exports: Mapping[str, object], name: str) -> wasmtime.Func:
        found = exports.get(name)
        if not isinstance(found, wasmtime.Func):
            raise KernelError(EXPORTS if name == RUN else f"the module must export a function {name!r}")
        return found

    def _alone(self, call: Called) -> list[Call]:
        """``call`` in each instance."""
        return [
            Call(store, exports[call.entry], [*call.arguments, *self._handed(number)], call.entry)
            for number, (store, exports) in enumerate(zip(self._stores, self._exports, strict=True))
        ]

    def _handed(self, number: int) -> list[int]:
        """What an instance is told of the team that it is one of."""
        return [number, self._threads] if self._threads else []

    def _whole(self, configuration: Configuration) -> Team:
        """A whole run: all that it calls, by a module around them where that is more than one call."""
        alone = [self._alone(call) for call in self._calls]  # each checks its arguments
        if len(alone) == 1 and self._places.copies == 1:
            return Team(alone[0])
        p = "i64" if self._memory.is_64 else "i32"
        text = around(self._calls, self._places, p, bool(self._threads))
        module = compile_text(configuration, text).module
        calls = []
        for number, (store, exports) in enumerate(zip(self._stores, self._exports, strict=True)):
            outer = wasmtime.Instance(store, module, list(exports.values())).exports(store)
            calls.append(Call(store, self._function(outer, RUN), self._handed(number)))
        return Team(calls)

    @staticmethod
    def _shared_memory(engine: wasmtime.Engine) -> SharedPages:
        if reason := why_no_sharing():
            raise UnsupportedError(f"wasmtime shares no memory here: {reason}")
        return SharedPages(engine)

    def _own_memory(self, memory: object) -> OwnMemory:
        if not isinstance(memory, wasmtime.Memory):
            raise KernelError(EXPORTS)
        return OwnMemory(self._stores[0], memory)

    def _output(self) -> np.ndarray:
        return output(self._memory.view(), self._layout, self._places)

    def time(self, repeats: int) -> float:
        return self._timed(self._team, repeats)

    def parts(self, repeats: int) -> tuple[float, ...]:
        """Seconds of ``repeats`` calls of each step, one step after the other."""
        seconds = []
        for call in self._calls:
            team = Team(self._alone(call))
            try:
                seconds.append(self._timed(team, repeats))
            finally:
                team.close()
        return tuple(seconds)

    def _timed(self, team: Team, repeats: int) -> float:
        try:
            return team(repeats)
        except Trapped as trap:
            raise trapped(str(trap), self._source, assemble(self._source)) from trap

    def load(self, buffers: Mapping[str, np.ndarray]) -> None:
        fill(self._memory.view(), self._layout, self._places, buffers)

    def poison(self) -> None:
        self._output().view(np.uint8)[:] = 0xFF

    def result(self) -> np.ndarray:
        return self._output().copy()

    def operand(self) -> np.ndarray:
        """The bytes of the first buffer in the module's memory: a view."""
        return operand(self._memory.view(), self._layout, self._places)

    def close(self) -> None:
        self._team.close()
        for store in self._stores:
            store.close()


class WasmDevice:
    """The one device of wasmtime: this CPU."""

    def prepare(self, program: Program) -> Kernel:
        if program.operation is Operation.FIBERS:
            return FiberKernel(program)
        if program.operation:
            return TransferKernel(program, WasmKernel)
        return WasmKernel(program)
