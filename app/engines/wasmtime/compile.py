"""Compiled modules from texts: one wasmtime engine per configuration, shared by all programs."""

from functools import cache, lru_cache
from typing import NamedTuple

import wasmtime

from app.core.errors import KernelError
from app.core.variant import Parameters
from app.engines.wasm.assemble import assemble
from app.engines.wasm.places import located
from app.engines.wasmtime.cache import Compiled, compiled

DEFAULT_OPT_LEVEL = "speed"


class Configuration(NamedTuple):
    """What makes one wasmtime engine differ from another.

    At the level ``none`` Cranelift keeps instructions in the order of the text, which a hand-ordered kernel
    may prefer; at ``speed`` it moves loads up and may run out of registers.
    """

    opt_level: str
    shared_memory: bool


def configuration_for(parameters: Parameters) -> Configuration:
    """What a program's parameters ask for: ``opt_level``, and shared memory where there are ``threads``."""
    return Configuration(str(parameters.get("opt_level", DEFAULT_OPT_LEVEL)), "threads" in parameters)


@cache
def engine_for(configuration: Configuration) -> wasmtime.Engine:
    """The engine of that configuration, made once.

    Raises:
        KernelError: wasmtime knows no such level.
    """
    config = wasmtime.Config()
    try:
        config.cranelift_opt_level = configuration.opt_level
    except wasmtime.WasmtimeError as error:
        raise KernelError(f"opt_level {configuration.opt_level!r}: {error}") from error
    config.shared_memory = configuration.shared_memory
    return wasmtime.Engine(config)


@lru_cache(maxsize=2)
def compile_text(configuration: Configuration, source: str) -> Compiled:
    """Assemble and compile ``source``, or take it from the cache.

    What was asked for last is remembered, with its rotation: a first touch instantiates it again and again.

    Raises:
        KernelError: with the line and column of the text where the assembler named them.
    """
    binary = assemble(source)
    try:
        return compiled(engine_for(configuration), binary, repr(configuration))
    except wasmtime.WasmtimeError as error:
        lines = str(error).strip().splitlines()
        words = ": ".join(dict.fromkeys((lines[0], lines[-1].strip())))
        raise located(KernelError(words), source, binary) from error
