"""What an engine's compiler made of a kernel, for the session to keep: read once its samples are taken."""

import logging
from functools import lru_cache

from app.core.code import Summary, summary

log = logging.getLogger(__name__)

WASMTIME = "wasmtime"
"""The engine that hands out its machine code."""


def nobody_reads() -> Summary | None:
    """What is known of code that nobody can read."""
    return None


@lru_cache(maxsize=512)
def code_of(engine: str, source: str, parameters: tuple[tuple[str, int | str], ...]) -> Summary | None:
    """The hot loop of the text's hottest function; None where nothing here reads the engine's code."""
    if engine != WASMTIME:
        return None
    from app.core.errors import KernelscopeError

    try:
        from app.compiled.wasm import codes
        from app.engines.wasmtime import VERSION

        hot = max(codes(source, dict(parameters)), key=lambda code: code.multiply_adds)
    except KernelscopeError:
        return None
    except Exception:
        log.exception("the machine code could not be read")  # what was measured stands without it
        return None
    return summary(hot, f"wasmtime {VERSION}")
