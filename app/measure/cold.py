"""Cold operands: so many copies that, by the time one comes up again, no cache holds it.

A kernel that runs over the same operands again and again finds small ones in a cache, and may look faster
than the memory that real weights come from. So runs take copies in turn whose bytes together are four times
what the caches hold: what the curve of ceilings shows (``Ceilings.cache``), or else what the system tells of
a CPU and ``GPU_CACHE`` for a GPU, for no interface tells its own.
"""

import functools
from pathlib import Path

from app.core.errors import LimitError
from app.core.program import Program
from app.core.target import Runtime, Target
from app.system import free_memory

BEYOND = 4
"""So many times the caches is memory, whatever they keep of it."""

GPU_CACHE = 128 << 20
"""Bytes of a GPU's cache where nobody has measured it: few have more."""

CPU_CACHE = 64 << 20
"""Bytes of a CPU's caches where the system does not tell."""

MOST = {Runtime.WGSL: 1 << 12, Runtime.WASM: 1 << 16, Runtime.NUMPY: 1 << 16}
MOST_CALLS = 1 << 8
"""Copies: a GPU needs buffers and bindings for each; of other libraries, ``MOST_CALLS``: each is a model."""


def copies(target: Target, program: Program, cache: int = 0) -> int:
    """How many copies of the operands make them cold on ``target``; one where they are large by themselves.

    ``cache`` is how many bytes its caches were found to hold; 0 where nobody knows. A CPU's system may know
    of more.

    Raises:
        LimitError: there are no operands, or not room for so many.
    """
    size = program.layout.operand_bytes
    if not size or program.operation:
        raise LimitError("it has no operands in memory that caches could hold")
    needed = BEYOND * (max(cache, last_level_caches()) if target.is_cpu else cache or GPU_CACHE)
    count = -(-needed // size)
    most = MOST.get(target.runtime, MOST_CALLS)
    if count > most:
        raise LimitError(
            f"too small to bypass caches: {needed >> 20} MiB would take {count} copies; {most} is the limit"
        )
    free = free_memory()
    if target.is_cpu and count * size > free // 2:
        raise LimitError(
            f"bypassing caches needs {count * size >> 20} MiB of memory; "
            f"{free >> 20} MiB are free, half for them"
        )
    return count


@functools.cache
def last_level_caches() -> int:
    """Bytes of this machine's last-level caches together; ``CPU_CACHE`` where the system does not tell."""
    found: dict[tuple[int, str], int] = {}
    for folder in Path("/sys/devices/system/cpu").glob("cpu[0-9]*/cache/index[0-9]*"):
        try:
            level, size, shared = (
                (folder / name).read_text().strip() for name in ("level", "size", "shared_cpu_list")
            )
            found[int(level), shared] = int(size.removesuffix("K")) << 10
        except (OSError, ValueError):
            continue
    last = max((level for level, _ in found), default=0)
    return sum(size for (level, _), size in found.items() if level == last) or CPU_CACHE
