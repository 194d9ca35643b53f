"""Limits come first: what a case takes up follows from its shape, and is refused before anything is made."""

from math import prod

from app.core.errors import LimitError
from app.core.program import Program
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.core.workload import BYTES_PER_ELEMENT, Workload
from app.engines.limits import check_gpu
from app.engines.wasm.assemble import assemble
from app.engines.wasm.memory import place
from app.engines.wasm.module import facts
from app.figures import units
from app.system import free_memory

SHARE = 0.9
"""The share of the free memory that operands may take: the rest of the machine goes on."""

WIDE = 8
"""Bytes of a float64."""


def check(target: Target, workload: Workload, shape: Shape, storage: str, program: Program) -> None:
    """Refuse ``program``, laid out as a sketch, where ``target`` or this machine's memory has no room for it.

    ``storage`` is the type of the operands in memory.

    Raises:
        LimitError: naming the limit and what is asked of it.
        KernelError: a module does not assemble, so that nobody can tell how much memory is its own.
    """
    own = 0
    if target.runtime is Runtime.WGSL:
        check_gpu(program, target.limits)
    elif target.runtime is Runtime.WASM:
        own = facts(assemble(program.source)).own
        base = int(program.parameters.get("base_gib", 0)) << 30
        place(program.layout, "memory64" in program.requires, max(base, own), program.copies)
    needed, free = own + memory(target, workload, shape, storage, program), free_memory()
    if needed > SHARE * free:
        raise LimitError(f"needs {units.bytes_(needed)} of memory; {units.bytes_(free)} are free")


def memory(target: Target, workload: Workload, shape: Shape, storage: str, program: Program) -> int:
    """The most bytes of this machine's memory that a case has in use at a time, but for a module's own.

    The operands in float32 stay. Beside them there are, one after the other, what makes them and takes their
    magnitudes (as much again), then the operands as stored with their exact values for the reference, then
    what the engine has of them: all copies where it works in this memory, else one on its way to the device.
    """
    layout = program.layout
    counts = [prod(one) for one in workload.operand_shapes(shape)]
    operands = 4 * sum(counts)
    stored = 0 if target.runtime is Runtime.NUMPY else layout.operand_bytes
    exact = WIDE * sum(counts) if BYTES_PER_ELEMENT[storage] < 2 else 0
    here = program.copies if target.is_cpu or target.engine == "browser" else 1
    copies = here - 1 if target.runtime is Runtime.NUMPY else here
    engine = copies * layout.operand_bytes + sum(layout.scratch.values())
    results = 5 * WIDE * max(int(workload.bytes(shape, 0.0)), layout.output_bytes) // 4
    return operands + results + max(operands, stored + max(exact, engine))
