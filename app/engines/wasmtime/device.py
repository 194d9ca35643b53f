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
from app.engines.wasm.memory import MODULE, NAME, fill, operand, output, place
from app.engines.wasm.module import check_imports, facts
from app.engines.wasm.places import trapped
from app.engines.wasm.rotation import rotating
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
        runs = [exports.get("run") for exports in instances]
        start = time.perf_counter()
        self._memory = shared or self._own_memory(instances[0].get("memory"))
        base = max(int(program.parameters.get("base_gib", 0)) << 30, found.own)
        self._places = place(layout, self._memory.is_64, base, program.copies)
        self._memory.grow(self._places.pages)
        self.load(layout.buffers)
        uploaded = time.perf_counter() - start
        arguments = [*self._places.pointers, *layout.scalars.values()]
        calls = []
        for number, (store, run) in enumerate(zip(self._stores, runs, strict=True)):
            if not isinstance(run, wasmtime.Func):
                raise KernelError(EXPORTS)
            turning = run if program.copies == 1 else self._rotating(configuration, store, run)
            calls.append(Call(store, turning, [*arguments, number, threads] if shared else arguments))
        self._team = Team(calls)
        self.one_thread = threads == 1
        self.cpu = time.thread_time if self.one_thread else time.process_time
        self.costs = Costs(
            compiled.seconds, uploaded, self.time(1), module_bytes=compiled.size, code_bytes=compiled.code
        )

    def _rotating(
        self, configuration: Configuration, store: wasmtime.Store, run: wasmtime.Func
    ) -> wasmtime.Func:
        """``run`` in a module around it that takes the copies of the operands in turn."""
        types = [str(type) for type in run.type(store).params]
        text = rotating(types, len(self._layout.buffers), self._places)
        module = compile_text(configuration, text).module
        found = wasmtime.Instance(store, module, [run]).exports(store)["run"]
        assert isinstance(found, wasmtime.Func)
        return found

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
        try:
            return self._team(repeats)
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
