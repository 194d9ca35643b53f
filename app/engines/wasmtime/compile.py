"""From text to a compiled module: one wasmtime engine per configuration, shared by all programs."""

from functools import cache

import wasmtime

from app.core.errors import KernelError
from app.core.variant import Parameters
from app.engines.wasm.assemble import assemble

DEFAULT_OPT_LEVEL = "speed"


def engine_for(parameters: Parameters) -> wasmtime.Engine:
    """The engine for a program's ``opt_level`` (``none``, ``speed`` or ``speed_and_size``).

    At ``none`` Cranelift keeps instructions in the order of the text, which a hand-ordered kernel may
    prefer; at ``speed`` it moves loads up and may run out of registers.
    """
    return _engine(str(parameters.get("opt_level", DEFAULT_OPT_LEVEL)))


@cache
def _engine(opt_level: str) -> wasmtime.Engine:
    config = wasmtime.Config()
    try:
        config.cranelift_opt_level = opt_level
    except wasmtime.WasmtimeError as error:
        raise KernelError(f"opt_level {opt_level!r}: {error}") from error
    return wasmtime.Engine(config)


def compile_text(engine: wasmtime.Engine, source: str) -> wasmtime.Module:
    """Assemble and compile ``source``.

    Raises:
        KernelError: with the line and column of the text where the assembler named them.
    """
    binary = assemble(source)
    try:
        return wasmtime.Module(engine, binary)
    except wasmtime.WasmtimeError as error:
        lines = str(error).strip().splitlines()
        raise KernelError(": ".join(dict.fromkeys((lines[0], lines[-1].strip())))) from error
